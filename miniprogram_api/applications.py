"""Applying for government information from a program, and asking how an application stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, Channel, DeliveryWay, OrgCategory
from services import application_intake, application_receipts, applications, referrals, venues
from services.applications import Filing
from services.clock import zone_day
from services.disclosure import request as wanted
from services.errors import Invalid

_KEY_HEADER = "idempotency-key"
_LONGEST_KEY = 100


AgencyId = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class IdempotencyKeyMissing(Invalid):
    """Without a name for what is sent, sending it again would make a second application."""

    code = "idempotency_key_missing"
    sentence = "请求里缺少 Idempotency-Key：每份申请用一个自己生成的编号，重发时用同一个。"


class ApiApplicant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who applies. "" where nothing is given; what is missing is asked for later (补正)."""

    kind: ApplicantKind = ApplicantKind.NATURAL_PERSON
    org_category: OrgCategory | None = None
    """For organisations: the column of the annual report."""
    name: str
    identity_kind: IdentityKind = IdentityKind.RESIDENT_ID
    identity_number: str = ""
    representative: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    email: str = ""
    fax: str = ""
    help_wanted: str = ""


class ApiRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wanted: one of title, document_number and features at least."""

    title: str = ""
    document_number: str = ""
    features: str = ""
    period: str = ""
    place: str = ""
    delivery_way: DeliveryWay
    carrier: Carrier
    accepts_other_form: bool = True
    suggests_publication: bool = False


class FileApplication(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application to one agency."""

    agency_id: AgencyId
    """As GET /api/v1/agencies names it."""
    venue: str = ""
    """The code of the zone that takes it in; without one, the installation's own zone."""
    person: ApiApplicant
    request: ApiRequest
    notice_version: str
    """Which personal-information notice the applicant was shown (个人信息保护法 Article 17)."""


class ApplicationReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the applicant keeps. With the query code and a second fact they ask how it stands."""

    number: str
    query_code: str
    agency: str
    item: str
    channel: str
    submitted_on: date
    received_on: date | None
    """Day zero of the period; null until both sides have confirmed."""
    reply_due: date | None
    is_provisional: bool
    """Whether reply_due may still move: the holidays of that year are not announced (暂定)."""
    office: str
    phone: str
    address: str
    sentence: str


class AskStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever asks has to know."""

    query_code: str
    second_fact: str
    """The last four characters of the identity number or the phone, or the whole name."""


class AgencyInList(msgspec.Struct, frozen=True):
    """An agency, and whether the zone takes applications for it."""

    id: int
    name: str
    accepted: bool


class AgenciesReply(msgspec.Struct, frozen=True):
    """All agencies, those that the zone takes applications for first."""

    venue: str
    agencies: list[AgencyInList]


async def file(request: Request) -> HTTPResponse:
    """Take an application in; under the same key the same receipt is returned."""
    key = request.headers.get(_KEY_HEADER, "").strip()
    # What is no text at all comes as characters that cannot be printed.
    if not key or len(key) > _LONGEST_KEY or not key.isprintable():
        raise IdempotencyKeyMissing("There is no usable Idempotency-Key.")
    body = msgspec.json.decode(request.body, type=FileApplication)
    context = request.app.ctx
    context.applications_limit.note(request.ctx.address)
    venue = await venues.first(body.venue or context.parts.settings.venue)
    keys, now = context.parts.keys, datetime.now(UTC)
    person = wanted.Person(**msgspec.structs.asdict(body.person))
    filing = Filing(
        agency_id=body.agency_id,
        venue_id=venue.id,
        channel=Channel.ONLINE,
        person=application_intake.checked_person(person, zone_day(now)),
        request=wanted.Request(**msgspec.structs.asdict(body.request)),
        notice_version=body.notice_version,
        idempotency_key=f"api {key}",
    )
    filed = await referrals.filed_or_referred(
        venue, body.agency_id, applications.file(filing, keys=keys, now=now, actor=None)
    )
    receipt = await application_receipts.receipt_of(filed.application_id, keys=keys)
    shown = {name: getattr(receipt, name) for name in ApplicationReceipt.__struct_fields__}
    return json(ApplicationReceipt(**shown), status=200 if filed.repeated else 201)


async def status(request: Request) -> HTTPResponse:
    """Say how an application stands, masked. Guessing gets slow."""
    asked = msgspec.json.decode(request.body, type=AskStatus)
    return json(
        await request.app.ctx.application_status(
            request.ctx.address, asked.query_code, asked.second_fact, now=datetime.now(UTC)
        )
    )


async def agencies(request: Request) -> HTTPResponse:
    """List the agencies, and for which of them a zone takes applications."""
    code = request.args.get("venue") or request.app.ctx.parts.settings.venue
    venue = await venues.first(code)
    listed = [AgencyInList(row.id, row.name, True) for row in await referrals.accepted_at(venue)]
    others = await referrals.others_than_accepted(venue)
    listed += [AgencyInList(row.id, row.name, False) for row in others]
    return json(AgenciesReply(venue.code, listed))
