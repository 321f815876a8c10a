"""On whose behalf something is said, and whether they still say it.

What is read aloud belongs to a document or a library entry, as the index stood at some revision.
Once that was replaced or withdrawn, its words are no longer spoken.
"""

from __future__ import annotations

from typing import NamedTuple

from models.document import Document
from models.index_change import IndexChange, IndexHead, Subject
from models.publishable import Publication
from models.question_entry import QuestionEntry
from models.version import Version
from services import notice_board
from services.projection import owner_of
from services.replies import Answer

_SUBJECTS = {"qa": Subject.QUESTION, "document": Subject.DOCUMENT}
_MOST_CHANGES = 2_000


class Said(NamedTuple):
    """By whom something is said, and of which state of the library it is."""

    owner: str
    """"document:12", "question:7" or "notice:3", "" for the house itself."""
    revision: int


OF_THE_HOUSE = Said("", 0)
"""What is said by nobody in particular: the page's own sentences."""


def said_by(answers: tuple[Answer, ...], revision: int) -> Said:
    """Return who says the first of the answers of a library at a revision."""
    if not answers:
        return OF_THE_HOUSE
    return Said(owner_of(_SUBJECTS[answers[0].kind], answers[0].id), revision)


async def still_says(said: Said) -> bool:
    """Return whether the public still sees what was said, unchanged."""
    if not said.owner:
        return True
    subject, _, number = said.owner.partition(":")
    row_id, shown = int(number), Publication.PUBLISHED
    if said.owner == notice_board.owner_of(row_id):
        # A notice is never changed, and no index holds it.
        return await notice_board.still_says(row_id)
    if subject == Subject.QUESTION.value:
        sees = await QuestionEntry.filter(id=row_id, publication=shown, is_in_time=True).exists()
    else:
        sees = await Document.filter(id=row_id, publication=shown).exists()
    return (
        sees
        and not await IndexChange.filter(
            revision__gt=said.revision, subject=subject, subject_id=row_id
        ).exists()
    )


class Changed(NamedTuple):
    """What changed after a revision of the library."""

    """Who no longer says what they said."""

    owners: frozenset[str]
    revision: int
    """Up to which change that was looked for."""


async def changed_since(lineage: str, revision: int) -> Changed | None:
    """Return who no longer says what they said; None where that cannot be told any more.

    A database that was put back from a backup does not know what was published in between.
    """
    head = await IndexHead.get_or_none(id=1)
    if head is None or head.lineage != lineage or head.revision < revision:
        return None
    changes = (
        await IndexChange.filter(revision__gt=revision)
        .exclude(subject=Subject.SYNONYM)
        .order_by("revision")
        .limit(_MOST_CHANGES)
    )
    reached = changes[-1].revision if len(changes) == _MOST_CHANGES else head.revision
    owners: set[str] = set()
    for subject in (Subject.DOCUMENT, Subject.QUESTION):
        ids = sorted({c.subject_id for c in changes if c.subject is subject})
        owners |= {owner_of(subject, row_id) for row_id in await _said_something_else(subject, ids)}
    return Changed(frozenset(owners), reached)


async def _said_something_else(subject: Subject, ids: list[int]) -> set[int]:
    """Return those that were ever replaced or withdrawn, or whose time is over.

    What is published for the first time has nothing to be forgotten. Another process may have
    spoken it already.
    """
    if not ids:
        return set()
    retired = await (
        Version.filter(subject=subject, subject_id__in=ids)
        .exclude(retired_at=None)
        .only("id", "subject_id")
    )
    found = {version.subject_id for version in retired}
    if subject is Subject.QUESTION:
        over = await QuestionEntry.filter(id__in=ids, is_in_time=False).only("id")
        found |= {entry.id for entry in over}
    return found
