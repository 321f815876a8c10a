"""Taking an application in (接收申请): the case and its receipt are made together, or neither is.

Source: Regulation on Open Government Information (2019 revision), Articles 29 and 31. What is missing
keeps nobody from being received, but for three things: to whom, how to reach the applicant, and what.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.application import (
    ApplicantKind,
    Application,
    ApplicationState,
    Channel,
    FiledBy,
    OrgCategory,
)
from models.disclosure_office import DisclosureOffice
from models.venue import Area, Venue
from services import applicants, application_events, audit, case_notices, venues
from services.access import Actor, Permission, system
from services.application_numbers import new_query_code, register_number
from services.application_projection import calendar_for, project
from services.audit import Action
from services.clock import zone_day
from services.disclosure.case import rebuild
from services.disclosure.deadlines import IN_FORCE_SINCE, ImpossibleDay
from services.disclosure.events import AnyEvent, Noted, Received, Submitted
from services.disclosure.receipt_days import receipt_day
from services.disclosure.request import Person, Request
from services.errors import Conflict, Invalid, NotAcceptedHere, NotFound, Unavailable
from services.number_series import APPLICATIONS, next_number
from services.secret_key import SecretKeys

_ATTEMPTS = 20
_LONGEST = 4_000
"""Characters of one field."""
APPLICANT = "申请人"
"""Who is named in the log for what an applicant does alone."""
Also = Callable[[Application, BaseDBAsyncClient], Awaitable[None]]
"""What is done in the same transaction, with the application that it is about."""


class NothingDescribed(Invalid):
    code = "nothing_described"
    sentence = "还没有写明要什么信息：请写上名称、文号，或者能让人找到它的特征。"


class NoContact(Invalid):
    code = "no_contact"
    sentence = "还没有留下联系方式：电话、通信地址、电子邮箱或传真，请至少留一种。"


class OralUnrecorded(Invalid):
    code = "oral_unrecorded"
    sentence = (
        "口头申请由工作人员代为填写：请记下代填人、书写的困难，以及怎样宣读和确认（第二十九条）。"
    )


class KeyUsed(Conflict):
    """The sender used the same idempotency key for something else."""

    code = "idempotency_key_used"
    sentence = "这次提交和之前的一次重复了，内容却不一样。请刷新页面后重新提交。"


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """An application as a door takes it in."""

    agency_id: int
    venue_id: int | None
    """None for what came to the agency itself; only its own staff file that."""
    channel: Channel
    filed_by: FiledBy = FiledBy.APPLICANT
    person: Person
    request: Request
    notice_version: str = ""
    idempotency_key: str = ""
    """The sender's own name for this filing, "" for none: sent twice, it makes one case."""
    received_on: date | None = None
    """The day it arrived: handed in, signed for, put in the letter box. None for today. Whether that
    is the day of receipt is decided by the channel."""
    confirmed_on: date | None = None
    """The day on which the office confirmed with the applicant, where the channel asks for it."""
    note: str = ""
    """For an oral application: recorder, difficulty, how it was read back and confirmed."""
    search_evidence: str = ""
    """What the applicant was shown when they looked whether it is public already."""


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender is told, as it stands on the receipt."""

    application_id: int
    number: str
    query_code: str
    received_on: date | None
    """None while both sides have not confirmed."""
    reply_due: date | None
    is_provisional: bool
    repeated: bool
    """Whether it had been filed before under the same key."""


async def file(
    filing: Filing,
    *,
    keys: SecretKeys,
    now: datetime,
    actor: Actor | None,
    also: Also | None = None,
) -> Filed:
    """Take an application in. Without an actor the applicant does it alone.

    `also` is done in the same transaction, before the audit record, and again where it is sent again.
    Raises NothingDescribed, NoContact, OralUnrecorded, Invalid, ImpossibleDay, AreaMissing, NotAcceptedHere, KeyUsed;
    NotFound where the actor does not work at the zone.
    """
    filing = _checked(filing)
    await _require_place(filing, actor, now)
    key_hashes = _key_hashes(filing, keys)
    by = actor or system(keys.sealing, APPLICANT)
    for _ in range(_ATTEMPTS):
        try:
            async with in_transaction() as database:
                if key_hashes:
                    before = await Application.get_or_none(
                        idempotency_hash__in=key_hashes, using_db=database
                    )
                    if before is not None:
                        return await _again(before, filing, keys, also, database)
                key_hash = key_hashes[0] if key_hashes else None
                return await _create(
                    filing, key_hash, keys=keys, now=now, by=by, also=also, using_db=database
                )
        except IntegrityError:
            continue  # The same was sent at the same moment, or somebody else has the query code.
    raise Unavailable("No free number was found for an application.")


def _checked(filing: Filing) -> Filing:
    """Return a filing that can be kept. Raises NothingDescribed, NoContact, Invalid."""
    person, request = filing.person, filing.request
    texts = [*_texts(person), *_texts(request), *_texts(filing)]
    if any(len(text) > _LONGEST or "\0" in text for text in texts):
        raise Invalid("A field is too long.", sentence=f"有一栏太长了，每栏最多 {_LONGEST} 个字。")
    if len(filing.notice_version) > 40 or len(filing.idempotency_key) > 200:
        raise Invalid("A name that programs give is too long.")
    if not (request.title + request.document_number + request.features).strip():
        raise NothingDescribed("Nothing is described.")
    reached = (person.phone, person.address, person.email, person.fax)
    if not any(text.strip() for text in reached):
        raise NoContact("There is no contact.")
    category = person.org_category
    if person.kind is ApplicantKind.NATURAL_PERSON:
        category = None
    elif category is None:
        category = OrgCategory.OTHER
    return msgspec.structs.replace(
        filing, person=msgspec.structs.replace(person, org_category=category)
    )


def _texts(struct: msgspec.Struct) -> list[str]:
    return [value for value in msgspec.structs.astuple(struct) if type(value) is str]


async def _require_place(filing: Filing, actor: Actor | None, now: datetime) -> None:
    """Raise unless it may be taken in at this place, for this agency, by this actor."""
    if filing.filed_by is FiledBy.ORAL and (actor is None or not filing.note.strip()):
        raise OralUnrecorded("Nobody recorded it.")
    if actor is not None:
        actor.require(Permission.TAKE_APPLICATIONS)
    if not await Agency.exists(id=filing.agency_id, is_active=True):
        raise Invalid("There is no such agency.", sentence="请选择向哪个机关申请。")
    is_theirs = actor is not None and actor.works_on(filing.venue_id, filing.agency_id)
    if filing.venue_id is None:
        # Without a zone it came to the agency itself.
        if actor is None or not actor.acts_for_agencies or not is_theirs:
            raise NotFound("It did not come to a zone.")
        return
    venue = await Venue.get_or_none(id=filing.venue_id)
    if venue is None or (actor is not None and not is_theirs):
        raise NotFound(f"There is no venue {filing.venue_id} for this person.")
    await venues.require_area(venue, Area.APPLICATIONS, now=now)
    if not await venue.accepts_for.filter(id=filing.agency_id).exists():
        raise NotAcceptedHere(f"Venue {venue.id} does not accept for {filing.agency_id}.")


def _key_hashes(filing: Filing, keys: SecretKeys) -> list[str]:
    """Return what the sender's name for a filing may be kept under, the newest first."""
    if not filing.idempotency_key:
        return []
    # The same key at another zone or for another agency is another sender's.
    parts = ("filing", filing.venue_id, filing.agency_id, filing.idempotency_key)
    return keys.keyed_hashes(msgspec.json.encode(parts).decode())


async def _again(
    row: Application,
    filing: Filing,
    keys: SecretKeys,
    also: Also | None,
    database: BaseDBAsyncClient,
) -> Filed:
    """Return the receipt of what was filed before. Raises KeyUsed where it was something else, or
    somebody else's: the form of one person, filled in again for the next, must not vanish.
    """
    is_same = keys.decrypt(row.encrypted_request) == msgspec.json.encode(filing.request).decode()
    # The category may have been mended since.
    person = msgspec.structs.replace(
        filing.person, kind=row.applicant_kind, org_category=row.org_category
    )
    if not is_same or await applicants.person_of(row, keys=keys) != person:
        raise KeyUsed(f"The key was used for application {row.id}.")
    if also is not None:
        await also(row, database)
    return filed_as(row, repeated=True)


async def _create(
    filing: Filing,
    key_hash: str | None,
    *,
    keys: SecretKeys,
    now: datetime,
    by: Actor,
    also: Also | None,
    using_db: BaseDBAsyncClient,
) -> Filed:
    today = zone_day(now)
    events = await _first_events(filing, today)
    case = rebuild(event for event, _ in events)
    running = await next_number(filing.agency_id, today.year, APPLICATIONS, using_db=using_db)
    row = Application(
        number=register_number(today.year, filing.agency_id, running),
        query_code=new_query_code(),
        agency_id=filing.agency_id,
        venue_id=filing.venue_id,
        channel=filing.channel,
        filed_by=filing.filed_by,
        recorded_by_id=by.staff_id,
        applicant_kind=filing.person.kind,
        org_category=filing.person.org_category,
        encrypted_request=keys.encrypt(msgspec.json.encode(filing.request).decode()),
        delivery_way=filing.request.delivery_way,
        carrier=filing.request.carrier,
        notice_version=filing.notice_version,
        idempotency_hash=key_hash,
        submitted_at=now,
        state=ApplicationState.SUBMITTED,
    )
    project(row, case, await calendar_for(filing.agency_id), today)
    await row.save(using_db=using_db, force_create=True)
    await applicants.keep(row.id, filing.person, row.query_code, keys=keys, database=using_db)
    for position, (event, note) in enumerate(events, start=1):
        await application_events.append(
            row.id, position, event, actor=by, now=now, note=note, keys=keys, using_db=using_db
        )
    if also is not None:
        await also(row, using_db)
        # Only now it is known who follows it.
        for event, _ in events:
            await case_notices.note(row, event, using_db=using_db, now=now)
    await audit.record(
        by, Action.APPLICATION_FILED, f"application:{row.id}", venue_id=filing.venue_id,
        using_db=using_db, agency=filing.agency_id, channel=filing.channel.value,
    )  # fmt: skip
    return filed_as(row, repeated=False)


async def _first_events(filing: Filing, today: date) -> list[tuple[AnyEvent, str]]:
    """Return what the case begins with, and the words beside each."""
    arrived = filing.received_on or today
    if arrived > today or (filing.confirmed_on is not None and filing.confirmed_on > today):
        raise ImpossibleDay(sentence="收到日在今天之后，请核对日期。")
    if arrived < IN_FORCE_SINCE:
        raise ImpossibleDay(
            sentence="收到日早于2019年5月15日：现行条例从这一天起施行，之前的申请不按它计算。"
        )
    office = await DisclosureOffice.get_or_none(agency_id=filing.agency_id)
    day_zero = receipt_day(
        filing.channel,
        arrived,
        filing.confirmed_on,
        confirms_online_at_once=office is None or office.auto_confirm,
    )
    events: list[tuple[AnyEvent, str]] = [
        (Submitted(on=arrived, channel=filing.channel), filing.note)
    ]
    if filing.search_evidence:
        events.append((Noted(on=arrived), filing.search_evidence))
    if day_zero is not None:
        events.append((Received(on=day_zero), ""))
    return events


def filed_as(row: Application, *, repeated: bool) -> Filed:
    """Return what the sender of an application is told."""
    return Filed(
        application_id=row.id,
        number=row.number,
        query_code=row.query_code,
        received_on=row.received_on,
        reply_due=row.reply_due,
        is_provisional=row.is_provisional,
        repeated=repeated,
    )
