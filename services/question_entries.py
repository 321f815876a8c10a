"""Entries of the question library as they are shown."""

from __future__ import annotations

from models.publishable import Publication
from models.question_entry import QuestionEntry
from services.errors import NotFound


async def find(entry_id: int) -> QuestionEntry:
    """Return an entry that may be given as an answer. Raises NotFound."""
    entry = await QuestionEntry.get_or_none(
        id=entry_id, publication=Publication.PUBLISHED, is_in_time=True
    )
    if entry is None:
        raise NotFound(sentence="没有找到这条问答，它可能已经撤下。")
    return entry
