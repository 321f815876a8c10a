"""What applicants send about their cases from the phone: kept with the moment it came, for staff to read.

What takes effect by itself is an event of the case (services/applicant_acts.py); the rest waits here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.application import Application
from models.application_message import ApplicationMessage, MessageKind, MessageState
from services import application_access, audit
from services.access import Actor, Permission
from services.disclosure.events import AnyEvent, CorrectionReceived, Withdrawn
from services.errors import EditedMeanwhile, NotFound
from services.secret_key import SecretKeys

_TAKEN_UP_BY = {CorrectionReceived: MessageKind.CORRECTION, Withdrawn: MessageKind.WITHDRAWAL}
"""By which events what waits is taken up."""


@dataclass(frozen=True)
class MessageShown:
    """One message for who may read it."""

    id: int
    kind: MessageKind
    state: MessageState
    text: str
    came_at: datetime
    edits: int

    @property
    def waits(self) -> bool:
        """Whether staff have to do something about it."""
        return self.state is MessageState.WAITING


async def of_case(actor: Actor, row: Application, *, keys: SecretKeys) -> list[MessageShown]:
    """Return what came about a case, the latest first; nothing to whom its words do not concern."""
    if not application_access.may_see_words(actor, row):
        return []
    return await every(row.id, keys=keys)


async def every(
    application_id: int, *, citizen_id: int | None = None, keys: SecretKeys
) -> list[MessageShown]:
    """Return what was sent about a case, by one citizen where one is named, the latest first."""
    rows = ApplicationMessage.filter(application_id=application_id)
    if citizen_id is not None:
        rows = rows.filter(citizen_id=citizen_id)
    return [shown(row, keys) for row in await rows.order_by("-id")]


async def with_messages_waiting() -> list[int]:
    """Return the applications about which something waits for staff."""
    waiting = await ApplicationMessage.filter(state=MessageState.WAITING).values("application_id")
    return sorted({row["application_id"] for row in waiting})


async def set_aside(actor: Actor, application_id: int, message_id: int, *, edits: int) -> None:
    """Note that a message that waited is not followed. It stays with the case as evidence.

    Raises NotFound, NotAllowed, EditedMeanwhile.
    """
    actor.require(Permission.WORK_ON_APPLICATIONS)
    row = await application_access.require_work(actor, application_id)
    async with in_transaction() as database:
        message = ApplicationMessage.filter(id=message_id, application_id=application_id)
        if not await message.using_db(database).exists():
            raise NotFound(f"There is no message {message_id} in this case.")
        waiting = message.filter(state=MessageState.WAITING, edits=edits).using_db(database)
        if not await waiting.update(state=MessageState.SET_ASIDE, edits=edits + 1):
            raise EditedMeanwhile(f"Message {message_id} was settled.")
        await audit.record(
            actor, audit.Action.APPLICATION_CHANGED, f"application:{application_id}",
            venue_id=row.venue_id, using_db=database, event="message_set_aside", message=message_id,
        )  # fmt: skip


async def take_up(application_id: int, event: AnyEvent, *, using_db: BaseDBAsyncClient) -> None:
    """Note what an event takes up of that which waited, in the transaction of the event."""
    kind = _TAKEN_UP_BY.get(type(event))
    if kind is None:
        return
    waiting = ApplicationMessage.filter(
        application_id=application_id, kind=kind, state=MessageState.WAITING
    )
    for row in await waiting.using_db(using_db):
        row.state, row.edits = MessageState.DONE, row.edits + 1
        await row.save(using_db=using_db, update_fields=["state", "edits"])


def shown(row: ApplicationMessage, keys: SecretKeys) -> MessageShown:
    """Return a message to be read."""
    return MessageShown(
        row.id, row.kind, row.state, keys.decrypt(row.encrypted_text), row.came_at, row.edits
    )
