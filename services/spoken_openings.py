"""What the library says first in answer to each of its questions: worth speaking in advance."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from models.index_change import Subject
from models.publishable import Publication
from models.question_entry import QuestionEntry
from services.answering import WHICH_ONE
from services.conversation import SAY_IT_AGAIN
from services.handing_on import SENTENCES
from services.projection import owner_of, question_entries
from services.replies import Finding
from services.spoken_answers import spoken_pieces

REPLIES = (WHICH_ONE, *SENTENCES, SAY_IT_AGAIN)
"""What replies say that quote nobody."""


class Opening(NamedTuple):
    """What one entry says first."""

    owner: str
    text: str


async def spoken_openings(most: int) -> list[Opening]:
    """Return the first spoken piece of the answers changed last, the newest first."""
    rows = await (
        QuestionEntry.filter(publication=Publication.PUBLISHED, is_in_time=True)
        .order_by("-changed_at", "-id")
        .limit(most)
    )
    openings = []
    for row in rows:
        finding = msgspec.json.decode(question_entries(row)[0].payload, type=Finding)
        owner = owner_of(Subject.QUESTION, row.id)
        openings += [Opening(owner, text) for text in spoken_pieces(finding)[:1]]
    return openings
