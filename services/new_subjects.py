"""Rows of documents and entries that do not exist yet: begun, and told apart from those that do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.document import Document
from models.index_change import Subject
from models.publishable import Publication
from models.question_entry import QuestionEntry
from services.access import Actor
from services.errors import Conflict
from services.version_contents import Content, title_of
from services.version_states import Locked, Row, model_of

_DEFAULT_LIBRARY = "政策咨询问答库"


async def find_subject(
    actor: Actor, subject: Subject, external_id: str, venue_id: int | None
) -> tuple[Row | None, str]:
    """Return what an external id names for an actor, and the external id to begin it by if nothing.

    What another zone keeps under that id is out of sight: a zone gets its own beside it.
    """
    own = external_id if venue_id is None else f"{external_id}@{venue_id}"
    model = model_of(subject)
    for candidate in dict.fromkeys((own, external_id)):
        row: Row | None = await model.get_or_none(external_id=candidate)
        if row is not None and actor.sees(row.venue_id, row.responsible_agency_id):
            return row, candidate
        if row is None and candidate == external_id:
            return None, external_id
    return None, own


@asynccontextmanager
async def begun(
    subject: Subject,
    content: Content,
    external_id: str | None,
    venue_id: int | None,
    agency_id: int | None,
) -> AsyncIterator[Locked]:
    """Begin a transaction with the row of something new, of which the public sees nothing.

    Raises Conflict where somebody else began the same at this moment.
    """
    try:
        async with in_transaction() as database:
            row = _row(subject, content)
            row.external_id = external_id or f"{subject.value}-{uuid4().hex[:16]}"
            row.publication = Publication.UNPUBLISHED
            row.venue_id, row.responsible_agency_id = venue_id, agency_id
            row.content_hash = ""
            await row.save(using_db=database)
            yield Locked(database, subject, row)
    except IntegrityError as error:
        raise Conflict("The same was begun at this moment.") from error


def _row(subject: Subject, content: Content) -> Row:
    """Return a row that tells the title and nothing else."""
    if subject is Subject.DOCUMENT:
        return Document(title=title_of(content))
    library = getattr(content, "library", "") or _DEFAULT_LIBRARY
    return QuestionEntry(question=title_of(content), answer="", library=library)
