"""Looking whether what somebody applies for is public already, before they apply.

Whoever finds it has it at once. What was found and passed over is kept with the case as evidence.
"""

from __future__ import annotations

from datetime import date

import msgspec

from models.venue import Venue
from services import catalogue
from services.catalogue import Filters
from services.disclosure.draft_content import DraftContent, FoundDocument, Step
from services.errors import Invalid
from services.library import Library

_MOST = 5
_LEAST_EVIDENCE = 0.4
"""What covers less of the words than this would only lead astray."""


async def published_about(
    title: str, venue: Venue | None, library: Library
) -> tuple[FoundDocument, ...]:
    """Return the published documents that are nearest to what somebody wants, at a zone.

    Without one, as for who takes post for an agency itself, among everything that is published.
    """
    try:
        found = await catalogue.sought(title, Filters(), venue.id if venue else None, library)
    except Invalid:
        return ()  # There is no word in it to look for.
    return tuple(
        FoundDocument(one.document.id, one.document.title, one.hit.article)
        for one in found
        if one.hit is not None and one.hit.score >= _LEAST_EVIDENCE
    )[:_MOST]


def after_search(
    content: DraftContent, found: tuple[FoundDocument, ...], day: date
) -> DraftContent:
    """Return the draft with what was found; with nothing found there is nothing to ask."""
    if Step.PUBLIC in content.answered and found == content.found:
        return content
    content = msgspec.structs.replace(content, found=found, searched_on=day)
    return content.reopening(Step.PUBLIC) if found else content.answering(Step.PUBLIC)
