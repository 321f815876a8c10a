"""One subject at a time: its row under lock, its versions, and who may work on them.

Whatever changes a document or an entry first locks its row. Two who do so at once go one after the
other, and the second sees what the first has done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.document import Document
from models.index_change import Subject
from models.publishable import VersionState
from models.question_entry import QuestionEntry
from models.version import Version
from services.access import Actor, Permission
from services.errors import EditedMeanwhile, NotFound, WrongState

Row = Document | QuestionEntry

_OPEN = [state for state in VersionState if state.is_open]


@dataclass
class Locked:
    """A subject whose row is locked until the transaction ends."""

    database: BaseDBAsyncClient
    subject: Subject
    row: Row

    @property
    def name(self) -> str:
        """What audit records call it."""
        return f"{self.subject.value}:{self.row.id}"

    async def open_version(self) -> Version | None:
        """Return the version that is worked on."""
        return (
            await Version.filter(subject=self.subject, subject_id=self.row.id, state__in=_OPEN)
            .using_db(self.database)
            .first()
        )

    async def published_version(self) -> Version | None:
        """Return the version that the public sees."""
        return (
            await Version.filter(
                subject=self.subject, subject_id=self.row.id, state=VersionState.PUBLISHED
            )
            .using_db(self.database)
            .first()
        )

    async def last_version(self) -> Version | None:
        """Return the version with the highest number."""
        return (
            await Version.filter(subject=self.subject, subject_id=self.row.id)
            .using_db(self.database)
            .order_by("-number")
            .first()
        )

    async def next_number(self) -> int:
        """Return the number of a new version."""
        last = await self.last_version()
        return last.number + 1 if last is not None else 1


def writing(subject: Subject) -> Permission:
    """Return the permission that working on a kind of thing takes."""
    if subject is Subject.DOCUMENT:
        return Permission.WRITE_DOCUMENTS
    return Permission.WRITE_QUESTIONS


def model_of(subject: Subject) -> type[Document | QuestionEntry]:
    """Return the table of a kind of thing. Raises NotFound for what is not published in versions."""
    if subject is Subject.DOCUMENT:
        return Document
    if subject is Subject.QUESTION:
        return QuestionEntry
    raise NotFound(f"There are no versions of a {subject}.")


def require_work(actor: Actor, row: Row) -> None:
    """Raise NotFound unless an actor sees something, NotAllowed unless they may change it."""
    actor.require_work(row.venue_id, row.responsible_agency_id)


def require_move(version: Version, following: VersionState) -> None:
    """Raise WrongState unless a version may go on to another state."""
    if not version.state.can_become(following):
        raise WrongState(
            f"Version {version.id} is {version.state}; it cannot become {following}.",
            sentence=f"这一稿现在是“{version.state.label}”，不能这样处理，请刷新后再看。",
        )


@asynccontextmanager
async def locked(subject: Subject, subject_id: int) -> AsyncIterator[Locked]:
    """Begin a transaction and lock the row of a subject. Raises NotFound."""
    model = model_of(subject)
    async with in_transaction() as database:
        # An update takes the lock on every database, even where it changes nothing.
        await (
            model.filter(id=subject_id)
            .using_db(database)
            .update(published_version=F("published_version"))
        )
        row = await model.get_or_none(id=subject_id, using_db=database)
        if row is None:
            raise NotFound(f"There is no {subject} {subject_id}.")
        yield Locked(database, subject, row)


@asynccontextmanager
async def locked_version(version_id: int) -> AsyncIterator[tuple[Locked, Version]]:
    """Lock the subject of a version. Raises NotFound."""
    known = await Version.get_or_none(id=version_id)
    if known is None:
        raise NotFound(f"There is no version {version_id}.")
    async with locked(known.subject, known.subject_id) as subject:
        version = await Version.get(id=version_id, using_db=subject.database)
        yield subject, version


def require_unedited(version: Version, edits: int) -> None:
    """Raise EditedMeanwhile where a version was changed since it was shown."""
    if version.edits != edits:
        raise EditedMeanwhile(f"Version {version.id} has {version.edits} edits, not {edits}.")


async def keep(subject: Locked, version: Version, state: VersionState) -> None:
    """Store a version in its new state, and let the row of its subject tell of it."""
    version.state = state
    version.edits += 1
    await version.save(using_db=subject.database)
    subject.row.open_state = state if state.is_open else None
    await subject.row.save(using_db=subject.database, update_fields=["open_state"])
