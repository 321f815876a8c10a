"""A draft becomes an application, once, however often it is sent."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from models.applicant import IdentityCheck, IdentityKind
from models.application import ApplicantKind, Channel, FiledBy
from models.venue import Venue
from services import application_drafts, applications
from services.application_drafts import Draft
from services.applications import Filed, Filing
from services.clock import zone_day
from services.disclosure.draft_content import DraftContent, Step
from services.disclosure.identity_numbers import check_number
from services.disclosure.request import Person, Request
from services.errors import Invalid, NotAllowed
from services.secret_key import SecretKeys


async def send(
    draft: Draft, *, venue: Venue, channel: Channel, keys: SecretKeys, now: datetime
) -> None:
    """Send a draft and wipe it. Sending it again makes no second application.

    Raises Invalid while a question is open, NotAcceptedHere, AreaMissing.
    """
    if draft.application_id is not None:
        return
    content = draft.content
    if content.next_step() is not Step.CHECK or content.agency_id is None:
        raise Invalid("A question is open.", sentence="还有一项没有填，请填完再提交。")
    at_kiosk = channel is Channel.COUNTER
    draft = await application_drafts.save(draft, _being_sent, at_kiosk=at_kiosk, keys=keys, now=now)
    if draft.application_id is not None:
        return
    try:
        filed = await _filed(draft, content.agency_id, venue, channel, keys, now)
    except (Invalid, NotAllowed):
        await application_drafts.save(draft, _open_again, at_kiosk=at_kiosk, keys=keys, now=now)
        raise
    await application_drafts.settle(draft, filed.application_id, now)


async def _filed(
    draft: Draft, agency_id: int, venue: Venue, channel: Channel, keys: SecretKeys, now: datetime
) -> Filed:
    content = draft.content
    return await applications.file(
        Filing(
            agency_id=agency_id,
            venue_id=venue.id,
            channel=channel,
            filed_by=FiledBy.APPLICANT,
            person=person_in(content, now),
            request=request_in(content),
            notice_version=content.notice_version,
            idempotency_key=f"draft {draft.code}",
            search_evidence=content.search_evidence(),
        ),
        keys=keys,
        now=now,
        actor=None,
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
        delivery_way=content.delivery_way,
        carrier=content.carrier,
        accepts_other_form=content.accepts_other_form,
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
