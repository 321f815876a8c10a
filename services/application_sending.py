"""A draft becomes an application, once, however often it is sent."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from models.applicant import IdentityCheck, IdentityKind
from models.application import ApplicantKind, Application, Channel, FiledBy
from models.citizen_tie import TieReason
from models.venue import Venue
from services import application_drafts, applications, citizen_cases
from services.application_drafts import AlreadySent, Draft
from services.application_filing import Also
from services.applications import Filing
from services.clock import zone_day
from services.disclosure.draft_content import DraftContent, Step
from services.disclosure.identity_numbers import check_number
from services.disclosure.request import Person, Request
from services.errors import Invalid, NotAllowed
from services.secret_key import SecretKeys


async def send(
    draft: Draft, *, venue: Venue, channel: Channel, keys: SecretKeys, now: datetime
) -> int:
    """Send a draft and wipe it; return the application that it is, in one transaction.

    Sending it again makes no second application, wherever it was sent first. Whoever has it on their
    phone follows what it becomes. Raises Invalid while a question is open, NotAcceptedHere, AreaMissing.
    """
    if draft.application_id is not None:
        return draft.application_id
    content = draft.content
    if content.next_step() is not Step.CHECK or content.agency_id is None:
        raise Invalid("A question is open.", sentence="还有一项没有填，请填完再提交。")
    at_kiosk = channel is Channel.COUNTER
    draft = await application_drafts.save(draft, _being_sent, at_kiosk=at_kiosk, keys=keys, now=now)
    if draft.application_id is not None:
        return draft.application_id
    reason = TieReason.HANDED_OVER if at_kiosk else TieReason.FILED
    try:
        filed = await applications.file(
            _filing(draft, content.agency_id, venue, channel, now), keys=keys, now=now,
            actor=None, also=settling(draft.id, reason, now),
        )  # fmt: skip
    except AlreadySent:
        sent = await application_drafts.find(draft.code, keys=keys, now=now)
        assert sent.application_id is not None
        return sent.application_id
    except (Invalid, NotAllowed):
        await application_drafts.save(draft, _open_again, at_kiosk=at_kiosk, keys=keys, now=now)
        raise
    return filed.application_id


def settling(draft_id: int, reason: TieReason, now: datetime) -> Also:
    """Return what a filing does with the draft that it is made of: the draft is one application for
    good, and whoever has it on their phone follows that, and may act on it.
    """

    async def settle(row: Application, database: BaseDBAsyncClient) -> None:
        draft = await application_drafts.settle(draft_id, row, now, database)
        if draft is not None and draft.citizen_id is not None:
            await citizen_cases.tie(draft.citizen_id, row.id, reason, True, database)

    return settle


def _filing(draft: Draft, agency_id: int, venue: Venue, channel: Channel, now: datetime) -> Filing:
    content = draft.content
    return Filing(
        agency_id=agency_id,
        venue_id=venue.id,
        channel=channel,
        filed_by=FiledBy.APPLICANT,
        person=person_in(content, now),
        request=request_in(content),
        notice_version=content.notice_version,
        idempotency_key=f"draft {draft.code}",
        search_evidence=content.search_evidence(),
    )


def _being_sent(content: DraftContent) -> DraftContent:
    return msgspec.structs.replace(content, is_being_sent=True)


def _open_again(content: DraftContent) -> DraftContent:
    return msgspec.structs.replace(content, is_being_sent=False)


def doubt_about(kind: IdentityKind | None, number: str, today: date) -> str:
    """Return why the number of a document may be mistyped, "" where nothing speaks for it."""
    return check_number(kind or IdentityKind.RESIDENT_ID, number, today=today).reason


def request_in(content: DraftContent) -> Request:
    """Return what is wanted, of a draft that is filled in."""
    assert content.delivery_way is not None and content.carrier is not None
    return Request(
        title=content.title,
        document_number=content.document_number,
        features=content.features,
        period=content.period,
        place=content.place,
        delivery_way=content.delivery_way,
        carrier=content.carrier,
        accepts_other_form=content.accepts_other_form,
        suggests_publication=content.suggests_publication,
    )


def content_of(
    agency_id: int, person: Person, request: Request, notice_version: str
) -> DraftContent:
    """Return what was sent as it is filled in, every question answered, to be changed and sent anew."""
    return DraftContent(
        agency_id=agency_id,
        title=request.title,
        features=request.features,
        document_number=request.document_number,
        period=request.period,
        place=request.place,
        kind=person.kind,
        org_category=person.org_category,
        name=person.name,
        representative=person.representative,
        contact=person.contact,
        identity_kind=person.identity_kind,
        identity_number=person.identity_number,
        phone=person.phone,
        delivery_way=request.delivery_way,
        address=person.address,
        postcode=person.postcode,
        email=person.email,
        fax=person.fax,
        carrier=request.carrier,
        accepts_other_form=request.accepts_other_form,
        suggests_publication=request.suggests_publication,
        help_wanted=person.help_wanted,
        notice_version=notice_version,
        answered=tuple(step for step in Step if step is not Step.CHECK),
    )


def person_in(content: DraftContent, now: datetime) -> Person:
    """Return who applies, of a draft that is filled in."""
    kind = content.identity_kind or IdentityKind.RESIDENT_ID
    number = check_number(kind, content.identity_number, today=zone_day(now))
    has_checksum = kind in {IdentityKind.RESIDENT_ID, IdentityKind.CREDIT_CODE}
    is_right = has_checksum and number.valid
    return Person(
        kind=content.kind or ApplicantKind.NATURAL_PERSON,
        org_category=content.org_category,
        name=content.name,
        representative=content.representative,
        identity_kind=kind,
        identity_number=number.number,
        identity_check=IdentityCheck.CHECKSUM if is_right else IdentityCheck.NONE,
        contact=content.contact,
        phone=content.phone,
        address=content.address,
        postcode=content.postcode,
        email=content.email,
        fax=content.fax,
        help_wanted=content.help_wanted,
    )
