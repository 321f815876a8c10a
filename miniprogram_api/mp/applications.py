"""Applying for information from the phone, and following what was applied for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api import applications as programs
from miniprogram_api.applications import AgencyId, ApiApplicant, ApiRequest, ApplicationReceipt
from miniprogram_api.mp.idempotency import key_of
from miniprogram_api.mp.sessions import open_to_all, signed_in
from miniprogram_api.mp.venues_scanned import venue_of
from models.application import Channel
from models.application_message import MessageKind, MessageState
from models.citizen import Citizen
from models.citizen_tie import CitizenApplication, TieReason
from models.official_letter import LetterKind
from services import (
    applicant_acts,
    application_intake,
    application_messages,
    application_receipts,
    application_searches,
    application_status,
    applications,
    citizen_cases,
    referrals,
    served_letters,
)
from services.application_messages import MessageShown
from services.application_status import Status
from services.applications import Filing
from services.clock import zone_day
from services.disclosure import request as wanted
from services.disclosure.draft_content import DraftContent, FoundDocument
from services.errors import Invalid
from services.secret_key import UNREADABLE, SecretKeys

_SEARCH = "search before filing "
_LONGEST_TITLE = 500


class CanDo(StrEnum):
    """What somebody can do about an application on the phone at this moment."""

    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    """撤回修改: withdraw it and send it anew with changes."""


class AskPublic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody wants, before they apply for it."""

    title: str
    venue: str = ""


class PublicReply(msgspec.Struct, frozen=True):
    """What is public already and may be what they want."""

    found: tuple[FoundDocument, ...]
    search: str
    """To be sent along with the application: it is kept that they looked. Says nothing to anybody."""


class FileFromPhone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application to one agency."""

    agency_id: AgencyId
    """As GET /mp/v1/agencies names it."""
    venue: str = ""
    person: ApiApplicant
    request: ApiRequest
    notice_version: str
    """Which personal-information notice the applicant was shown (个人信息保护法 Article 17)."""
    search: str = ""
    """Of POST /mp/v1/applications/search."""


class FiledFromPhone(msgspec.Struct, frozen=True):
    """What was filed, and its receipt."""

    id: int
    receipt: ApplicationReceipt


class FollowedApplication(msgspec.Struct, frozen=True, kw_only=True):
    """One application in a list."""

    id: int
    reason: TieReason
    may_act: bool
    """Whether they filed it: they correct, withdraw and read it. Else they see how it stands."""
    item: str
    """What it asks for, "" where they only follow it."""
    status: Status


class FollowedReply(msgspec.Struct, frozen=True):
    """The applications that somebody follows, the latest first."""

    applications: list[FollowedApplication]


class WantedCorrection(msgspec.Struct, frozen=True):
    """What the agency wants corrected."""

    what: str
    until: date


class LetterInList(msgspec.Struct, frozen=True):
    """A letter that was served on the applicant."""

    id: int
    kind: LetterKind
    title: str
    number: str
    served_on: date | None


class SentMessage(msgspec.Struct, frozen=True):
    """What the applicant sent about their case."""

    id: int
    kind: MessageKind
    state: MessageState
    state_label: str
    text: str
    came_at: datetime

    @classmethod
    def of(cls, one: MessageShown) -> SentMessage:
        """Return it as phones read it."""
        return cls(one.id, one.kind, one.state, one.state.label, one.text, one.came_at)


class ApplicationReply(msgspec.Struct, frozen=True, kw_only=True):
    """One application: how it stands, what can be done, and what came of it."""

    application: FollowedApplication
    can: list[CanDo]
    revise_for: int
    """Seconds for which it may still be withdrawn to be changed."""
    wanted: WantedCorrection | None
    """None where no correction is waited for, and for whoever only follows it."""
    receipt: ApplicationReceipt | None
    letters: list[LetterInList]
    messages: list[SentMessage]


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    own = "/applications"
    routes.add_route(agencies, "/agencies", name="mp_agencies")
    routes.add_route(search, f"{own}/search", methods={"POST"}, name="mp_search_before")
    routes.add_route(file, own, methods={"POST"}, name="mp_file_application")
    routes.add_route(every, own, name="mp_applications")
    routes.add_route(show, f"{own}/<application_id:int>", name="mp_application")


@open_to_all
async def agencies(request: Request) -> HTTPResponse:
    """List the agencies, and for which of them the zone takes applications."""
    return await programs.agencies(request)


@open_to_all
async def search(request: Request) -> HTTPResponse:
    """Look whether what somebody wants is public already."""
    asked = msgspec.json.decode(request.body, type=AskPublic)
    title = asked.title.strip()
    if not title or len(title) > _LONGEST_TITLE or "\0" in title:
        raise Invalid("No title.", sentence=f"请写下要找的信息，最多 {_LONGEST_TITLE} 个字。")
    context = request.app.ctx
    found = await application_searches.published_about(
        title, await venue_of(request, asked.venue), context.library
    )
    looked = DraftContent(title=title, found=found, searched_on=zone_day(datetime.now(UTC)))
    sealed = context.parts.keys.encrypt(f"{_SEARCH}{looked.search_evidence()}")
    return json(PublicReply(found, sealed.decode()))


@signed_in
async def file(request: Request, citizen: Citizen) -> HTTPResponse:
    """Take an application in; under the same key the same receipt is returned."""
    key = key_of(request)
    body = msgspec.json.decode(request.body, type=FileFromPhone)
    context = request.app.ctx
    context.applications_limit.note(f"citizen {citizen.id}")
    venue = await venue_of(request, body.venue)
    keys, now = context.parts.keys, datetime.now(UTC)
    person = wanted.Person(**msgspec.structs.asdict(body.person))
    filing = Filing(
        agency_id=body.agency_id,
        venue_id=venue.id,
        channel=Channel.ONLINE,
        person=application_intake.checked_person(person, zone_day(now)),
        request=wanted.Request(**msgspec.structs.asdict(body.request)),
        notice_version=body.notice_version,
        idempotency_key=f"citizen {citizen.id} {key}",
        search_evidence=_evidence(body.search, keys),
    )
    filed = await referrals.filed_or_referred(
        venue,
        body.agency_id,
        applications.file(
            filing, keys=keys, now=now, actor=None, also=citizen_cases.tying(citizen.id)
        ),
    )
    receipt = await receipt_shown(filed.application_id, keys)
    return json(
        FiledFromPhone(filed.application_id, receipt), status=200 if filed.repeated else 201
    )


@signed_in
async def every(request: Request, citizen: Citizen) -> HTTPResponse:
    """List what somebody follows."""
    keys = request.app.ctx.parts.keys
    rows = await citizen_cases.followed_by(citizen.id)
    return json(FollowedReply([await _followed(row, keys) for row in rows]))


@signed_in
async def show(request: Request, citizen: Citizen, application_id: int) -> HTTPResponse:
    """Show one application that somebody follows."""
    tie = await citizen_cases.followed(citizen.id, application_id)
    return json(await shown(tie, request.app.ctx.parts.keys))


async def shown(tie: CitizenApplication, keys: SecretKeys) -> ApplicationReply:
    """Return everything that somebody may know of an application, its agency fetched with it."""
    followed = await _followed(tie, keys)
    if not tie.may_act:
        return ApplicationReply(
            application=followed, can=[], revise_for=0, wanted=None, receipt=None, letters=[],
            messages=[],
        )  # fmt: skip
    row, now = tie.application, datetime.now(UTC)
    stands = await applicant_acts.stands(row, keys=keys, now=now)
    letters = await served_letters.of_case(row.id)
    messages = await application_messages.every(row.id, citizen_id=tie.citizen_id, keys=keys)
    asked = stands.wanted
    can = {
        CanDo.CORRECT: stands.can_correct,
        CanDo.WITHDRAW: stands.can_withdraw,
        CanDo.REVISE: stands.revise_for > 0,
    }
    return ApplicationReply(
        application=followed,
        can=[one for one, is_so in can.items() if is_so],
        revise_for=stands.revise_for,
        wanted=WantedCorrection(asked.what, asked.until) if asked is not None else None,
        receipt=await receipt_shown(row.id, keys),
        letters=[
            LetterInList(one.id, one.kind, one.title, one.number or "", one.served_on)
            for one in letters
        ],
        messages=[SentMessage.of(one) for one in messages],
    )


async def receipt_shown(application_id: int, keys: SecretKeys) -> ApplicationReceipt:
    """Return the receipt of an application."""
    receipt = await application_receipts.receipt_of(application_id, keys=keys)
    return ApplicationReceipt(
        **{name: getattr(receipt, name) for name in ApplicationReceipt.__struct_fields__}
    )


async def _followed(tie: CitizenApplication, keys: SecretKeys) -> FollowedApplication:
    row = tie.application
    return FollowedApplication(
        id=row.id,
        reason=tie.reason,
        may_act=tie.may_act,
        item=application_receipts.item_of(row, keys) if tie.may_act else "",
        status=await application_status.status_of(row, now=datetime.now(UTC)),
    )


def _evidence(sealed: str, keys: SecretKeys) -> str:
    """Return what a search of ours found, of what was sent back. Raises Invalid for anything else."""
    if not sealed:
        return ""
    text = keys.decrypt(sealed.encode()) if sealed.isascii() else UNREADABLE
    if not text.startswith(_SEARCH):
        raise Invalid("It is no search of ours.", sentence="检索记录不对，请重新查一次再提交。")
    return text.removeprefix(_SEARCH)
