"""Hours as a zone's row keeps them: read, checked and written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

import msgspec

from services.errors import Invalid
from services.opening_hours import HolidayRule, Hours, Season, Spans, Week

_MIDNIGHT = time(0)
_A_LEAP_YEAR = 2024


def read_hours(kept: dict[str, Any]) -> Hours:
    """Return the hours that a row keeps; an empty shape is hours that nobody has set."""
    return msgspec.convert(kept, Hours)


def written_hours(hours: Hours) -> dict[str, Any]:
    """Return hours as a row keeps them. Raises Invalid where they cannot be meant."""
    _check(hours)
    return dict(msgspec.to_builtins(hours))


def _check(hours: Hours) -> None:
    _check_week(hours.week, "平时")
    for season in hours.seasons:
        _check_season(season)
    _check_spans(hours.holiday_spans, "节假日")
    if hours.on_holidays is HolidayRule.SPECIAL and not hours.holiday_spans:
        raise _wrong("节假日另有时间，但没有写是几点到几点。")
    for single in hours.single_days:
        _check_spans(single.spans, f"{single.day}")
    _check_twice((single.day for single in hours.single_days), "这一天写了两次：{}。")


def _check_season(season: Season) -> None:
    for month_day in (season.first, season.last):
        try:
            date.fromisoformat(f"{_A_LEAP_YEAR}-{month_day}")
        except ValueError:
            raise _wrong(f"{season.name}：没有 {month_day} 这一天。") from None
    _check_week(season.week, season.name)


def _check_week(week: Week, where: str) -> None:
    for day, spans in zip("一二三四五六日", week, strict=True):
        _check_spans(spans, f"{where}星期{day}")


def _check_spans(spans: Spans, where: str) -> None:
    before: time | None = None
    for span in spans:
        closes_late = span.closes == _MIDNIGHT
        if not closes_late and span.closes <= span.opens:
            raise _wrong(f"{where}：关门时间应晚于开门时间。")
        if before is not None and (before == _MIDNIGHT or span.opens < before):
            raise _wrong(f"{where}：几段时间应从早到晚，互不重叠。")
        before = span.closes


def _check_twice(values: Iterable[date], sentence: str) -> None:
    seen: set[date] = set()
    for value in values:
        if value in seen:
            raise _wrong(sentence.format(value))
        seen.add(value)


def _wrong(sentence: str) -> Invalid:
    return Invalid("The hours cannot be meant.", sentence=sentence)
