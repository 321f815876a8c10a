"""The table of §7.2 once more, by hand: what may follow in which state, and a sample of each."""

from __future__ import annotations

from datetime import date

from models.application import ApplicantKind, ApplicationState, Channel, DeliveryWay
from models.consultation import PartyKind, PartyView
from models.outcome import Outcome
from models.remedy import RemedyKind, RemedyResult
from services.disclosure import events as e

S = ApplicationState
DAY = date(2025, 3, 3)
LIMIT = date(2025, 3, 31)
GIVEN = Outcome.G2_GIVEN

ANYWHERE = {e.CategoryChanged, e.DatesMoved, e.Noted}
OPEN = {e.ContactTried, e.Assigned, e.Withdrawn} | ANYWHERE
REMEDY = {e.RemedyLodged}
AT_WORK = {e.Searched, e.ConsultationSent, e.SentForReview} | OPEN | REMEDY
FIRST_PERIOD = {e.CorrectionAsked, e.ExtensionProposed, e.ReasonsAsked, e.FeeAsked} | AT_WORK
MAY_FOLLOW: dict[ApplicationState, set[type[e.Event]]] = {
    S.SUBMITTED: {e.Received} | OPEN,
    S.RECEIVED: {e.Began} | FIRST_PERIOD,
    S.CORRECTION: {e.CorrectionReceived, e.CorrectionLapsed} | OPEN | REMEDY,
    S.PROCESSING: FIRST_PERIOD,
    S.REASONS: ({e.ReasonsGiven, e.Searched, e.ExtensionProposed, e.SentForReview} | OPEN | REMEDY),
    S.FEE: {e.FeePaid, e.FeeLapsed} | OPEN | REMEDY,
    S.REVIEW: ({e.ReviewReturned, e.ReviewPassed, e.Searched, e.ExtensionProposed} | OPEN | REMEDY),
    S.ISSUED: {e.Served} | OPEN | REMEDY,
    S.REPLIED: {e.RedoOrdered, e.Archived} | ANYWHERE | REMEDY,
    S.ABANDONED_CORRECTION: ({e.CorrectionReceived, e.RedoOrdered, e.Archived} | ANYWHERE | REMEDY),
    S.ABANDONED_FEE: {e.RedoOrdered, e.Archived} | ANYWHERE | REMEDY,
    S.WITHDRAWN: {e.Archived} | ANYWHERE | REMEDY,
    S.REDO: {e.Began} | AT_WORK,
    S.ARCHIVED: {e.RedoOrdered} | ANYWHERE | REMEDY,
}
"""What may follow in a case that is new to its state: nobody asked, proposed or in court."""

SAMPLES: tuple[e.AnyEvent, ...] = (
    e.Submitted(on=DAY, channel=Channel.COUNTER),
    e.ContactTried(on=DAY, reached=True),
    e.Received(on=DAY),
    e.Assigned(on=DAY, staff_id=1),
    e.Began(on=DAY),
    e.Searched(on=DAY),
    e.CorrectionAsked(on=DAY, served_on=DAY, days=15, limit_on=LIMIT),
    e.CorrectionReceived(on=DAY),
    e.CorrectionLapsed(on=date(2025, 4, 1)),
    e.ConsultationSent(on=DAY, consultation_id=1, party=PartyKind.THIRD_PARTY),
    e.ConsultationDelivered(on=DAY, consultation_id=1, limit_on=date(2025, 3, 24)),
    e.ConsultationReturned(on=DAY, consultation_id=1, view=PartyView.AGREES),
    e.ExtensionProposed(on=DAY, days=20),
    e.ExtensionRefused(on=DAY),
    e.ExtensionApproved(on=DAY, days=20),
    e.ExtensionTold(on=DAY),
    e.ReasonsAsked(on=DAY, applications_counted=30),
    e.ReasonsGiven(on=DAY, reasonable=True),
    e.Delayed(on=DAY, until=date(2025, 5, 6)),
    e.FeeAsked(on=DAY, yuan=100, pay_by=LIMIT),
    e.FeePaid(on=DAY),
    e.FeeLapsed(on=date(2025, 4, 1)),
    e.SentForReview(on=DAY, letter_id=1, outcome=GIVEN),
    e.ReviewReturned(on=DAY, letter_id=1),
    e.ReviewPassed(on=DAY, letter_id=1),
    e.Issued(on=DAY, letter_id=1, outcome=GIVEN),
    e.Served(on=DAY, letter_id=1, outcome=GIVEN, way=DeliveryWay.IN_PERSON),
    e.Withdrawn(on=DAY),
    e.CategoryChanged(on=DAY, applicant_kind=ApplicantKind.NATURAL_PERSON, org_category=None),
    e.RemedyLodged(on=DAY, remedy_id=1, remedy=RemedyKind.REVIEW),
    e.RemedyDecided(on=DAY, remedy_id=1, result=RemedyResult.CORRECTED),
    e.RedoOrdered(on=DAY, due_on=LIMIT),
    e.Archived(on=DAY, archive_number="1"),
    e.DatesMoved(on=DAY, calendar_version="2", reply_due_before=None, reply_due_after=None),
    e.Noted(on=DAY),
)
BY_KIND = {type(sample): sample for sample in SAMPLES}

_RECEIVED = [e.Submitted, e.Received]
_REVIEW = [*_RECEIVED, e.SentForReview]
_REPLIED = [*_REVIEW, e.ReviewPassed, e.Issued, e.Served]
WAY_TO: dict[ApplicationState, list[type[e.Event]]] = {
    S.SUBMITTED: [e.Submitted],
    S.RECEIVED: _RECEIVED,
    S.CORRECTION: [*_RECEIVED, e.CorrectionAsked],
    S.PROCESSING: [*_RECEIVED, e.Began],
    S.REASONS: [*_RECEIVED, e.ReasonsAsked],
    S.FEE: [*_RECEIVED, e.FeeAsked],
    S.REVIEW: _REVIEW,
    S.ISSUED: [*_REVIEW, e.ReviewPassed, e.Issued],
    S.REPLIED: _REPLIED,
    S.ABANDONED_CORRECTION: [*_RECEIVED, e.CorrectionAsked, e.CorrectionLapsed],
    S.ABANDONED_FEE: [*_RECEIVED, e.FeeAsked, e.FeeLapsed],
    S.WITHDRAWN: [*_RECEIVED, e.Withdrawn],
    S.REDO: [*_REPLIED, e.RedoOrdered],
    S.ARCHIVED: [*_REPLIED, e.Archived],
}
"""The kinds of event that lead to each state."""


def events_to(state: ApplicationState) -> list[e.AnyEvent]:
    """Return events that lead to a state."""
    return [BY_KIND[kind] for kind in WAY_TO[state]]
