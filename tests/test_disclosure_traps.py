"""Traps of the specification (§16), told over the events of a case: each has once made a date wrong."""

from __future__ import annotations

from datetime import date

import pytest

from models.application import Channel
from models.consultation import PartyKind, PartyView
from models.outcome import Outcome
from models.remedy import RemedyKind, RemedyResult
from services.application_projection import next_due
from services.disclosure import deadlines
from services.disclosure import events as e
from services.disclosure.alerts import AlertKind, alerts
from services.disclosure.case import Case, rebuild
from services.disclosure.guards import NotLawful, check
from services.disclosure.work_calendar import HolidayYear, WorkCalendar, built_in, calendar_of

CALENDAR = built_in()


def received(on: date, *more: e.AnyEvent) -> Case:
    return rebuild([e.Submitted(on=on, channel=Channel.COUNTER), e.Received(on=on), *more])


def due(case: Case, today: date, calendar: WorkCalendar = CALENDAR) -> date | None:
    assert case.clock is not None
    return deadlines.reply_due(case.clock, calendar, today=today).on


def consulted(party: PartyKind, sent_on: date) -> e.ConsultationSent:
    return e.ConsultationSent(on=sent_on, consultation_id=1, party=party)


def silent(on: date) -> e.ConsultationReturned:
    return e.ConsultationReturned(on=on, consultation_id=1, view=PartyView.SILENT)


def test_three_counters_have_three_days_zero() -> None:
    """The ninth worked example: 7 from the receipt, 15 from the party's receipt, 20 from the correction."""
    case = received(
        date(2025, 8, 25),
        e.CorrectionAsked(
            on=date(2025, 9, 2), served_on=date(2025, 9, 2), days=10, limit_on=date(2025, 9, 16)
        ),
        e.CorrectionReceived(on=date(2025, 9, 11)),
        consulted(PartyKind.THIRD_PARTY, date(2025, 9, 19)),
        e.ConsultationDelivered(
            on=date(2025, 9, 22), consultation_id=1, limit_on=date(2025, 10, 17)
        ),
    )
    assert case.correction_ask_due(CALENDAR) == date(2025, 9, 3)
    assert case.consultations[0].last_day(CALENDAR) == date(2025, 10, 17)
    assert due(case, date(2025, 10, 17)) is None
    assert due(case, date(2025, 10, 20)) == date(2025, 11, 6), "the party let its time pass"


def test_a_fee_that_is_paid_gives_no_seven_more_days_for_a_correction() -> None:
    """Article 30 counts from the receipt of the application."""
    case = received(
        date(2026, 4, 7),
        e.FeeAsked(on=date(2026, 4, 20), yuan=100, pay_by=date(2026, 5, 20)),
        e.FeePaid(on=date(2026, 4, 30)),
    )
    asked = e.CorrectionAsked(
        on=date(2026, 5, 6), served_on=date(2026, 5, 6), days=15, limit_on=date(2026, 5, 27)
    )
    with pytest.raises(NotLawful):
        check(case, asked, calendar=CALENDAR, today=asked.on)
    kinds = {alert.kind for alert in alerts(case, calendar=CALENDAR, today=asked.on)}
    assert AlertKind.ASK_CORRECTION not in kinds


def test_a_correction_asked_for_too_late_hides_no_last_day_for_the_reply() -> None:
    asked = e.CorrectionAsked(
        on=date(2025, 3, 20), served_on=date(2025, 3, 20), days=15, limit_on=date(2025, 4, 11),
        by_head=True, restarts=False,
    )  # fmt: skip
    case = received(date(2025, 3, 3), asked)
    reply_due = due(case, asked.on)
    assert reply_due == date(2025, 3, 31)
    assert next_due(case, CALENDAR, asked.on, reply_due) == (reply_due, "reply")


def test_a_notice_that_comes_in_moves_the_end_of_a_consultation_too() -> None:
    """The party's 15 days ran into a year that was not announced when its letter arrived."""
    case = received(
        date(2026, 12, 1),
        consulted(PartyKind.THIRD_PARTY, date(2026, 12, 10)),
        e.ConsultationDelivered(
            on=date(2026, 12, 14), consultation_id=1, limit_on=date(2027, 1, 5)
        ),
    )
    announced = calendar_of(
        [HolidayYear(2027, {date(2027, 1, day): "元旦" for day in (1, 2, 3, 4)}, {})]
    )
    assert case.consultations[0].last_day(CALENDAR) == date(2027, 1, 5)
    assert case.consultations[0].last_day(announced) == date(2027, 1, 6)
    today = date(2027, 1, 6)
    assert due(case, today) is not None
    assert due(case, today, announced) is None, "the party may still answer"
    with pytest.raises(NotLawful):
        check(case, silent(date(2027, 1, 5)), calendar=announced, today=today)
    check(case, silent(today), calendar=announced, today=date(2027, 1, 7))


def test_who_never_got_the_letter_consents_to_nothing() -> None:
    """Silence of a co-producer is consent, from its receipt on (Article 34); of a third party never."""
    sent = date(2026, 3, 10)
    case = received(date(2026, 3, 2), consulted(PartyKind.CO_PRODUCER, sent))
    with pytest.raises(NotLawful):
        check(case, silent(date(2026, 4, 2)), calendar=CALENDAR, today=date(2026, 4, 2))
    unreachable = received(date(2026, 3, 2), consulted(PartyKind.THIRD_PARTY, sent))
    check(unreachable, silent(date(2026, 4, 2)), calendar=CALENDAR, today=date(2026, 4, 2))


@pytest.mark.parametrize("outcome", [Outcome.G2_GIVEN, Outcome.P1_PARTLY, Outcome.D4_THIRD_PARTY])
@pytest.mark.parametrize("party", list(PartyKind))
def test_nothing_is_given_or_refused_while_somebody_is_still_asked(
    outcome: Outcome, party: PartyKind
) -> None:
    """Articles 32 and 34: their opinion comes first."""
    sent = date(2026, 3, 10)
    case = received(date(2026, 3, 2), consulted(party, sent))
    reply = e.SentForReview(on=sent, letter_id=1, outcome=outcome)
    with pytest.raises(NotLawful):
        check(case, reply, calendar=CALENDAR, today=sent)
    agreed = e.ConsultationReturned(on=sent, consultation_id=1, view=PartyView.AGREES)
    check(case.after(agreed), reply, calendar=CALENDAR, today=sent)


@pytest.mark.parametrize("result", list(RemedyResult))
def test_a_reply_that_was_upheld_is_not_made_anew(result: RemedyResult) -> None:
    on = date(2025, 3, 3)
    case = received(
        on,
        e.CorrectionAsked(on=on, served_on=on, days=5, limit_on=date(2025, 3, 10)),
        e.CorrectionLapsed(on=date(2025, 3, 11)),
        e.RemedyLodged(on=date(2025, 3, 12), remedy_id=1, remedy=RemedyKind.REVIEW),
        e.RemedyDecided(on=date(2025, 5, 6), remedy_id=1, result=result),
    )
    ordered = e.RedoOrdered(on=date(2025, 5, 6), due_on=date(2025, 6, 3))
    if result is RemedyResult.UPHELD:
        with pytest.raises(NotLawful):
            check(case, ordered, calendar=CALENDAR, today=ordered.on)
    else:
        check(case, ordered, calendar=CALENDAR, today=ordered.on)
