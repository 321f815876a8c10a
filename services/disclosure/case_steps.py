"""What each event makes of a case (§7.2)."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from models.application import ApplicationState
from models.outcome import Outcome
from services.disclosure import events as e
from services.disclosure.case import Case
from services.disclosure.case_order import FROM
from services.disclosure.case_parts import Consulted, Correction, Fee, Lodged
from services.errors import WrongState

_S = ApplicationState


def step(event: e.AnyEvent, case: Case) -> Case:
    """Return the case after an event. Raises WrongState."""
    if case.state not in FROM[type(event)]:
        raise WrongState(f"{type(event).__name__} does not follow in a case that is {case.state}.")
    return _after(event, case)


def _require(holds: bool, detail: str) -> None:
    if not holds:
        raise WrongState(detail)


@singledispatch
def _after(event: object, case: Case) -> Case:
    """Return the case unchanged: what is only put on record."""
    return case


@_after.register
def _(event: e.ContactTried, case: Case) -> Case:
    return replace(case, contacts_tried=case.contacts_tried + 1)


@_after.register
def _(event: e.Received, case: Case) -> Case:
    return replace(
        case, state=_S.RECEIVED, received_on=event.on, first_received_on=event.on
    )  # fmt: skip


@_after.register
def _(event: e.Assigned, case: Case) -> Case:
    return replace(case, assigned_to=event.staff_id)


@_after.register
def _(event: e.Began, case: Case) -> Case:
    return replace(case, state=_S.PROCESSING)


@_after.register
def _(event: e.Searched, case: Case) -> Case:
    return replace(case, searches=case.searches + 1)


@_after.register
def _(event: e.CorrectionAsked, case: Case) -> Case:
    _require(case.correction is None, "A correction was asked for before.")
    asked = Correction(
        event.on, event.served_on, event.days, event.limit_on, restarts=event.restarts
    )
    return replace(case, state=_S.CORRECTION, correction=asked)


@_after.register
def _(event: e.CorrectionReceived, case: Case) -> Case:
    asked = case.correction
    assert asked is not None
    came = replace(asked, received_on=event.on, is_lapsed=False)
    case = replace(case, state=_S.RECEIVED, correction=came, outcome=None, closed_on=None)
    return _anew(case, event) if asked.restarts else case


@_after.register
def _(event: e.CorrectionLapsed, case: Case) -> Case:
    assert case.correction is not None
    return replace(
        case, state=_S.ABANDONED_CORRECTION, correction=replace(case.correction, is_lapsed=True),
        outcome=Outcome.O1_NOT_CORRECTED, closed_on=event.on,
    )  # fmt: skip


@_after.register
def _(event: e.ConsultationSent, case: Case) -> Case:
    known = {one.consultation_id for one in case.consultations}
    _require(event.consultation_id not in known, "This party was asked before.")
    sent = Consulted(event.consultation_id, event.party, event.on)
    state = _S.PROCESSING if case.state is _S.RECEIVED else case.state
    return replace(case, state=state, consultations=(*case.consultations, sent))


@_after.register
def _(event: e.ConsultationDelivered, case: Case) -> Case:
    asked = case.consulted(event.consultation_id)
    _require(asked.is_open and asked.delivered_on is None, "It was delivered or closed before.")
    return _with(case, replace(asked, delivered_on=event.on, limit_on=event.limit_on))


@_after.register
def _(event: e.ConsultationReturned, case: Case) -> Case:
    asked = case.consulted(event.consultation_id)
    _require(asked.is_open, "Its opinion came before.")
    return _with(case, replace(asked, returned_on=event.on, view=event.view))


@_after.register
def _(event: e.ExtensionProposed, case: Case) -> Case:
    waits = case.extension_proposed is not None or case.extension_approved is not None
    _require(not case.is_extended and not waits, "It was extended or proposed before.")
    return replace(case, extension_proposed=event.days)


@_after.register
def _(event: e.ExtensionRefused, case: Case) -> Case:
    _require(case.extension_proposed is not None, "Nothing was proposed.")
    return replace(case, extension_proposed=None)


@_after.register
def _(event: e.ExtensionApproved, case: Case) -> Case:
    _require(case.extension_proposed is not None, "Nothing was proposed.")
    return replace(
        case, extension_proposed=None, extension_approved=event.days, extension_approved_on=event.on
    )


@_after.register
def _(event: e.ExtensionTold, case: Case) -> Case:
    days = case.extension_approved
    _require(days is not None, "No extension was approved.")
    return replace(case, extension_approved=None, extension_days=days or 0)


@_after.register
def _(event: e.ReasonsAsked, case: Case) -> Case:
    _require(case.reasons_asked_on is None, "Reasons were asked for before.")
    return replace(case, state=_S.REASONS, reasons_asked_on=event.on)


@_after.register
def _(event: e.ReasonsGiven, case: Case) -> Case:
    return replace(case, state=_S.PROCESSING, reasons_reasonable=event.reasonable)


@_after.register
def _(event: e.Delayed, case: Case) -> Case:
    _require(case.reasons_reasonable is True, "No good reasons were given.")
    _require(case.delayed_until is None, "It was delayed before.")
    return replace(case, delayed_until=event.until)


@_after.register
def _(event: e.FeeAsked, case: Case) -> Case:
    _require(case.fee is None, "A fee was asked for before.")
    return replace(case, state=_S.FEE, fee=Fee(event.on, event.yuan, event.pay_by))


@_after.register
def _(event: e.FeePaid, case: Case) -> Case:
    assert case.fee is not None
    fee = replace(case.fee, paid_on=event.on, restarts=event.restarts)
    if event.restarts:
        return _anew(replace(case, state=_S.RECEIVED, fee=fee), event)
    return replace(case, state=_S.PROCESSING, fee=fee)


@_after.register
def _(event: e.FeeLapsed, case: Case) -> Case:
    assert case.fee is not None
    return replace(
        case, state=_S.ABANDONED_FEE, fee=replace(case.fee, is_lapsed=True),
        outcome=Outcome.O2_NOT_PAID, closed_on=event.on,
    )  # fmt: skip


@_after.register
def _(event: e.SentForReview, case: Case) -> Case:
    return replace(
        case, state=_S.REVIEW, letter_id=event.letter_id, outcome=event.outcome, review_passed=False
    )


@_after.register
def _(event: e.ReviewReturned, case: Case) -> Case:
    _require(event.letter_id == case.letter_id, "Another letter is under review.")
    return replace(
        case, state=_S.PROCESSING, letter_id=None, outcome=None, review_passed=False
    )  # fmt: skip


@_after.register
def _(event: e.ReviewPassed, case: Case) -> Case:
    _require(event.letter_id == case.letter_id, "Another letter is under review.")
    _require(not case.review_passed, "It passed before.")
    return replace(case, review_passed=True)


@_after.register
def _(event: e.Issued, case: Case) -> Case:
    _require(event.letter_id == case.letter_id, "Another letter is under review.")
    _require(event.outcome is case.outcome, "Another outcome was reviewed.")
    _require(case.review_passed, "The secrecy check is not passed.")
    return replace(case, state=_S.ISSUED, issued_on=event.on)


@_after.register
def _(event: e.Served, case: Case) -> Case:
    _require(event.letter_id == case.letter_id, "Another letter was issued.")
    _require(event.outcome is case.outcome, "Another outcome was issued.")
    return replace(
        case, state=_S.REPLIED, served_on=event.on, served_by=event.way, closed_on=event.on
    )  # fmt: skip


@_after.register
def _(event: e.Withdrawn, case: Case) -> Case:
    return replace(
        case, state=_S.WITHDRAWN, outcome=Outcome.O3_OTHER, closed_on=event.on, letter_id=None,
    )  # fmt: skip


@_after.register
def _(event: e.CategoryChanged, case: Case) -> Case:
    return replace(case, applicant_kind=event.applicant_kind, org_category=event.org_category)


@_after.register
def _(event: e.RemedyLodged, case: Case) -> Case:
    known = {one.remedy_id for one in case.remedies}
    _require(event.remedy_id not in known, "It was lodged before.")
    lodged = Lodged(event.remedy_id, event.remedy, event.on)
    return replace(case, remedies=(*case.remedies, lodged))


@_after.register
def _(event: e.RemedyDecided, case: Case) -> Case:
    open_ids = {one.remedy_id for one in case.remedies if one.result is None}
    _require(event.remedy_id in open_ids, "It is not open.")
    return replace(
        case,
        remedies=tuple(
            replace(one, result=event.result, decided_on=event.on)
            if one.remedy_id == event.remedy_id
            else one
            for one in case.remedies
        ),
    )


@_after.register
def _(event: e.RedoOrdered, case: Case) -> Case:
    anew = _anew(case, event)
    return replace(
        anew, state=_S.REDO, redo_due=event.due_on, letter_id=None, review_passed=False,
        outcome=None, issued_on=None, served_on=None, served_by=None, closed_on=None,
        archived_on=None, archive_number="",
    )  # fmt: skip


@_after.register
def _(event: e.Archived, case: Case) -> Case:
    return replace(
        case, state=_S.ARCHIVED, archived_on=event.on, archive_number=event.archive_number
    )


def _anew(case: Case, event: e.Event) -> Case:
    """Begin a new period on the day of an event: what lengthened the old one is gone with it."""
    return replace(
        case, received_on=event.on, extension_proposed=None, extension_approved=None,
        extension_approved_on=None, extension_days=0, delayed_until=None, redo_due=None,
    )  # fmt: skip


def _with(case: Case, changed: Consulted) -> Case:
    return replace(
        case,
        consultations=tuple(
            changed if one.consultation_id == changed.consultation_id else one
            for one in case.consultations
        ),
    )
