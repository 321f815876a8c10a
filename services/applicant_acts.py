"""What an applicant does about their own case from the phone: corrects it, withdraws it.

Each is one transaction and safe to repeat. What the case lets follow is its event at once; a correction
that comes late, or unasked, is kept with the moment that it came, and staff decide.

Source: Regulation on Open Government Information (2019 revision), Article 30 (correction). A data
message is in writing, and came when it reached the system (电子签名法 Articles 4 and 11): the day it
was sent is the day that counts, and the period begins anew on it. Of withdrawal no law speaks: whatever
is open may be withdrawn.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from models.application import Application, ApplicationState
from models.application_message import ApplicationMessage, MessageKind, MessageState
from services import (
    applicants,
    application_drafts,
    application_events,
    application_messages,
    applications,
    audit,
    citizen_cases,
    phone_drafts,
)
from services.access import system
from services.application_drafts import KEPT_ON_A_PHONE
from services.application_events import StoredEvent
from services.application_filing import APPLICANT, KeyUsed
from services.application_messages import MessageShown
from services.application_sending import content_of
from services.applications import Taken
from services.clock import zone_day
from services.disclosure.case import Case
from services.disclosure.deadlines import ImpossibleDay
from services.disclosure.events import CorrectionAsked, CorrectionReceived, Withdrawn
from services.disclosure.guards import NotLawful
from services.disclosure.possible import possible
from services.errors import Invalid, WrongState
from services.secret_key import SecretKeys

MAY_REVISE = timedelta(minutes=10)
"""How long after sending the phone offers to withdraw and change (撤回修改): a convention of this project."""
LONGEST = 4_000
_WITHDRAWS = "申请人在手机上撤回申请。"


class NothingToCorrect(WrongState):
    code = "nothing_to_correct"
    sentence = "这件申请已经办结，不能再补充内容。需要的话，可以重新提出申请。"


class NothingToWithdraw(WrongState):
    code = "nothing_to_withdraw"
    sentence = "这件申请已经办结或者已经撤回，不用再撤回。"


class RevisionOver(WrongState):
    code = "revision_over"
    sentence = "提交已经超过 10 分钟，不能撤回修改了。可以撤回申请以后重新填写，也可以补充说明。"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What became of something that an applicant sent."""

    message: MessageShown
    draft_id: int | None = None
    """The draft with the same contents, where it was withdrawn to be changed."""


@dataclass(frozen=True)
class Wanted:
    """What the agency wants corrected, in its own words."""

    what: str
    until: date


@dataclass(frozen=True)
class Stands:
    """What an applicant can do about their case at a moment."""

    can_correct: bool
    can_withdraw: bool
    revise_for: int
    """Seconds for which it may still be withdrawn to be changed, 0 for none."""
    wanted: Wanted | None


async def stands(row: Application, *, keys: SecretKeys, now: datetime) -> Stands:
    """Return what an applicant can do about their case now."""
    stored = await application_events.read(row.id)
    case = application_events.case_from(stored)
    left = int((row.submitted_at + MAY_REVISE - now).total_seconds())
    return Stands(
        _can_correct(case),
        _can_withdraw(case),
        left if left > 0 and _can_revise(row, case, now) else 0,
        _wanted(case, stored, keys),
    )


def _wanted(case: Case, stored: list[StoredEvent], keys: SecretKeys) -> Wanted | None:
    if case.state is not ApplicationState.CORRECTION or case.correction is None:
        return None
    told = [one.note(keys) for one in stored if isinstance(one.event, CorrectionAsked)]
    return Wanted(told[-1], case.correction.limit_on)


def _can_correct(case: Case) -> bool:
    """Return whether words of the applicant are still taken: while the agency owes something, and
    after a correction was let lapse, which a good reason mends (Article 30).
    """
    asked = case.correction
    return case.is_open or (asked is not None and asked.is_lapsed and asked.received_on is None)


def _can_withdraw(case: Case) -> bool:
    """Return whether there is anything to withdraw."""
    return Withdrawn in possible(case)


def _can_revise(row: Application, case: Case, now: datetime) -> bool:
    """Return whether it may be withdrawn to be changed: soon after it was sent, and where it came
    from a zone, which takes it in again.
    """
    is_fresh = now < row.submitted_at + MAY_REVISE and row.venue_id is not None
    return is_fresh and _can_withdraw(case)


async def correct(
    citizen_id: int, application_id: int, text: str, *, key: str, keys: SecretKeys, now: datetime
) -> Sent:
    """Take what an applicant corrects or adds.

    Raises NotFound, NotTheApplicant, NothingToCorrect, Invalid, KeyUsed.
    """
    text = _checked(text)
    if not text:
        raise Invalid("Nothing is written.", sentence="请写下要补正的内容。")
    async with _own(citizen_id, application_id, keys, now) as one:
        kind = MessageKind.CORRECTION
        before = await _before(citizen_id, application_id, kind, text, key, keys, one.database)
        if before is not None:
            return _sent(before, keys)
        if not _can_correct(one.case):
            raise NothingToCorrect(f"Application {application_id} is {one.case.state}.")
        event = CorrectionReceived(on=zone_day(now))
        try:
            await one.add(event, text)
        except (WrongState, NotLawful, ImpossibleDay):
            message = await _keep(one, citizen_id, kind, text, key, MessageState.WAITING)
            await _record_waiting(one, message)
        else:
            message = await _keep(one, citizen_id, kind, text, key, MessageState.DONE)
            await applications.record(one, event)
    return _sent(message, keys)


async def withdraw(
    citizen_id: int, application_id: int, text: str = "", *, to_revise: bool = False, key: str,
    keys: SecretKeys, now: datetime,
) -> Sent:  # fmt: skip
    """Withdraw an application; `to_revise` begins a draft with the same contents, within ten minutes.

    Raises NotFound, NotTheApplicant, NothingToWithdraw, RevisionOver, TooManyDrafts, Invalid, KeyUsed.
    """
    words = _checked(text) or _WITHDRAWS
    async with _own(citizen_id, application_id, keys, now) as one:
        kind = MessageKind.WITHDRAWAL
        before = await _before(citizen_id, application_id, kind, words, key, keys, one.database)
        if before is not None:
            return _sent(before, keys)
        if not _can_withdraw(one.case):
            raise NothingToWithdraw(f"Application {application_id} is {one.case.state}.")
        draft_id = await _revision(one, citizen_id) if to_revise else None
        event = Withdrawn(on=zone_day(now))
        await one.add(event, words)
        message = await _keep(
            one, citizen_id, kind, words, key, MessageState.DONE, draft_id=draft_id
        )
        await applications.record(one, event)
    return _sent(message, keys)


@asynccontextmanager
async def _own(
    citizen_id: int, application_id: int, keys: SecretKeys, now: datetime
) -> AsyncIterator[Taken]:
    """Lock a case for its applicant. Raises NotFound, NotTheApplicant."""
    await citizen_cases.own(citizen_id, application_id)
    actor = system(keys.sealing, APPLICANT)
    async with applications.taken(actor, application_id, edits=None, keys=keys, now=now) as one:
        # Once more, now that nobody changes it.
        await citizen_cases.require_own(citizen_id, application_id, one.database)
        yield one


async def _revision(one: Taken, citizen_id: int) -> int:
    row = one.row
    if not _can_revise(row, one.case, one.now) or row.venue_id is None:
        raise RevisionOver(f"Application {row.id} was sent at {row.submitted_at}.")
    await phone_drafts.require_room(citizen_id, one.now)
    person = await applicants.person_of(row, keys=one.keys)
    request = applications.request_in(row, one.keys)
    draft = await application_drafts.create(
        row.venue_id, application_drafts.new_code(),
        content_of(row.agency_id, person, request, row.notice_version),
        ends_at=one.now + KEPT_ON_A_PHONE, citizen_id=citizen_id, keys=one.keys,
        using_db=one.database,
    )  # fmt: skip
    return draft.id


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST or "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise Invalid("The text is too long.", sentence=f"写得太长了，请不要超过 {LONGEST} 个字。")
    return text


async def _before(
    citizen_id: int, application_id: int, kind: MessageKind, text: str, key: str,
    keys: SecretKeys, database: BaseDBAsyncClient,
) -> ApplicationMessage | None:  # fmt: skip
    """Return what was sent before under the same name. Raises KeyUsed where it was something else."""
    hashes = keys.keyed_hashes(_name(citizen_id, application_id, key))
    row = await ApplicationMessage.get_or_none(idempotency_hash__in=hashes, using_db=database)
    if row is not None and (row.kind is not kind or keys.decrypt(row.encrypted_text) != text):
        raise KeyUsed(f"The key was used for message {row.id}.")
    return row


async def _keep(
    one: Taken, citizen_id: int, kind: MessageKind, text: str, key: str, state: MessageState, *,
    draft_id: int | None = None,
) -> ApplicationMessage:  # fmt: skip
    return await ApplicationMessage.create(
        application_id=one.row.id,
        citizen_id=citizen_id,
        kind=kind,
        state=state,
        encrypted_text=one.keys.encrypt(text),
        idempotency_hash=one.keys.keyed_hash(_name(citizen_id, one.row.id, key)),
        came_at=one.now,
        draft_id=draft_id,
        using_db=one.database,
    )


async def _record_waiting(one: Taken, message: ApplicationMessage) -> None:
    await audit.record(
        one.actor, audit.Action.APPLICATION_CHANGED, f"application:{one.row.id}",
        venue_id=one.row.venue_id, using_db=one.database, event=f"{message.kind.value}_waits",
        state=one.row.state.value, message=message.id,
    )  # fmt: skip


def _sent(row: ApplicationMessage, keys: SecretKeys) -> Sent:
    return Sent(message=application_messages.shown(row, keys), draft_id=row.draft_id)


def _name(citizen_id: int, application_id: int, key: str) -> str:
    return msgspec.json.encode(("message", citizen_id, application_id, key)).decode()
