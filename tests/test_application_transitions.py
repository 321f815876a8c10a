"""What may follow what in a case, what the law asks of its days, and what follows from each event."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.application import ApplicationState, Channel, DeliveryWay
from models.consultation import PartyKind, PartyView
from models.official_letter import LetterKind
from models.outcome import Outcome
from services.disclosure import events as e
from services.disclosure.case import Case, rebuild
from services.disclosure.case_order import FROM
from services.disclosure.deadlines import ImpossibleDay
from services.disclosure.guards import NotLawful, check
from services.disclosure.transitions import (
    RULES,
    ClockEffect,
    Doer,
    doer_of,
    effect_of,
    letters_of,
)
from services.disclosure.work_calendar import built_in
from services.errors import OpenZoneError, WrongState
from tests.application_transitions import BY_KIND, DAY, LIMIT, MAY_FOLLOW, SAMPLES, events_to

S = ApplicationState
CALENDAR = built_in()
FAR = date(2026, 3, 2)


def test_every_kind_of_event_has_its_row_in_each_table() -> None:
    kinds = set(e.AnyEvent.__args__)
    assert kinds == set(FROM) == set(RULES) == set(BY_KIND)
    assert set(MAY_FOLLOW) == set(S)


@pytest.mark.parametrize("state", list(S))
def test_what_may_follow_in_a_state(state: ApplicationState) -> None:
    case = rebuild(events_to(state))
    assert case.state is state
    followed = set()
    for sample in SAMPLES:
        try:
            following = case.after(sample)
        except WrongState:
            continue
        assert following.last_position == case.last_position + 1
        followed.add(type(sample))
    assert followed == MAY_FOLLOW[state]


@pytest.mark.parametrize("state", list(S))
def test_a_case_knows_whether_it_is_closed_and_how(state: ApplicationState) -> None:
    case = rebuild(events_to(state))
    assert case.is_open == (case.closed_on is None)
    assert case.is_open or case.outcome is not None
    assert not (case.runs and not case.is_open)


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param([], id="nothing"),
        pytest.param([e.Received], id="received without being submitted"),
        pytest.param([e.Submitted, e.Submitted], id="submitted twice"),
        pytest.param([e.Submitted, e.Received, e.Received], id="received twice"),
        pytest.param(
            [e.Submitted, e.Received, e.CorrectionAsked, e.CorrectionReceived, e.CorrectionAsked],
            id="corrected twice",
        ),
        pytest.param(
            [e.Submitted, e.Received, e.ExtensionProposed, e.ExtensionProposed],
            id="proposed twice",
        ),
        pytest.param([e.Submitted, e.Received, e.ExtensionApproved], id="nothing proposed"),
        pytest.param(
            [
                *(e.Submitted, e.Received, e.ExtensionProposed, e.ExtensionApproved),
                *(e.ExtensionTold, e.ExtensionProposed),
            ],
            id="extended twice",
        ),
        pytest.param(
            [e.Submitted, e.Received, e.SentForReview, e.Issued], id="issued without a check"
        ),
        pytest.param(
            [
                *(e.Submitted, e.Received, e.SentForReview, e.ReviewPassed, e.Issued, e.Served),
                e.Served,
            ],
            id="answered twice",
        ),
        pytest.param([e.Submitted, e.Received, e.ConsultationReturned], id="nobody was asked"),
        pytest.param(
            [
                *(e.Submitted, e.Received, e.ConsultationSent, e.ConsultationReturned),
                e.ConsultationReturned,
            ],
            id="two opinions of one party",
        ),
        pytest.param([e.Submitted, e.Received, e.Delayed], id="delayed without reasons"),
        pytest.param(
            [e.Submitted, e.Received, e.FeeAsked, e.FeePaid, e.FeeAsked], id="charged twice"
        ),
    ],
)
def test_an_impossible_order_is_refused(kinds: list[type[e.Event]]) -> None:
    with pytest.raises(WrongState):
        rebuild(BY_KIND[kind] for kind in kinds)


def begun(*more: e.AnyEvent) -> Case:
    return rebuild([*events_to(S.PROCESSING), *more])


def asked(on: date, **changes: object) -> e.CorrectionAsked:
    given: dict[str, object] = {"on": on, "served_on": on, "days": 15, "limit_on": FAR} | changes
    return e.CorrectionAsked(**given)  # type: ignore[arg-type]


_PROPOSED = e.ExtensionProposed(on=DAY, days=20)
_APPROVED = e.ExtensionApproved(on=date(2025, 3, 31), days=20)
_CONSULTED = e.ConsultationSent(on=date(2025, 3, 6), consultation_id=1, party=PartyKind.THIRD_PARTY)
_DELIVERED = e.ConsultationDelivered(
    on=date(2025, 3, 7), consultation_id=1, limit_on=date(2025, 3, 28)
)
_SILENT = PartyView.SILENT


def reply(outcome: Outcome) -> e.SentForReview:
    return e.SentForReview(on=DAY, letter_id=1, outcome=outcome)


@pytest.mark.parametrize(
    ("case", "event", "refused"),
    [
        pytest.param(begun(), e.Noted(on=FAR + timedelta(1)), ImpossibleDay, id="tomorrow"),
        pytest.param(begun(), e.Noted(on=DAY - timedelta(1)), ImpossibleDay, id="before it came"),
        pytest.param(
            rebuild([e.Submitted(on=date(2019, 5, 1), channel=Channel.FAX)]),
            e.Received(on=date(2019, 5, 14)), ImpossibleDay, id="before the law",
        ),
        pytest.param(
            rebuild([e.Submitted(on=date(2019, 5, 1), channel=Channel.FAX)]),
            e.Received(on=date(2019, 5, 15)), None, id="the first day of the law",
        ),
        pytest.param(begun(), asked(date(2025, 3, 12)), None, id="correction asked on day 7"),
        pytest.param(begun(), asked(date(2025, 3, 13)), NotLawful, id="correction on day 8"),
        pytest.param(
            begun(), asked(date(2025, 3, 13), by_head=True), None, id="correction by the head"
        ),
        pytest.param(
            begun(), asked(date(2025, 3, 12), by_head=True), NotLawful, id="no head needed yet"
        ),
        pytest.param(begun(), asked(DAY, days=4), ImpossibleDay, id="four days to correct"),
        pytest.param(begun(), asked(DAY, days=31), ImpossibleDay, id="31 days to correct"),
        pytest.param(
            begun(), asked(DAY, limit_on=date(2025, 3, 21)), ImpossibleDay, id="limit too early"
        ),
        pytest.param(
            begun(), asked(date(2025, 3, 5), served_on=DAY), ImpossibleDay, id="served unsent"
        ),
        pytest.param(
            begun(asked(date(2025, 3, 5), limit_on=LIMIT)),
            e.CorrectionReceived(on=date(2025, 3, 4)), ImpossibleDay, id="corrected unasked",
        ),
        pytest.param(
            begun(asked(DAY, limit_on=LIMIT)), e.CorrectionReceived(on=LIMIT), None,
            id="corrected on the last day",
        ),
        pytest.param(
            begun(asked(DAY, limit_on=LIMIT)), e.CorrectionReceived(on=date(2025, 4, 1)), NotLawful,
            id="corrected too late",
        ),
        pytest.param(
            begun(asked(DAY, limit_on=LIMIT)),
            e.CorrectionReceived(on=date(2025, 4, 1), with_good_reason=True), None,
            id="too late with a good reason",
        ),
        pytest.param(
            begun(asked(DAY, limit_on=LIMIT)), e.CorrectionLapsed(on=LIMIT), NotLawful,
            id="not over yet",
        ),
        pytest.param(
            begun(_CONSULTED),
            e.ConsultationDelivered(
                on=date(2025, 3, 5), consultation_id=1, limit_on=date(2025, 3, 26)
            ),
            ImpossibleDay, id="delivered before it was sent",
        ),
        pytest.param(
            begun(_CONSULTED),
            e.ConsultationDelivered(
                on=date(2025, 3, 7), consultation_id=1, limit_on=date(2025, 3, 31)
            ),
            ImpossibleDay, id="a sixteenth day",
        ),
        pytest.param(
            begun(_CONSULTED, _DELIVERED),
            e.ConsultationReturned(on=date(2025, 3, 5), consultation_id=1, view=_SILENT),
            ImpossibleDay, id="opinion before the letter",
        ),
        pytest.param(
            begun(_CONSULTED, _DELIVERED),
            e.ConsultationReturned(on=date(2025, 3, 31), consultation_id=1, view=_SILENT),
            ImpossibleDay, id="silence ends with the limit",
        ),
        pytest.param(
            begun(_CONSULTED, _DELIVERED),
            e.ConsultationReturned(on=date(2025, 3, 28), consultation_id=1, view=_SILENT),
            None, id="silent",
        ),
        pytest.param(
            begun(), e.ExtensionProposed(on=DAY, days=21), NotLawful, id="21 days more"
        ),
        pytest.param(begun(), e.ExtensionProposed(on=DAY, days=0), NotLawful, id="no day more"),
        pytest.param(begun(_PROPOSED), _APPROVED, None, id="approved on the last day"),
        pytest.param(
            begun(_PROPOSED), e.ExtensionApproved(on=date(2025, 4, 1), days=20), NotLawful,
            id="approved too late",
        ),
        pytest.param(
            begun(_PROPOSED, _APPROVED), e.ExtensionTold(on=date(2025, 3, 31)), None,
            id="told on the last day",
        ),
        pytest.param(
            begun(_PROPOSED, _APPROVED), e.ExtensionTold(on=date(2025, 4, 1)), NotLawful,
            id="told too late",
        ),
        pytest.param(
            begun(_PROPOSED, _APPROVED), e.ExtensionTold(on=date(2025, 3, 28)), ImpossibleDay,
            id="told before it was approved",
        ),
        pytest.param(
            begun(_CONSULTED, _PROPOSED, _APPROVED), e.ExtensionTold(on=date(2025, 4, 20)), None,
            id="the first period is paused",
        ),
        pytest.param(
            rebuild([*events_to(S.REDO), e.Began(on=DAY)]), _PROPOSED, NotLawful,
            id="no more days than a court gives",
        ),
        pytest.param(
            begun(), e.ReasonsAsked(on=DAY, applications_counted=1), NotLawful, id="one is not many"
        ),
        pytest.param(
            rebuild([*events_to(S.REASONS), e.ReasonsGiven(on=DAY, reasonable=True)]),
            e.Delayed(on=DAY, until=date(2025, 5, 5)), ImpossibleDay, id="delayed to a day off",
        ),
        pytest.param(
            rebuild([*events_to(S.REASONS), e.ReasonsGiven(on=DAY, reasonable=True)]),
            e.Delayed(on=DAY, until=date(2025, 5, 6)), None, id="delayed",
        ),
        pytest.param(
            begun(), e.FeeAsked(on=DAY, yuan=0, pay_by=LIMIT), NotLawful, id="no fee"
        ),
        pytest.param(
            begun(), e.FeeAsked(on=DAY, yuan=100, pay_by=date(2025, 3, 28)), ImpossibleDay,
            id="19 days to pay",
        ),
        pytest.param(
            rebuild(events_to(S.FEE)), e.FeePaid(on=date(2025, 4, 1)), NotLawful, id="paid too late"
        ),
        pytest.param(
            rebuild(events_to(S.FEE)), e.FeeLapsed(on=LIMIT), NotLawful, id="may still pay"
        ),
        pytest.param(
            begun(), reply(Outcome.U1_DOES_NOT_EXIST), NotLawful, id="not searched for"
        ),
        pytest.param(
            begun(e.Searched(on=DAY)), reply(Outcome.U1_DOES_NOT_EXIST), None, id="searched for"
        ),
        pytest.param(begun(), reply(Outcome.U4_STILL_UNCLEAR), NotLawful, id="never corrected"),
        pytest.param(begun(), reply(Outcome.N4_EXCESSIVE), NotLawful, id="reasons not asked for"),
        pytest.param(begun(), reply(Outcome.O1_NOT_CORRECTED), NotLawful, id="no reply but a lapse"),
        pytest.param(
            begun(_CONSULTED), reply(Outcome.D4_THIRD_PARTY), NotLawful, id="still being asked"
        ),
        pytest.param(
            rebuild(events_to(S.ISSUED)),
            e.Served(
                on=DAY - timedelta(1), letter_id=1, outcome=Outcome.G2_GIVEN,
                way=DeliveryWay.POST,
            ),
            ImpossibleDay, id="served before it was issued",
        ),
        pytest.param(
            rebuild([*events_to(S.REPLIED), BY_KIND[e.RemedyLodged]]),
            BY_KIND[e.Archived], NotLawful, id="in court",
        ),
        pytest.param(
            rebuild(events_to(S.REPLIED)), BY_KIND[e.RedoOrdered], NotLawful, id="nobody decided"
        ),
    ],
)  # fmt: skip
def test_what_the_law_asks_of_an_event(
    case: Case, event: e.AnyEvent, refused: type[OpenZoneError] | None
) -> None:
    case.after(event)
    if refused is None:
        check(case, event, calendar=CALENDAR, today=FAR)
        return
    with pytest.raises(refused) as caught:
        check(case, event, calendar=CALENDAR, today=FAR)
    assert caught.value.sentence != refused.sentence, "each refusal says why"


def test_consultations_that_overlap_pause_once() -> None:
    agency = e.ConsultationSent(
        on=date(2026, 3, 16), consultation_id=2, party=PartyKind.COORDINATION
    )
    case = rebuild(
        [
            e.Submitted(on=date(2026, 3, 2), channel=Channel.COUNTER),
            e.Received(on=date(2026, 3, 2)),
            e.ConsultationSent(
                on=date(2026, 3, 10), consultation_id=1, party=PartyKind.THIRD_PARTY
            ),
            agency,
            e.ConsultationReturned(on=date(2026, 3, 26), consultation_id=1, view=PartyView.AGREES),
        ]
    )
    assert case.is_consulting
    back = e.ConsultationReturned(
        on=date(2026, 4, 1), consultation_id=2, view=PartyView.AGREES
    )  # fmt: skip
    assert not case.after(back).is_consulting
    assert len(case.pauses) == 2


def test_whatever_goes_beyond_the_rule_is_for_the_head() -> None:
    assert doer_of(asked(DAY)) is Doer.OFFICER
    assert doer_of(asked(DAY, by_head=True)) is Doer.HEAD
    assert doer_of(e.CorrectionReceived(on=DAY)) is Doer.RECEIVER
    assert doer_of(e.CorrectionReceived(on=DAY, with_good_reason=True)) is Doer.HEAD
    for kind in (e.ExtensionApproved, e.ExtensionRefused, e.Delayed):
        assert doer_of(BY_KIND[kind]) is Doer.HEAD


def test_each_event_makes_its_letter_and_touches_its_clock() -> None:
    assert letters_of(BY_KIND[e.ConsultationSent]) == (
        LetterKind.N6_THIRD_PARTY, LetterKind.N7_CONSULTING,
    )  # fmt: skip
    to_agency = e.ConsultationSent(on=DAY, consultation_id=1, party=PartyKind.CO_PRODUCER)
    assert letters_of(to_agency) == (LetterKind.N8_AGENCY, LetterKind.N7_CONSULTING)
    assert effect_of(asked(DAY)) is ClockEffect.STOPS
    late = asked(DAY, by_head=True, restarts=False)
    assert effect_of(late) is ClockEffect.NONE
    made = {letter for sample in SAMPLES for letter in letters_of(sample)}
    apart = {LetterKind.N8_AGENCY, LetterKind.N13_DISCLOSURE}
    assert made == set(LetterKind) - apart
