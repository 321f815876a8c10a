"""Applications for government information: filed, worked on, looked at.

Whatever happens is an event. The row of the application follows in the same transaction, and so does
the audit record. Forms carry the number of the last event that they saw (`edits`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.application import Application
from services import application_access, application_events, audit, case_notices
from services.access import Actor, Permission
from services.application_events import StoredEvent, case_from
from services.application_filing import Filed, Filing, file
from services.application_letters import put_away
from services.application_messages import take_up
from services.application_projection import calendar_for, project
from services.application_terms import as_the_agency_has_it, set_terms
from services.audit import Action
from services.clock import zone_day
from services.disclosure.case import Case
from services.disclosure.events import AnyEvent
from services.disclosure.guards import check
from services.disclosure.request import Request
from services.disclosure.transitions import RULES, Doer, doer_of
from services.disclosure.work_calendar import WorkCalendar
from services.errors import EditedMeanwhile, Invalid, NotAllowed
from services.secret_key import SecretKeys

__all__ = [
    "Filed",
    "Filing",
    "Taken",
    "act",
    "case_of",
    "file",
    "may_do",
    "request_in",
    "request_of",
    "taken",
]

_LONGEST_NOTE = 10_000
_PERMISSIONS = {
    Doer.RECEIVER: (Permission.TAKE_APPLICATIONS,),
    Doer.OFFICER: (Permission.WORK_ON_APPLICATIONS,),
    Doer.HEAD: (Permission.APPROVE_APPLICATIONS,),
    Doer.REVIEWER: (Permission.REVIEW, Permission.APPROVE_APPLICATIONS),
    Doer.SYSTEM: (),
}
"""Each of these permissions is enough."""


@dataclass
class Taken:
    """An application that is locked until the transaction around it ends."""

    row: Application
    case: Case
    calendar: WorkCalendar
    database: BaseDBAsyncClient
    actor: Actor
    keys: SecretKeys
    now: datetime

    async def add(self, event: AnyEvent, note: str = "") -> None:
        """Add an event. Raises NotAllowed, WrongState, NotLawful, ImpossibleDay, Invalid."""
        _require_permission(self.actor, event)
        note = _checked_note(event, note)
        event = await as_the_agency_has_it(self.row, event)
        today = zone_day(self.now)
        following = self.case.after(event)
        check(self.case, event, calendar=self.calendar, today=today)
        self.case = following
        await application_events.append(
            self.row.id, following.last_position, event, actor=self.actor, now=self.now,
            note=note, keys=self.keys, using_db=self.database,
        )  # fmt: skip
        project(self.row, following, self.calendar, today)
        await set_terms(self.row, following, event)
        await self.row.save(using_db=self.database)
        await put_away(self.row.id, event, using_db=self.database)
        await take_up(self.row.id, event, using_db=self.database)
        await case_notices.note(self.row, event, using_db=self.database, now=self.now)


async def act(
    actor: Actor,
    application_id: int,
    event: AnyEvent,
    *,
    edits: int,
    keys: SecretKeys,
    now: datetime,
    note: str = "",
    also: Callable[[BaseDBAsyncClient], Awaitable[None]] | None = None,
) -> Application:
    """Let something happen to an application.

    `also` is done in the same transaction, before the audit record. Raises NotFound out of the actor's
    sight, NotAllowed, EditedMeanwhile, WrongState, NotLawful, ImpossibleDay, Invalid.
    """
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        await one.add(event, note)
        if also is not None:
            await also(one.database)
        await record(one, event)
    return one.row


@asynccontextmanager
async def taken(
    actor: Actor, application_id: int, *, edits: int | None, keys: SecretKeys, now: datetime
) -> AsyncIterator[Taken]:
    """Lock an application that an actor works on and that nobody changed since it was shown.

    None for `edits` where nobody chose by what they saw. For acts that need more than one event or row. `record` is to be called last.
    """
    async with in_transaction() as database:
        await application_events.lock(application_id, using_db=database)
        row = await application_access.seen(actor, application_id)
        if edits is not None and row.edits != edits:
            raise EditedMeanwhile(f"Application {row.id} has {row.edits} events, not {edits}.")
        case = case_from(await application_events.read(row.id, using_db=database))
        calendar = await calendar_for(row.agency_id)
        yield Taken(row, case, calendar, database, actor, keys, now)


async def record(one: Taken, event: AnyEvent) -> None:
    """Seal what was done, as the last step of the transaction."""
    await audit.record(
        one.actor, Action.APPLICATION_CHANGED, f"application:{one.row.id}",
        venue_id=one.row.venue_id, using_db=one.database,
        event=str(event.__struct_config__.tag), state=one.row.state.value,
    )  # fmt: skip


def may_do(actor: Actor, event: AnyEvent) -> bool:
    """Return whether somebody's role lets them do it."""
    if actor.role is None:
        return True
    return any(actor.may(permission) for permission in _PERMISSIONS[doer_of(event)])


def _require_permission(actor: Actor, event: AnyEvent) -> None:
    if not may_do(actor, event):
        raise NotAllowed(
            f"{actor.role} may not do {type(event).__name__}.",
            sentence="您的岗位没有这项权限，需要时请联系公开工作机构负责人。",
        )


async def case_of(actor: Actor, application_id: int) -> tuple[Application, Case, list[StoredEvent]]:
    """Return an application as it stands, with what happened to it. Raises NotFound."""
    row = await application_access.seen(actor, application_id)
    stored = await application_events.read(row.id)
    return row, case_from(stored), stored


async def request_of(actor: Actor, application_id: int, *, keys: SecretKeys) -> Request:
    """Return what is asked for; that somebody read it is recorded. Raises NotFound, NotAllowed."""
    row = await application_access.seen(actor, application_id)
    application_access.require_words(actor, row)
    await audit.record_alone(
        actor, Action.APPLICATION_SEEN, f"application:{row.id}", venue_id=row.venue_id
    )
    return request_in(row, keys)


def request_in(row: Application, keys: SecretKeys) -> Request:
    """Return what is asked for in an application, once it is known that somebody may read it."""
    return msgspec.json.decode(keys.decrypt(row.encrypted_request), type=Request)


def _checked_note(event: AnyEvent, note: str) -> str:
    note = note.strip()
    needed = RULES[type(event)].needs_words
    if needed and not note:
        raise Invalid(f"{type(event).__name__} needs words.", sentence=f"请写上{needed}。")
    if len(note) > _LONGEST_NOTE or "\0" in note:
        raise Invalid("The note is too long.", sentence=f"说明最多 {_LONGEST_NOTE} 个字。")
    return note
