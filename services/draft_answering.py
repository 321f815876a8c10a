"""Answering the questions of a draft, whichever the door: what an answer needs besides its words.

What is wanted is looked for among what is public, a number that looks mistyped is asked about once, and
an agency that the zone takes no applications for is shown the way to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from models.venue import Venue
from services import application_searches, referrals
from services.application_drafts import Change
from services.application_sending import doubt_about
from services.clock import zone_day
from services.disclosure.draft_answers import Doubtful, answer
from services.disclosure.draft_content import DraftContent, Step
from services.disclosure.draft_questions import question_of
from services.disclosure.masking import masked_number
from services.errors import Invalid, NotAcceptedHere
from services.library import Library


async def changed_by(
    content: DraftContent, answers: Mapping[Step, str], *, venue: Venue, library: Library,
    is_sure: bool, now: datetime, sure: str,
) -> Change:  # fmt: skip
    """Return the change that answers make of a draft, one or all of them at once, in their order.

    Raises Invalid, Doubtful (unless they are sure), NotAcceptedHere with the way to the agency.
    """
    changes: list[Change] = []
    for step in Step:
        if step not in answers:
            continue
        given = answers[step]
        try:
            change = _answering(step, given)
            if step is Step.IDENTITY:
                given = kept_number(content, given)
                change = _answering(step, given)
                require_careful(content, given, is_sure=is_sure, now=now, sure=sure)
            if step is Step.INFORMATION:
                change = await with_search(given, venue, library, now)
            content = change(content)
        except Invalid as wrong:
            if len(answers) == 1:
                raise
            # Of several answers it is said which.
            short = question_of(step, content).short
            raise type(wrong)(str(wrong), sentence=f"{short}：{wrong.sentence}") from wrong
        if step is Step.AGENCY:
            await _require_accepted(venue, content.agency_id)
        changes.append(change)
    return _one_after_another(changes)


async def with_search(given: str, venue: Venue, library: Library, now: datetime) -> Change:
    """Return the change by what is wanted, with what a search for it finds (已公开的先看)."""
    title = answer(DraftContent(), Step.INFORMATION, given).title
    found = await application_searches.published_about(title, venue, library)
    return lambda content: application_searches.after_search(
        answer(content, Step.INFORMATION, given), found, zone_day(now)
    )


def require_careful(
    content: DraftContent, given: str, *, is_sure: bool, now: datetime, sure: str
) -> None:
    """Let whoever may have mistyped a number look once more; nobody is refused for it.

    `sure` says what to do where the document does say so. Source: a wrong checksum is asked about and
    taken, as the document shows it.
    """
    number = answer(content, Step.IDENTITY, given).identity_number
    if number and not is_sure:
        doubt = doubt_about(content.identity_kind, number, zone_day(now))
        if doubt:
            raise Doubtful("The number looks mistyped.", sentence=f"{doubt}{sure}")


def kept_number(content: DraftContent, given: str) -> str:
    """Return the number that is meant by what a page or a phone sends back: it was shown masked."""
    kept = content.identity_number
    return kept if kept and given.strip() == masked_number(kept) else given


async def _require_accepted(venue: Venue, agency_id: int | None) -> None:
    """Raise NotAcceptedHere, whose sentence says where to go, unless the zone takes it."""
    if agency_id is None or await referrals.accepts(venue, agency_id):
        return
    way = await referrals.refer(venue, agency_id)
    raise NotAcceptedHere(
        f"Venue {venue.id} does not accept for {agency_id}.", sentence=way.sentence()
    )


def _answering(step: Step, given: str) -> Change:
    return lambda content: answer(content, step, given)


def _one_after_another(changes: list[Change]) -> Callable[[DraftContent], DraftContent]:
    def change(content: DraftContent) -> DraftContent:
        for one in changes:
            content = one(content)
        return content

    return change
