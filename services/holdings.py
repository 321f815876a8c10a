"""How much the installation holds."""

from __future__ import annotations

from dataclasses import dataclass

from models.document import Document
from models.publishable import Publication
from models.question_entry import QuestionEntry


@dataclass(frozen=True)
class Holdings:
    """What can be asked about, counted."""

    documents: int
    questions: int


async def count() -> Holdings:
    """Count the documents and question entries that the public sees."""
    shown = Publication.PUBLISHED
    return Holdings(
        await Document.filter(publication=shown).count(),
        await QuestionEntry.filter(publication=shown).count(),
    )
