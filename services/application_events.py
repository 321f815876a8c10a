"""The log of a case: events are added with a number of their own, and never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F

from models.application import Application
from models.application_event import ApplicationEvent
from services.access import Actor
from services.disclosure.case import Case, rebuild
from services.disclosure.events import AnyEvent
from services.secret_key import SecretKeys

_DECODER: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


@dataclass(frozen=True)
class StoredEvent:
    """One event as it is kept."""

    position: int
    at: datetime
    staff_id: int | None
    """None for the applicant and the system."""
    staff_name: str
    event: AnyEvent
    encrypted_note: bytes | None = field(repr=False)

    def note(self, keys: SecretKeys) -> str:
        """Return the words that go with it, "" where there are none."""
        return keys.decrypt(self.encrypted_note) if self.encrypted_note is not None else ""


async def lock(application_id: int, *, using_db: BaseDBAsyncClient) -> None:
    """Lock an application until the transaction ends: whoever acts on it meanwhile waits.

    An update takes the lock on every database, even where it changes nothing.
    """
    await Application.filter(id=application_id).using_db(using_db).update(edits=F("edits"))


async def locked(application_id: int, *, using_db: BaseDBAsyncClient) -> tuple[Application, Case]:
    """Return an application with its case, locked until the transaction ends."""
    await lock(application_id, using_db=using_db)
    row = await Application.get(id=application_id, using_db=using_db)
    return row, case_from(await read(application_id, using_db=using_db))


async def read(
    application_id: int, *, using_db: BaseDBAsyncClient | None = None
) -> list[StoredEvent]:
    """Return the events of a case in their order."""
    rows = ApplicationEvent.filter(application_id=application_id).order_by("position")
    if using_db is not None:
        rows = rows.using_db(using_db)
    return [
        StoredEvent(
            row.position, row.at, row.staff_id, row.staff_name, decoded(row),
            row.encrypted_note,
        )
        for row in await rows
    ]  # fmt: skip


def decoded(row: ApplicationEvent) -> AnyEvent:
    """Return what happened, of a row."""
    return _DECODER.decode(row.content)


def case_from(stored: list[StoredEvent]) -> Case:
    """Return the case that stored events make."""
    return rebuild(one.event for one in stored)


async def append(
    application_id: int,
    position: int,
    event: AnyEvent,
    *,
    actor: Actor,
    now: datetime,
    note: str,
    keys: SecretKeys,
    using_db: BaseDBAsyncClient,
) -> None:
    """Add an event, inside a transaction that has locked the application.

    That two never write the same number is kept by the table too.
    """
    await ApplicationEvent.create(
        application_id=application_id,
        position=position,
        kind=str(event.__struct_config__.tag),
        at=now,
        staff_id=actor.staff_id,
        staff_name=actor.name,
        content=msgspec.json.encode(event).decode(),
        encrypted_note=keys.encrypt(note) if note else None,
        using_db=using_db,
    )
