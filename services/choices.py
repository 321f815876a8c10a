"""What a visitor gets after choosing one of the offered entries."""

from __future__ import annotations

from services.library import Library
from services.replies import Answer, Decision, Finding, Reply
from services.spoken_answers import spoken_pieces


async def chosen(library: Library, choice: Answer, venue: int | None = None) -> Reply:
    """Return the chosen entry as an answer, worded as it would be had it been asked for outright.

    The choice decides, even where its own title would lead elsewhere.
    """
    asked = await library.ask(choice.title, venue)
    if asked.decision is Decision.ANSWER and _same(asked.answers[0], choice):
        return asked
    pieces = spoken_pieces(Finding(choice))
    return Reply(Decision.ANSWER, (choice,), pieces[0] if pieces else "", tuple(pieces[1:]))


def _same(one: Answer, other: Answer) -> bool:
    return (one.external_id, one.source.article) == (other.external_id, other.source.article)
