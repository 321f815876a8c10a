"""The part of a zone's form that is about hours: lines to type, no script needed."""

from __future__ import annotations

from collections.abc import Iterator

from server.console.forms import Form
from services.errors import Invalid
from services.hours_text import (
    read_month_day,
    read_single_days,
    read_spans,
    single_day_line,
    spans_text,
)
from services.opening_hours import HolidayRule, Hours, MakeUpRule, Season, SingleDay, Spans, Week

SEASONS = 3
"""How many seasons the form has room for."""
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
HOLIDAY_CHOICES = (
    (HolidayRule.CLOSED.value, "不开放"),
    (HolidayRule.SPECIAL.value, "另有时间"),
    (HolidayRule.AS_USUAL.value, "照常开放"),
)
MAKE_UP_CHOICES = (
    (MakeUpRule.AS_WEEKDAY.value, "按工作日开放"),
    (MakeUpRule.AS_USUAL.value, "按星期六、星期日开放"),
    (MakeUpRule.SHUT.value, "不开放"),
)
_MOST_SINGLE_DAYS = 60


def hours_values(hours: Hours) -> dict[str, str]:
    """Return hours as the fields of the form."""
    values = dict(_week_values("week", hours.week))
    for number, season in enumerate(hours.seasons[:SEASONS]):
        values |= {
            f"season-{number}-name": season.name,
            f"season-{number}-first": season.first,
            f"season-{number}-last": season.last,
            **dict(_week_values(f"season-{number}-week", season.week)),
        }
    return values | {
        "on_holidays": hours.on_holidays.value,
        "holiday_spans": spans_text(hours.holiday_spans),
        "on_make_up_days": hours.on_make_up_days.value,
        "single_days": "\n".join(single_day_line(single) for single in hours.single_days),
    }


def _week_values(name: str, week: Week) -> Iterator[tuple[str, str]]:
    for number, spans in enumerate(week):
        yield f"{name}-{number}", spans_text(spans)


def read_hours_form(form: Form) -> Hours:
    """Return the hours that were typed; what cannot be read is noted as a mistake of its field."""
    return Hours(
        week=_week(form, "week"),
        seasons=tuple(season for n in range(SEASONS) if (season := _season(form, n))),
        on_holidays=form.choice("on_holidays", "节假日的安排", HolidayRule) or HolidayRule.CLOSED,
        holiday_spans=_spans(form, "holiday_spans"),
        on_make_up_days=form.choice("on_make_up_days", "调休上班日的安排", MakeUpRule)
        or MakeUpRule.AS_WEEKDAY,
        single_days=_single_days(form),
    )


def _single_days(form: Form) -> tuple[SingleDay, ...]:
    name = "single_days"
    try:
        lines = form.lines(name, "单独安排的日子", longest=120, most=_MOST_SINGLE_DAYS)
        return read_single_days(lines)
    except Invalid as wrong:
        form.errors[name] = wrong.sentence
        return ()


def _season(form: Form, number: int) -> Season | None:
    """Return a season, None where its name is left empty."""
    prefix = f"season-{number}"
    name = form.text(f"{prefix}-name", "时段名称", longest=20)
    if not name:
        return None
    return Season(
        name,
        _month_day(form, f"{prefix}-first"),
        _month_day(form, f"{prefix}-last"),
        _week(form, f"{prefix}-week"),
    )


def _week(form: Form, name: str) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        _spans(form, f"{name}-{number}") for number in range(7)
    )
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _spans(form: Form, name: str) -> Spans:
    try:
        return read_spans(form.raw(name))
    except Invalid as wrong:
        form.errors[name] = wrong.sentence
        return ()


def _month_day(form: Form, name: str) -> str:
    try:
        return read_month_day(form.raw(name))
    except Invalid as wrong:
        form.errors[name] = wrong.sentence
        return "01-01"
