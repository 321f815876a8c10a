"""The calendar of periods: notices built in and imported, local days, years not announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.application import Channel
from services.disclosure.deadlines import ImpossibleDay
from services.disclosure.receipt_days import confirm_due, confirm_red_on, receipt_day, why_that_day
from services.disclosure.statutory_holidays import knows_lunar_festivals, statutory_holidays
from services.disclosure.work_calendar import HolidayYear, WorkCalendar, built_in, calendar_of
from services.work_calendar import CalendarDay, DayKind

D = date.fromisoformat
CALENDAR = built_in()


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=offset) for offset in range(365)]
    assert sum(map(CALENDAR.is_working, days)) == 248


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2025-09-28", DayKind.MAKE_UP),
        ("2025-10-08", DayKind.HOLIDAY),
        ("2026-02-28", DayKind.MAKE_UP),
        ("2027-01-01", DayKind.HOLIDAY),
        ("2027-01-02", DayKind.WEEKEND),
        ("2027-02-05", DayKind.HOLIDAY),
        ("2027-02-09", DayKind.WORKDAY),
        ("2027-04-05", DayKind.HOLIDAY),
        ("2027-10-03", DayKind.HOLIDAY),
        ("2027-10-04", DayKind.WORKDAY),
        ("2003-10-01", DayKind.HOLIDAY),
        ("2045-05-01", DayKind.HOLIDAY),
    ],
)
def test_what_sort_of_day_it_is(day: str, kind: DayKind) -> None:
    known = CALENDAR.day(D(day))
    assert known.kind is kind
    assert known.is_announced == (2004 <= D(day).year <= 2026)


def test_an_unannounced_year_has_the_thirteen_days_of_the_law() -> None:
    assert len(statutory_holidays(2027)) == 13
    assert knows_lunar_festivals(2027)
    assert not knows_lunar_festivals(2045)


NOTICE = HolidayYear(
    2027, {D("2026-12-31"): "元旦", D("2027-01-01"): "元旦"}, {D("2026-12-26"): "元旦"}
)


def test_a_notice_reaches_back_into_december() -> None:
    calendar = calendar_of([NOTICE])
    assert calendar.day(D("2026-12-31")) == CalendarDay(DayKind.HOLIDAY, "元旦")
    assert calendar.day(D("2026-12-26")) == CalendarDay(DayKind.MAKE_UP, "元旦")
    assert calendar.day(D("2026-12-30")).kind is DayKind.WORKDAY
    assert calendar.day(D("2027-05-03")) == CalendarDay(DayKind.WORKDAY)
    assert calendar.is_announced(2027)
    assert not calendar.is_announced(2028)


def test_local_days_come_over_everything_else() -> None:
    local = HolidayYear(2026, {D("2026-11-20"): "自治县成立纪念日"}, {D("2026-11-21"): "调休"})
    calendar = calendar_of([], [("agency:3", local)])
    assert not calendar.is_working(D("2026-11-20"))
    assert calendar.is_working(D("2026-11-21"))
    assert calendar.is_working(D("2026-11-23"))
    assert built_in().is_working(D("2026-11-20"))


def test_the_version_tells_calendars_apart_and_fits_its_column() -> None:
    many = [HolidayYear(year, {}, {}, version=12) for year in range(2027, 2045)]
    calendars = [
        built_in(), calendar_of([NOTICE]), calendar_of([HolidayYear(2027, {}, {}, 2)]),
        calendar_of([], [("agency:3", NOTICE)]), calendar_of(many), calendar_of(many[1:]),
    ]  # fmt: skip
    versions = [calendar.version for calendar in calendars]
    assert len(set(versions)) == len(versions)
    assert max(map(len, versions)) <= 64
    assert built_in().version == built_in().version


@pytest.mark.parametrize(
    ("channel", "confirmed", "at_once", "elsewhere", "day"),
    [
        pytest.param(Channel.COUNTER, None, True, False, "2026-01-03", id="a day off counts"),
        pytest.param(Channel.POST, None, True, False, "2026-01-03", id="signed for"),
        pytest.param(Channel.POST_UNSIGNED, None, True, False, None, id="not confirmed"),
        pytest.param(Channel.POST_UNSIGNED, "2026-01-04", True, False, "2026-01-04", id="letter"),
        pytest.param(Channel.ONLINE, "2026-01-04", False, False, "2026-01-04", id="both sides"),
        pytest.param(Channel.ONLINE, None, False, False, None, id="online, waiting"),
        pytest.param(Channel.ONLINE, "2026-01-04", True, False, "2026-01-03", id="at once"),
        pytest.param(Channel.FAX, None, True, False, None, id="a fax is always confirmed"),
        pytest.param(Channel.FAX, "2026-01-05", True, False, "2026-01-05", id="fax"),
        pytest.param(Channel.POST, None, True, True, None, id="reached another office"),
        pytest.param(Channel.POST, "2026-01-06", True, True, "2026-01-06", id="and then ours"),
    ],
)
def test_the_channel_decides_day_zero(
    channel: Channel, confirmed: str | None, at_once: bool, elsewhere: bool, day: str | None
) -> None:
    assert receipt_day(
        channel,
        D("2026-01-03"),
        confirmed and D(confirmed),  # type: ignore[arg-type]
        confirms_online_at_once=at_once,
        reached_another_office=elsewhere,
    ) == (day and D(day))
    assert "第三十一条" in why_that_day(channel, confirms_online_at_once=at_once)


def test_a_confirmation_before_the_letter_is_refused() -> None:
    with pytest.raises(ImpossibleDay):
        receipt_day(Channel.FAX, D("2026-01-05"), D("2026-01-04"))


def test_the_office_confirms_by_the_next_working_day() -> None:
    arrived = D("2026-01-03")
    assert confirm_due(Channel.ONLINE, arrived, CALENDAR) == D("2026-01-04")
    assert confirm_red_on(arrived, CALENDAR) == D("2026-01-05")
    assert confirm_due(Channel.POST_UNSIGNED, arrived, CALENDAR) == arrived


def test_a_calendar_without_notices_still_counts() -> None:
    assert WorkCalendar().is_working(D("2026-11-24"))
