"""The last lawful days: worked examples, traps, and what must hold for every application."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.disclosure.deadlines import (
    Clock,
    ImpossibleDay,
    Pause,
    consultation_limit,
    correction_ask_due,
    correction_limit,
    days_used,
    disclosure_due,
    fee_due,
    first_period_end,
    reply_due,
    review_until,
    suit_after_review_until,
    suit_until,
    working_days_after,
)
from services.disclosure.impossible_days import refuse_impossible_days
from services.disclosure.work_calendar import HolidayYear, built_in, calendar_of

CALENDAR = built_in()
D = date.fromisoformat
E7 = (Pause(D("2025-06-24"), D("2025-07-09")),)
E9 = (Pause(D("2025-09-19"), D("2025-10-15")),)
E10 = (Pause(D("2026-03-10"), D("2026-03-26")), Pause(D("2026-03-16"), D("2026-04-01")))


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        pytest.param(Clock(D("2025-03-03")), "2025-03-31", id="E1 plain"),
        pytest.param(Clock(D("2025-03-03"), extension_days=20), "2025-04-28", id="E1 extended"),
        pytest.param(Clock(D("2025-09-22")), "2025-10-24", id="E2 over the October holiday"),
        pytest.param(Clock(D("2025-09-22"), extension_days=20), "2025-11-21", id="E2 extended"),
        pytest.param(Clock(D("2026-02-02")), "2026-03-06", id="E3 over the spring festival"),
        pytest.param(Clock(D("2026-02-02"), extension_days=20), "2026-04-03", id="E3 extended"),
        pytest.param(Clock(D("2025-10-04")), "2025-11-04", id="E4 received on a day off"),
        pytest.param(Clock(D("2026-02-14")), "2026-03-20", id="E5 on a Saturday that is worked"),
        pytest.param(Clock(D("2025-05-15")), "2025-06-13", id="E6 corrected, counted anew"),
        pytest.param(Clock(D("2025-06-16")), "2025-07-14", id="E7 before the letter"),
        pytest.param(Clock(D("2025-06-16"), E7), "2025-07-29", id="E7 opinion back"),
        pytest.param(
            Clock(D("2025-06-16"), (Pause(D("2025-06-24"), D("2025-07-17")),)),
            "2025-08-06", id="E7 silence",
        ),
        pytest.param(
            Clock(D("2025-06-16"), (Pause(D("2025-06-24"), D("2025-07-21"), D("2025-07-17")),)),
            "2025-08-06", id="an opinion after the lapse pauses no more",
        ),
        pytest.param(Clock(D("2026-04-07")), "2026-05-08", id="E8 first period"),
        pytest.param(Clock(D("2026-04-07"), extension_days=20), "2026-06-04", id="E8 by twenty"),
        pytest.param(Clock(D("2026-04-07"), extension_days=10), "2026-05-21", id="E8 by ten"),
        pytest.param(Clock(D("2025-08-25")), "2025-09-22", id="E9 without the correction"),
        pytest.param(Clock(D("2025-09-11")), "2025-10-15", id="E9 corrected"),
        pytest.param(Clock(D("2025-09-11"), E9), "2025-11-04", id="E9 third party"),
        pytest.param(Clock(D("2025-09-11"), E9, 20), "2025-12-02", id="E9 extended as well"),
        pytest.param(Clock(D("2026-03-02")), "2026-03-30", id="E10 plain"),
        pytest.param(Clock(D("2026-03-02"), E10), "2026-04-22", id="E10 overlapping: the union"),
        pytest.param(Clock(D("2025-12-18")), "2026-01-16", id="E11 over new year"),
        pytest.param(Clock(D("2026-09-14")), "2026-10-16", id="E12 two holidays"),
        pytest.param(Clock(D("2026-09-14"), extension_days=20), "2026-11-13", id="E12 extended"),
        pytest.param(Clock(D("2026-12-07")), "2027-01-05", id="E13 a year not announced"),
        pytest.param(Clock(D("2026-01-04")), "2026-01-30", id="E16 confirmed on Sunday"),
        pytest.param(Clock(D("2026-01-03")), "2026-01-29", id="E16 confirmed at once"),
        pytest.param(Clock(D("2024-02-29")), "2024-03-28", id="a leap day"),
        pytest.param(Clock(D("2024-02-01")), "2024-03-05", id="over a leap day"),
        pytest.param(
            Clock(D("2025-03-03"), delayed_until=D("2025-06-30")), "2025-06-30", id="article 35"
        ),
        pytest.param(
            Clock(D("2025-03-03"), redo_due=D("2025-08-15")), "2025-08-15", id="a new reply ordered"
        ),
    ],
)  # fmt: skip
def test_the_reply_is_due_on_the_day_of_the_worked_example(clock: Clock, due: str) -> None:
    assert reply_due(clock, CALENDAR).on == D(due)


@pytest.mark.parametrize(
    ("received_on", "due"),
    [
        ("2025-03-03", "2025-03-12"),
        ("2025-09-22", "2025-09-30"),
        ("2026-02-02", "2026-02-11"),
        ("2025-10-04", "2025-10-16"),
        ("2025-04-21", "2025-04-29"),
        ("2025-08-25", "2025-09-03"),
    ],
)
def test_a_correction_is_asked_for_within_seven_working_days(received_on: str, due: str) -> None:
    assert correction_ask_due(D(received_on), CALENDAR).on == D(due)


@pytest.mark.parametrize(
    ("counted", "due"),
    [
        pytest.param(correction_limit(D("2025-04-28"), 15, CALENDAR), "2025-05-22", id="E6"),
        pytest.param(correction_limit(D("2025-09-02"), 10, CALENDAR), "2025-09-16", id="E9"),
        pytest.param(consultation_limit(D("2025-06-26"), CALENDAR), "2025-07-17", id="E7"),
        pytest.param(consultation_limit(D("2025-09-22"), CALENDAR), "2025-10-17", id="E9 party"),
        pytest.param(fee_due(D("2026-04-20"), CALENDAR), "2026-05-20", id="E15"),
        pytest.param(disclosure_due(D("2026-02-10"), CALENDAR), "2026-03-16", id="E17"),
        pytest.param(review_until(D("2025-10-24"), CALENDAR), "2025-12-23", id="E14 review"),
        pytest.param(suit_until(D("2025-10-24"), CALENDAR), "2026-04-24", id="E14 suit"),
        pytest.param(review_until(D("2025-12-17"), CALENDAR), "2026-02-24", id="E14 rolls"),
        pytest.param(suit_until(D("2026-03-12"), CALENDAR), "2026-09-14", id="E14 suit rolls"),
        pytest.param(suit_until(D("2025-08-31"), CALENDAR), "2026-02-28", id="a short February"),
        pytest.param(suit_until(D("2023-08-31"), CALENDAR), "2024-02-29", id="a leap February"),
        pytest.param(
            suit_after_review_until(D("2026-01-30"), CALENDAR), "2026-02-14", id="a worked Saturday"
        ),
    ],
)
def test_other_days_are_those_of_the_worked_examples(counted: date, due: str) -> None:
    assert counted == D(due)


def test_who_comes_late_to_pick_up_is_answered_late() -> None:
    """E18: posted on day 20 is in time, signed for on day 22 is not."""
    clock = Clock(D("2026-03-02"))
    due = reply_due(clock, CALENDAR).on
    assert due == working_days_after(D("2026-03-02"), 20, CALENDAR)
    assert days_used(clock, due, CALENDAR) == 20
    picked_up = working_days_after(D("2026-03-02"), 22, CALENDAR)
    assert picked_up > due
    assert days_used(clock, picked_up, CALENDAR) == 22


def test_an_extension_is_told_within_the_first_period_as_consultations_lengthen_it() -> None:
    clock = Clock(D("2025-09-11"), E9, 20)
    assert first_period_end(clock, CALENDAR).on == D("2025-11-04")


def test_days_of_a_consultation_are_not_used() -> None:
    assert days_used(Clock(D("2025-06-16"), E7), D("2025-07-09"), CALENDAR) == 6
    assert days_used(Clock(D("2025-06-16"), E7), D("2025-07-10"), CALENDAR) == 7


def test_a_consultation_without_end_leaves_no_day_to_show() -> None:
    due = reply_due(Clock(D("2025-06-16"), (Pause(D("2025-06-24"), None),)), CALENDAR)
    assert due.on is None
    assert (due.counted, due.remaining) == (6, 14)
    assert due.days[-1].why == "征求意见尚未结束，暂停计算"


def test_the_sixteenth_day_of_a_party_is_over() -> None:
    delivered = D("2025-06-26")
    limit = consultation_limit(delivered, CALENDAR)
    clock = Clock(D("2025-06-16"), (Pause(D("2025-06-24"), None, limit),))
    assert reply_due(clock, CALENDAR, today=limit).on is None, "its last day is its own"
    lapsed = reply_due(clock, CALENDAR, today=limit + timedelta(days=1))
    assert lapsed.on == D("2025-08-06")
    assert days_used(clock, D("2025-07-18"), CALENDAR) == 7, "counting goes on the day after"


def test_a_letter_sent_after_the_last_day_pauses_nothing() -> None:
    clock = Clock(D("2025-03-03"), (Pause(D("2025-03-31"), None),))
    assert reply_due(clock, CALENDAR).on == D("2025-03-31")


def test_days_in_a_year_not_announced_are_provisional_and_say_so() -> None:
    due = reply_due(Clock(D("2026-12-07")), CALENDAR)
    assert due.is_provisional
    why = {day.on: day.why for day in due.days}
    assert why[D("2027-01-01")] == "元旦，法定节假日（2027年放假安排尚未公布）"
    assert why[D("2027-01-05")] == "第20个工作日（2027年放假安排尚未公布，暂按工作日计算）"
    assert not reply_due(Clock(D("2026-12-01")), CALENDAR).is_provisional, "ends in December"


def test_a_notice_that_comes_in_moves_the_day() -> None:
    notice = HolidayYear(2027, {D("2027-01-01"): "元旦", D("2027-01-04"): "元旦"}, {})
    due = reply_due(Clock(D("2026-12-07")), calendar_of([notice]))
    assert (due.on, due.is_provisional) == (D("2027-01-06"), False)


def test_why_is_written_out_for_every_day_skipped_or_worked_in_exchange() -> None:
    due = reply_due(Clock(D("2025-09-22"), (Pause(D("2025-09-24"), D("2025-09-25")),)), CALENDAR)
    lines = [f"{day.on:%m-%d} {day.why}" for day in due.explanation]
    assert lines[:5] == [
        "09-22 收到日，当天不算，从下一个工作日起算",
        "09-25 征求意见期间，不计入期限（第三十三条）",
        "09-27 星期六，休息日",
        "09-28 第4个工作日（国庆节调休，星期日上班）",
        "10-01 国庆节放假",
    ]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("早于2019年5月15日", {"received_on": D("2019-05-14")}),
        ("收到日在今天之后", {"received_on": D("2026-11-25")}),
        ("补正的日期早于通知补正", {"correction": (D("2026-11-12"), D("2026-11-11"))}),
        ("补正通知的日期早于收到日", {"correction": (D("2026-11-01"), D("2026-11-11"))}),
        ("收到补正的日期在今天之后", {"correction": (D("2026-11-12"), D("2026-11-25"))}),
        ("征求意见的日期早于收到日", {"pauses": (Pause(D("2026-11-01"), None),)}),
        ("早于发出的日期", {"pauses": (Pause(D("2026-11-12"), D("2026-11-11")),)}),
        ("最多20个工作日", {"extension_days": 21}),
    ],
)
def test_days_that_cannot_be_are_refused(sentence: str, days: dict[str, object]) -> None:
    with pytest.raises(ImpossibleDay) as refused:
        refuse_impossible_days(
            **{"received_on": D("2026-11-10"), "today": D("2026-11-24")} | days  # type: ignore[arg-type]
        )
    assert sentence in refused.value.sentence


def test_the_first_day_of_the_law_and_today_are_taken() -> None:
    refuse_impossible_days(D("2019-05-15"), today=D("2026-11-24"))
    refuse_impossible_days(D("2026-11-24"), today=D("2026-11-24"))


days = st.dates(D("2019-05-15"), D("2028-12-31"))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    received_on = draw(days)
    near = st.builds(
        lambda after, length: Pause(
            received_on + timedelta(days=after), received_on + timedelta(days=after + length)
        ),
        st.integers(0, 60),
        st.integers(0, 40),
    )
    return Clock(received_on, tuple(draw(st.lists(near, max_size=3))), draw(st.integers(0, 20)))


@given(clocks())
@settings(max_examples=150, deadline=None)
def test_a_day_counted_out_is_a_working_day_and_adds_up(clock: Clock) -> None:
    due = reply_due(clock, CALENDAR)
    assert due.on is not None
    assert CALENDAR.is_working(due.on)
    counted = [day for day in due.days if day.counted]
    assert len(counted) == due.counted == due.needed == 20 + clock.extension_days
    assert [day.number for day in counted] == list(range(1, due.needed + 1))
    assert due.days[0].on == clock.received_on
    assert due.days[-1].on == due.on
    assert all(
        later.on - earlier.on == timedelta(days=1)
        for earlier, later in zip(due.days, due.days[1:], strict=False)
    ), "no day is left out of the explanation"
    assert days_used(clock, due.on, CALENDAR) == due.needed


@given(clocks(), st.integers(0, 60), st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_more_consultation_never_makes_it_earlier(clock: Clock, after: int, length: int) -> None:
    sent = clock.received_on + timedelta(days=after)
    more = Clock(
        clock.received_on,
        (*clock.pauses, Pause(sent, sent + timedelta(days=length))),
        clock.extension_days,
    )
    before, now = reply_due(clock, CALENDAR).on, reply_due(more, CALENDAR).on
    assert before is not None
    assert now is not None
    assert now >= before


@given(clocks(), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_an_extension_lengthens_by_the_days_told(clock: Clock, longer: int) -> None:
    first = first_period_end(clock, CALENDAR).on
    extended = reply_due(Clock(clock.received_on, clock.pauses, longer), CALENDAR).on
    assert first is not None
    assert extended is not None
    assert days_used(clock, extended, CALENDAR) - days_used(clock, first, CALENDAR) == longer


@given(days)
@settings(max_examples=60, deadline=None)
def test_a_remedy_never_ends_on_a_day_off(served_on: date) -> None:
    for last in (review_until(served_on, CALENDAR), suit_until(served_on, CALENDAR)):
        assert CALENDAR.is_working(last)
    assert review_until(served_on, CALENDAR) >= served_on + timedelta(days=60)
