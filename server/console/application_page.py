"""The page of one application: everything that whoever works on it needs, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sanic import HTTPResponse, Request

from models.application_file import FilePurpose
from models.consultation import Consultation
from models.disclosure_office import DisclosureOffice
from models.official_letter import LetterKind, OfficialLetter
from models.outcome import Outcome
from server.console.application_act_forms import Act, Asked, Seen
from server.console.application_consultations import CONSULTATIONS
from server.console.application_corrections import CORRECTIONS
from server.console.application_extensions import EXTENSIONS, REASONS
from server.console.application_fees import FEES
from server.console.application_receiving import CLOSING, RECEIVING
from server.console.application_remedies import REMEDIES
from server.console.pages import show
from server.context import context_of
from server.errors import describe
from services import (
    applicants,
    application_acts,
    application_files,
    application_messages,
    applications,
)
from services import application_access as access
from services.access import Actor, Permission
from services.applicant_corrections import LABELS
from services.applicants import Reason
from services.application_events import StoredEvent
from services.application_projection import calendar_for
from services.clock import zone_day
from services.disclosure import deadlines
from services.disclosure.alerts import alerts
from services.disclosure.case import Case
from services.disclosure.deadlines import Deadline
from services.disclosure.outcomes import law_of
from services.disclosure.possible import possible
from services.disclosure.receipt_days import why_that_day
from services.disclosure.request import Person
from services.disclosure.transitions import ClockEffect, effect_of
from services.errors import EditedMeanwhile, OpenZoneError
from services.secret_key import SecretKeys

ACTS = (*RECEIVING, *CORRECTIONS, *CONSULTATIONS, *EXTENSIONS, *REASONS, *FEES, *REMEDIES, *CLOSING)
_FIRST = {
    "receive", "contact", "begin", "approve-extension", "refuse-extension", "tell-extension",
    "correction-received", "correction-lapsed", "consultation-delivered", "consultation-returned",
    "reasons-given", "fee-paid", "fee-lapsed", "remedy-decided", "archive",
}  # fmt: skip
"""What waits to be done where it is possible; everything else may be done besides."""
# The receipt is printed where it is handed out.
_KINDS = [kind for kind in LetterKind if kind is not LetterKind.N1_RECEIPT]
_LAPSED = {Outcome.O1_NOT_CORRECTED, Outcome.O2_NOT_PAID}
_OUTCOMES = [
    (one.value, f"{one.value} {law_of(one).label}") for one in Outcome if one not in _LAPSED
]


@dataclass(frozen=True)
class Refused:
    """A form that was sent and not taken: shown again, with what was typed and why."""

    slug: str
    sentence: str
    status: int
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, slug: str, refused: OpenZoneError, values: dict[str, str], errors: dict[str, str]
    ) -> Refused:
        """Return what to show for a refusal."""
        if isinstance(refused, EditedMeanwhile):
            sentence = (
                "您打开之后，别人已经办过这件申请。这次没有办成，请看看下面的办理经过，再决定。"
            )
        else:
            sentence = refused.sentence
        return cls(slug, sentence, describe(refused).status, values, errors)


@dataclass(frozen=True)
class Told:
    """One line of what happened."""

    stored: StoredEvent
    facts: list[str]
    note: str
    effect: str
    """What it did to the period, "" for nothing."""


async def see(actor: Actor, application_id: int, *, keys: SecretKeys, now: datetime) -> Seen:
    """Return a case as somebody sees it. Raises NotFound."""
    row, case, stored = await applications.case_of(actor, application_id)
    await row.fetch_related("agency", "venue", "assigned_to")
    office = await DisclosureOffice.get_or_none(agency_id=row.agency_id)
    works = access.works_on(actor, row)
    return Seen(
        actor=actor,
        row=row,
        case=case,
        stored=stored,
        calendar=await calendar_for(row.agency_id),
        today=zone_day(now),
        handlers=await application_acts.handlers(row.agency_id) if works else [],
        parties=await _parties(application_id, keys) if access.may_see_work(actor, row) else [],
        correction_days=office.correction_days if office is not None else 15,
    )


def offered(seen: Seen) -> list[Act]:
    """Return the acts that the case lets follow and the actor may do."""
    now_possible = possible(seen.case)
    works = access.works_on(seen.actor, seen.row)
    return [
        act
        for act in ACTS
        if act.event in now_possible
        and seen.actor.may(act.permission)
        and (works or act.permission is Permission.TAKE_APPLICATIONS)
        and act.is_offered(seen)
    ]


async def case_page(
    request: Request,
    actor: Actor,
    application_id: int,
    *,
    refused: Refused | None = None,
    person: Person | None = None,
) -> HTTPResponse:
    """Show one application. `person` is who applies, in full, where somebody asked to see it."""
    keys, now = context_of(request).parts.keys, datetime.now(UTC)
    seen = await see(actor, application_id, keys=keys, now=now)
    may_read = access.may_see_words(actor, seen.row)
    may_follow = access.may_see_work(actor, seen.row)
    acts = offered(seen)
    return show(
        request, actor, "console/application.html",
        status=refused.status if refused is not None else 200,
        seen=seen, row=seen.row, case=seen.case, refused=refused,
        wanted=await applications.request_of(actor, application_id, keys=keys) if may_read else None,
        masked=await applicants.masked(actor, seen.row, keys=keys), person=person,
        may_show_identity=access.may_see_identity(actor, seen.row),
        may_show_contact=access.may_see_contact(actor, seen.row),
        works=access.works_on(actor, seen.row), reasons=list(Reason),
        person_fields=list(LABELS.items()),
        first=[act for act in acts if act.slug in _FIRST],
        others=[act for act in acts if act.slug not in _FIRST],
        why_received=_why_received(seen), dates=_dates(seen), told=_told(seen, keys, may_follow),
        messages=await application_messages.of_case(actor, seen.row, keys=keys),
        files=await application_files.listed(actor, application_id, keys=keys),
        purposes=list(FilePurpose), letter_kinds=_KINDS, outcomes=_OUTCOMES,
        letters=await _letters(seen) if may_follow else [],
        outcome=law_of(seen.row.outcome).label if seen.row.outcome is not None else "",
        alerts=alerts(
            seen.case, calendar=seen.calendar, today=seen.today, way=seen.row.delivery_way
        ),
    )  # fmt: skip


def reply_deadline(case: Case, seen: Seen) -> Deadline | None:
    """Return the last day for the reply with its days, None where no period runs."""
    if case.clock is None:
        return None
    return deadlines.reply_due(case.clock, seen.calendar, today=case.served_on or seen.today)


def _why_received(seen: Seen) -> str:
    if seen.case.received_on is None:
        return ""
    corrected = seen.case.correction is not None and seen.case.correction.received_on is not None
    if corrected:
        return "收到补正的那一天，期限重新起算（第三十条）"
    return why_that_day(seen.row.channel)


def _dates(seen: Seen) -> dict[str, Any]:
    """Return the last days of a case and how the one for the reply is counted."""
    due = reply_deadline(seen.case, seen)
    clock, extension_until = seen.case.clock, None
    if clock is not None and seen.case.is_open and not seen.case.is_extended:
        end = deadlines.first_period_end(clock, seen.calendar, today=seen.today)
        extension_until = end.on
    review_until = suit_until = None
    if seen.case.served_on is not None:
        review_until = deadlines.review_until(seen.case.served_on, seen.calendar)
        suit_until = deadlines.suit_until(seen.case.served_on, seen.calendar)
    return {
        "reply": due,
        "extension_until": extension_until,
        "review_until": review_until,
        "suit_until": suit_until,
        "is_late": seen.row.next_due_on is not None and seen.row.next_due_on < seen.today,
    }


def _told(seen: Seen, keys: SecretKeys, may_follow: bool) -> list[Told]:
    names = {one.id: f"{one.party}：{one.name}" for one in seen.parties}
    handlers = {one.id: one.display_name for one in seen.handlers}
    told = []
    for stored in reversed(seen.stored):
        effect = effect_of(stored.event)
        told.append(
            Told(
                stored,
                facts_of(stored, names, handlers),
                stored.note(keys) if may_follow else "",
                "" if effect is ClockEffect.NONE else effect.label,
            )
        )
    return told


def facts_of(stored: StoredEvent, parties: dict[int, str], handlers: dict[int, str]) -> list[str]:
    """Return what an event says besides its day, in words."""
    event = stored.event
    facts: list[str] = []
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name == "party" and facts:
            continue  # The party is named already.
        if name == "consultation_id":
            facts.append(parties.get(value, "对象"))
        elif name == "staff_id":
            facts.append(handlers.get(value, "经办人"))
        elif name in _SAYS:
            said = _SAYS[name](value)
            if said:
                facts.append(said)
    return facts


def _labelled(value: Any) -> str:
    return str(value.label)


def _day(label: str) -> Any:
    return lambda value: f"{label}{value:%Y年%m月%d日}" if isinstance(value, date) else ""


_SAYS: dict[str, Any] = {
    "channel": _labelled,
    "reached": lambda value: "联系上了" if value else "没有联系上",
    "served_on": _day("送达"),
    "limit_on": _day("期限到"),
    "days": lambda value: f"{value}个工作日",
    "by_head": lambda value: "负责人决定" if value else "",
    "with_good_reason": lambda value: "有正当理由" if value else "",
    "party": _labelled,
    "view": _labelled,
    "applications_counted": lambda value: f"{value}件",
    "reasonable": lambda value: "理由合理" if value else "理由不合理",
    "until": _day("到"),
    "yuan": lambda value: f"{value}元",
    "pay_by": _day("缴费期限到"),
    "receipt_number": lambda value: f"票据{value}" if value else "",
    "outcome": lambda value: law_of(value).label,
    "way": _labelled,
    "applicant_kind": _labelled,
    "org_category": lambda value: value.label if value is not None else "",
    "remedy": _labelled,
    "result": _labelled,
    "due_on": _day("期限到"),
    "archive_number": str,
    "reply_due_before": _day("原来是"),
    "reply_due_after": _day("现在是"),
}
"""How the fields of an event are said."""


async def _parties(application_id: int, keys: SecretKeys) -> list[Asked]:
    def words(encrypted: bytes | None) -> str:
        return keys.decrypt(encrypted) if encrypted is not None else ""

    return [
        Asked(
            row.id, row.party.label, words(row.encrypted_name), words(row.encrypted_subject),
            words(row.encrypted_opinion),
        )
        for row in await Consultation.filter(application_id=application_id).order_by("id")
    ]  # fmt: skip


async def _letters(seen: Seen) -> list[OfficialLetter]:
    return await OfficialLetter.filter(application_id=seen.row.id).order_by("id")
