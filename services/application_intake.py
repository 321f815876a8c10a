"""Taking in what comes to a counter or by post, by staff: typed from paper, or told by word of mouth.

Nothing that a person left out keeps their application from being received, but for what nobody could
do without. What staff must note, they note: the number of a letter, how an oral application was
confirmed, why a number was taken whose checksum is wrong.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from models.agency import Agency
from models.applicant import IdentityCheck, IdentityKind
from models.application import ApplicantKind, Application, Channel, FiledBy, OrgCategory
from models.citizen_tie import TieReason
from models.venue import Area, Venue
from services import applications, referrals
from services.access import Actor, Permission
from services.application_access import sight
from services.application_sending import settling
from services.applications import Filed, Filing
from services.clock import zone_day
from services.disclosure.arrival import Arrival
from services.disclosure.identity_numbers import NumberCheck, check_number, suggested_category
from services.disclosure.oral_record import OralRecord
from services.disclosure.request import Person, Request
from services.errors import Invalid, NotAllowed, NotFound
from services.secret_key import SecretKeys

_SEEN = {IdentityCheck.DOCUMENT_SEEN, IdentityCheck.CARD_READER, IdentityCheck.NATIONAL_PLATFORM}


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """An application as staff typed it."""

    agency_id: int
    venue_id: int | None
    """None for what came to the agency itself."""
    person: Person
    request: Request
    arrival: Arrival
    oral: OralRecord | None = None
    """None for a paper that was typed."""
    notice_version: str = ""
    key: str
    """The name of this form: sent twice, it makes one case."""
    search_evidence: str = ""
    draft_id: int | None = None
    """The draft that was handed over and is filed by this, None for what was typed from paper."""


class IntakeIncomplete(Invalid):
    """Staff left something out that is theirs to note. `fields` says what, a sentence by field."""

    code = "intake_incomplete"
    sentence = "还有几处要补充或核对，请看各栏的提示。"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


async def zones_of(actor: Actor) -> list[Venue]:
    """Return the zones at whose counters somebody takes applications in; none for an agency's own."""
    actor.require(Permission.TAKE_APPLICATIONS)
    if actor.acts_for_agencies:
        return []
    rows = Venue.filter(is_open_to_public=True)
    if actor.venue_ids is not None:
        rows = rows.filter(id__in=list(actor.venue_ids))
    return [venue for venue in await rows.order_by("id") if Area.APPLICATIONS in venue.areas]


async def agencies_for(actor: Actor, venue: Venue | None) -> tuple[list[Agency], list[Agency]]:
    """Return the agencies that somebody takes in for, and those that they only show the way to."""
    if venue is not None:
        return await referrals.accepted_at(venue), await referrals.others_than_accepted(venue)
    own = Agency.filter(id__in=list(actor.agency_ids), is_active=True)
    others = Agency.filter(is_active=True).exclude(id__in=list(actor.agency_ids))
    return await own.order_by("name", "id"), await others.order_by("name", "id")


async def take_in(actor: Actor, intake: Intake, *, keys: SecretKeys, now: datetime) -> Filed:
    """Take an application in; what is sent twice under one key is one case, and so is a draft that was
    handed over: whoever has it on their phone follows it there.

    Raises IntakeIncomplete, AlreadySent for a draft that was sent meanwhile, and what services.applications.file raises.
    """
    actor.require(Permission.TAKE_APPLICATIONS)
    today = zone_day(now)
    missing = findings(intake, today)
    if missing:
        raise IntakeIncomplete(missing)
    notes = [intake.arrival.note(), intake.oral.note() if intake.oral else ""]
    return await applications.file(
        Filing(
            agency_id=intake.agency_id,
            venue_id=intake.venue_id,
            channel=intake.arrival.channel,
            filed_by=FiledBy.ORAL if intake.oral else FiledBy.CLERK,
            person=checked_person(intake.person, today),
            request=intake.request,
            notice_version=intake.notice_version,
            # Two members of staff who are given the same form are not the same sender.
            idempotency_key=f"staff {actor.staff_id} {intake.key}",
            received_on=intake.arrival.arrived_on,
            confirmed_on=intake.arrival.confirmed_on,
            note="\n".join(note for note in notes if note),
            search_evidence=intake.search_evidence,
        ),
        keys=keys,
        now=now,
        actor=actor,
        also=None
        if intake.draft_id is None
        else settling(intake.draft_id, TieReason.HANDED_OVER, now),
    )


def findings(intake: Intake, today: date) -> dict[str, str]:
    """Return what staff have to add or to look at again, a sentence by field."""
    found = intake.arrival.missing(today)
    if intake.oral is not None:
        found |= intake.oral.missing()
        if intake.arrival.channel is not Channel.COUNTER:
            found["channel"] = "口头申请当面记录，来件方式请选当面提交。"
    person = intake.person
    number = _number_check(person, today)
    if number is not None and not number.valid and not person.check_note.strip():
        found["identity_number"] = (
            f"{number.reason}证件上确实是这个号码的，请在“照收的原因”里写明。"
        )
    if person.kind is ApplicantKind.LEGAL_OR_OTHER and person.org_category is None:
        suggested = suggestion(person)
        found["org_category"] = f"请选择单位类别。按代码看像是{suggested.label}，以实际为准。"
    return found


def suggestion(person: Person) -> OrgCategory:
    """Return the column of the annual report that an organisation's code hints at."""
    if person.identity_kind is not IdentityKind.CREDIT_CODE:
        return OrgCategory.OTHER
    return suggested_category(person.identity_number)


def checked_person(person: Person, today: date) -> Person:
    """Return somebody with how far their identity was checked, and the number as it is stored."""
    number = _number_check(person, today)
    if number is None:
        return msgspec.structs.replace(person, identity_check=IdentityCheck.NONE, check_note="")
    how = person.identity_check
    if how not in _SEEN:
        has_checksum = person.identity_kind in {
            IdentityKind.RESIDENT_ID,
            IdentityKind.CREDIT_CODE,
        }
        how = IdentityCheck.CHECKSUM if number.valid and has_checksum else IdentityCheck.NONE
    note = "" if number.valid else person.check_note.strip()
    return msgspec.structs.replace(
        person, identity_number=number.number, identity_check=how, check_note=note
    )


async def taken_in(actor: Actor, application_id: int) -> Application:
    """Return an application whose papers somebody may add to. Raises NotAllowed, NotFound."""
    actor.require(Permission.TAKE_APPLICATIONS)
    row = await Application.get_or_none(sight(actor), id=application_id)
    if row is None:
        raise NotFound(f"Application {application_id} is out of sight.")
    return row


async def taken_in_lately(actor: Actor, *, most: int = 20) -> list[Application]:
    """Return what somebody took in themselves, the latest first, so that receipts are printed again."""
    if actor.staff_id is None:
        raise NotAllowed("Only staff take applications in.")
    rows = Application.filter(sight(actor), recorded_by_id=actor.staff_id)
    return await rows.order_by("-id").limit(most).select_related("agency")


def _number_check(person: Person, today: date) -> NumberCheck | None:
    if not person.identity_number.strip():
        return None
    return check_number(person.identity_kind, person.identity_number, today=today)
