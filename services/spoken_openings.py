"""What the library says first in answer to each of its questions: worth speaking in advance."""

from __future__ import annotations

import msgspec

from models.publishable import Publication
from models.question_entry import QuestionEntry
from services.projection import question_entries
from services.replies import Finding
from services.spoken_answers import spoken_pieces


async def spoken_openings(most: int) -> list[str]:
    """Return the first spoken piece of the answers changed last, the newest first."""
    rows = await (
        QuestionEntry.filter(publication=Publication.PUBLISHED, is_in_time=True)
        .order_by("-changed_at", "-id")
        .limit(most)
    )
    openings = []
    for row in rows:
        finding = msgspec.json.decode(question_entries(row)[0].payload, type=Finding)
        openings += spoken_pieces(finding)[:1]
    return list(dict.fromkeys(openings))
