"""How much the installation holds."""

from __future__ import annotations

from dataclasses import dataclass

from models.document import Document
from models.question_entry import QuestionEntry


@dataclass(frozen=True)
class Holdings:
    """What can be asked about, counted."""

    documents: int
    questions: int


async def count() -> Holdings:
    """Count documents and question entries."""
    return Holdings(await Document.all().count(), await QuestionEntry.all().count())
