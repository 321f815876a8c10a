"""Opening hours: a table with the reason of every row, and what holds for any hours at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.clock import ZONE
from services.errors import Invalid
from services.hours_keeping import read_hours, written_hours
from services.hours_text import read_single_days, read_spans, single_day_line, spans_text
from services.opening_hours import (
    NEVER,
    ClosedDays,
    HolidayRule,
    Hours,
    MakeUpRule,
    Season,
    SingleDay,
    Span,
    Spans,
    Timetable,
    Week,
    Why,
)
from services.opening_words import days_written, open_now
from services.work_calendar import DayKind, calendar_day


def spans(*written: str) -> Spans:
    """Return spans from 9:00-12:00."""
    return tuple(
        Span(*(time.fromisoformat(at.zfill(5)) for at in one.split("-"))) for one in written
    )


def office_week(*written: str) -> Week:
    day = spans(*written)
    return (day, day, day, day, day, (), ())


SUMMER = Season("夏季", "05-01", "09-30", office_week("9:00-12:00", "14:00-18:00"))
HALL = Hours(
    week=office_week("9:00-12:00", "13:30-17:00"),
    seasons=(SUMMER,),
    on_make_up_days=MakeUpRule.SHUT,
    single_days=(SingleDay(date(2026, 11, 30), (), "系统升级"),),
)
LIBRARY = Hours(
    week=((), *[spans("9:00-21:00")] * 6),
    on_holidays=HolidayRule.SPECIAL,
    holiday_spans=spans("10:00-16:00"),
    on_make_up_days=MakeUpRule.AS_USUAL,
)
WORKING_SATURDAYS = Hours(week=office_week("9:00-17:00"))
REPAIRS = ClosedDays(date(2026, 12, 1), date(2026, 12, 2), "设备检修")
HALL_TIMES = Timetable(HALL, (REPAIRS,))


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


@pytest.mark.parametrize(
    ("times", "day", "written", "why"),
    [
        pytest.param(HALL_TIMES, date(2026, 11, 24), "9:00—12:00、13:30—17:00", Why.USUAL,
                     id="an ordinary Tuesday in winter"),
        pytest.param(HALL_TIMES, date(2026, 4, 30), "9:00—12:00、13:30—17:00", Why.USUAL,
                     id="the day before summer hours"),
        pytest.param(HALL_TIMES, date(2026, 5, 6), "9:00—12:00、14:00—18:00", Why.SEASON,
                     id="summer hours, after the May holiday"),
        pytest.param(HALL_TIMES, date(2026, 5, 1), "不开放", Why.HOLIDAY,
                     id="a holiday counts before the season that begins with it"),
        pytest.param(HALL_TIMES, date(2026, 9, 30), "9:00—12:00、14:00—18:00", Why.SEASON,
                     id="the last day of summer hours"),
        pytest.param(HALL_TIMES, date(2026, 10, 1), "不开放", Why.HOLIDAY, id="National Day"),
        pytest.param(HALL_TIMES, date(2026, 10, 7), "不开放", Why.HOLIDAY,
                     id="a Wednesday off for National Day"),
        pytest.param(HALL_TIMES, date(2026, 10, 8), "9:00—12:00、13:30—17:00", Why.USUAL,
                     id="the first day after National Day"),
        pytest.param(HALL_TIMES, date(2026, 10, 10), "不开放", Why.MAKE_UP,
                     id="a Saturday worked in exchange while the hall is shut"),
        pytest.param(HALL_TIMES, date(2026, 10, 11), "不开放", Why.USUAL, id="a Sunday"),
        pytest.param(HALL_TIMES, date(2026, 11, 30), "不开放", Why.SINGLE_DAY, id="a single day"),
        pytest.param(HALL_TIMES, date(2026, 12, 2), "不开放", Why.CLOSURE, id="a closure"),
        pytest.param(HALL_TIMES, date(2026, 12, 3), "9:00—12:00、13:30—17:00", Why.USUAL,
                     id="the day after a closure"),
        pytest.param(Timetable(WORKING_SATURDAYS), date(2026, 10, 10), "9:00—17:00", Why.MAKE_UP,
                     id="a Saturday worked in exchange, by an office that works it"),
        pytest.param(Timetable(WORKING_SATURDAYS), date(2026, 9, 20), "9:00—17:00", Why.MAKE_UP,
                     id="a Sunday worked for National Day"),
        pytest.param(Timetable(LIBRARY), date(2026, 10, 1), "10:00—16:00", Why.HOLIDAY,
                     id="a library with hours on National Day (公共图书馆法 38)"),
        pytest.param(Timetable(LIBRARY), date(2026, 10, 10), "9:00—21:00", Why.USUAL,
                     id="a library is open on Saturdays anyway"),
        pytest.param(Timetable(LIBRARY), date(2026, 10, 12), "不开放", Why.USUAL,
                     id="a library that is shut on Mondays"),
        pytest.param(
            Timetable(Hours(office_week("9:00-17:00"),
                            (Season("寒假", "12-20", "02-28", office_week("10:00-15:00")),))),
            date(2024, 2, 29), "10:00—15:00", Why.SEASON,
            id="a season over New Year that ends with February, in a leap year"),
        pytest.param(
            Timetable(Hours(office_week("9:00-17:00"),
                            (Season("寒假", "12-20", "02-28", office_week("10:00-15:00")),))),
            date(2026, 12, 21), "10:00—15:00", Why.SEASON, id="the same season before New Year"),
        pytest.param(
            Timetable(Hours(office_week("9:00-17:00"),
                            (Season("寒假", "12-20", "02-28", office_week("10:00-15:00")),))),
            date(2026, 3, 2), "9:00—17:00", Why.USUAL, id="after it"),
    ],
)  # fmt: skip
def test_the_hours_of_a_day(times: Timetable, day: date, written: str, why: Why) -> None:
    assert (times.on(day).written, times.on(day).why) == (written, why)


@pytest.mark.parametrize(
    ("times", "now", "said"),
    [
        pytest.param(HALL_TIMES, at(date(2026, 11, 24), "14:00"), "现在开放，今天17:00关门。",
                     id="in the afternoon"),
        pytest.param(HALL_TIMES, at(date(2026, 11, 24), "10:00"),
                     "现在开放，12:00关门，今天13:30再开门。", id="before the midday break"),
        pytest.param(HALL_TIMES, at(date(2026, 11, 24), "12:00"),
                     "现在没有开放，今天13:30开门。", id="closing time is closed"),
        pytest.param(HALL_TIMES, at(date(2026, 11, 24), "17:00"),
                     "今天已经关门，明天9:00开门。", id="in the evening"),
        pytest.param(HALL_TIMES, at(date(2026, 11, 24), "08:59"),
                     "现在没有开放，今天9:00开门。", id="too early"),
        pytest.param(HALL_TIMES, at(date(2026, 10, 3), "11:00"),
                     "国庆节放假，10月8日9:00开门。", id="over National Day"),
        pytest.param(HALL_TIMES, at(date(2026, 10, 10), "11:00"),
                     "今天不开放，10月12日9:00开门。", id="a Saturday worked in exchange, shut"),
        pytest.param(HALL_TIMES, at(date(2026, 11, 30), "11:00"),
                     "因系统升级今天不开放，12月3日9:00开门。", id="a single day before a closure"),
        pytest.param(HALL_TIMES, at(date(2026, 12, 1), "11:00"),
                     "因设备检修暂停开放，12月3日9:00开门。", id="a closure"),
        pytest.param(HALL_TIMES, at(date(2026, 12, 31), "18:00"),
                     "今天已经关门，明天9:00开门。那一年的放假安排还没有公布，请以公告为准。",
                     id="the next year is not announced yet"),
        pytest.param(Timetable(Hours()), at(date(2026, 11, 24), "11:00"),
                     "开放时间没有登记，请先打电话问一问。", id="nobody has set any"),
        pytest.param(Timetable(Hours(week=office_week("20:00-00:00"))),
                     at(date(2026, 11, 24), "23:59"), "现在开放，今天24:00关门。", id="to midnight"),
        pytest.param(Timetable(Hours(week=office_week("20:00-00:00"))),
                     at(date(2026, 11, 24), "00:00"), "现在没有开放，今天20:00开门。",
                     id="midnight belongs to the day that begins"),
        pytest.param(Timetable(WORKING_SATURDAYS, (ClosedDays(date(2026, 1, 1), date(2027, 12, 31),
                                                              "搬迁"),)),
                     at(date(2026, 11, 24), "11:00"),
                     "因搬迁暂停开放，什么时候开门请打电话问一问。", id="closed for long"),
    ],
)  # fmt: skip
def test_what_is_said_now(times: Timetable, now: datetime, said: str) -> None:
    assert open_now(times, now) == said
    assert open_now(times, now.astimezone(UTC)) == said, "the moment counts, not its time zone"


def test_a_year_that_is_not_announced_is_provisional() -> None:
    day = Timetable(WORKING_SATURDAYS).on(date(2027, 10, 1))
    assert day.is_provisional
    assert day.written == "9:00—17:00", "only the day of the week is known"
    assert not Timetable(WORKING_SATURDAYS).on(date(2026, 10, 9)).is_provisional


@pytest.mark.parametrize(
    ("day", "kind", "festival"),
    [
        (date(2026, 2, 14), DayKind.MAKE_UP, "春节"),
        (date(2026, 2, 17), DayKind.HOLIDAY, "春节"),
        (date(2026, 6, 20), DayKind.HOLIDAY, "端午节"),
        (date(2026, 11, 28), DayKind.WEEKEND, ""),
        (date(2026, 11, 24), DayKind.WORKDAY, ""),
    ],
)
def test_the_yearly_notice(day: date, kind: DayKind, festival: str) -> None:
    assert (calendar_day(day).kind, calendar_day(day).festival) == (kind, festival)


def test_closures_ahead_are_those_not_over() -> None:
    later = ClosedDays(date(2027, 1, 5), date(2027, 1, 5), "培训")
    times = Timetable(HALL, (later, REPAIRS))
    assert times.closures_ahead(date(2026, 12, 2)) == [REPAIRS, later]
    assert times.closures_ahead(date(2026, 12, 3)) == [later]
    assert days_written(REPAIRS.first, REPAIRS.last) == "2026年12月1日至2日"


def test_a_week_begins_on_monday() -> None:
    week = HALL_TIMES.week_of(date(2026, 10, 11))
    assert [day.day for day in week] == [date(2026, 10, 5) + timedelta(n) for n in range(7)]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (Hours(week=office_week("12:00-9:00")), "平时星期一：关门时间应晚于开门时间。"),
        (Hours(week=office_week("9:00-9:00")), "关门时间应晚于开门时间"),
        (Hours(week=office_week("9:00-12:00", "11:00-13:00")), "互不重叠"),
        (Hours(week=office_week("13:00-17:00", "9:00-12:00")), "从早到晚"),
        (Hours(week=office_week("9:00-00:00", "10:00-12:00")), "从早到晚"),
        (Hours(seasons=(Season("夏季", "02-30", "09-30", NEVER),)), "没有 02-30 这一天"),
        (Hours(on_holidays=HolidayRule.SPECIAL), "没有写是几点到几点"),
        (Hours(single_days=(SingleDay(date(2026, 1, 2), ()),) * 2), "写了两次"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(hours: Hours, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        written_hours(hours)
    assert said in refused.value.sentence


minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def some_spans(draw: st.DrawFn) -> Spans:
    edges = sorted(draw(st.sets(minutes, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Span(time(a // 60, a % 60), time(b // 60, b % 60)) for a, b in pairs)


weeks = st.tuples(*[some_spans()] * 7)
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
some_hours = st.builds(
    Hours,
    week=weeks,
    seasons=st.lists(
        st.builds(Season, name=st.just("季"), first=month_days, last=month_days, week=weeks),
        max_size=2,
    ).map(tuple),
    on_holidays=st.sampled_from([HolidayRule.CLOSED, HolidayRule.AS_USUAL]),
    holiday_spans=some_spans(),
    on_make_up_days=st.sampled_from(MakeUpRule),
    single_days=st.lists(
        st.builds(SingleDay, day=days, spans=some_spans()), max_size=3, unique_by=lambda s: s.day
    ).map(tuple),
)
some_times = st.builds(
    Timetable,
    some_hours,
    st.lists(
        st.tuples(days, st.integers(0, 40)).map(
            lambda pair: ClosedDays(pair[0], pair[0] + timedelta(pair[1]), "检修")
        ),
        max_size=2,
    ).map(tuple),
)
moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis wants them bare and adds the zone.
    datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.just(ZONE),
)


@settings(max_examples=150, deadline=None)
@given(some_hours)
def test_what_is_written_is_read_as_it_was(hours: Hours) -> None:
    kept = msgspec.json.decode(msgspec.json.encode(written_hours(hours)))
    assert read_hours(kept) == hours


@settings(max_examples=150, deadline=None)
@given(some_times, moments)
def test_the_next_opening_is_the_first_moment_at_which_it_opens(
    times: Timetable, now: datetime
) -> None:
    opening = times.next_opening(now)
    if opening is not None:
        assert opening > now
        assert times.is_open(opening)
        before = opening - timedelta(seconds=1)
        spans_before = [s.closes for s in times.on(before.astimezone(ZONE).date()).spans]
        assert not times.is_open(before) or opening.timetz().replace(tzinfo=None) in spans_before
    closes = times.closes_at(now)
    assert (closes is not None) == times.is_open(now)
    if closes is not None:
        assert closes > now
        assert times.is_open(closes - timedelta(microseconds=1))
    assert open_now(times, now).endswith("。")


@settings(max_examples=100, deadline=None)
@given(some_times, moments)
def test_a_closed_day_is_closed_all_day(times: Timetable, now: datetime) -> None:
    if not times.on(now.date()).spans:
        assert not times.is_open(now)
    for closure in times.closures:
        if closure.first <= now.date() <= closure.last:
            assert not times.is_open(now)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9:00-12:00 13:30-17:00", spans("9:00-12:00", "13:30-17:00")),
        ("9：00—12：00、13：30—17：00", spans("9:00-12:00", "13:30-17:00")),
        ("09:00至17:00", spans("9:00-17:00")),
        (" 9:00 - 24:00 ", spans("9:00-00:00")),
        ("休息", ()),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, read: Spans) -> None:
    assert read_spans(typed) == read


@given(some_spans())
def test_hours_are_typed_as_they_are_read(some: Spans) -> None:
    assert read_spans(spans_text(some)) == some
    single = SingleDay(date(2026, 12, 31), some, "提前 闭馆")
    assert read_single_days([single_day_line(single)]) == (single,)
