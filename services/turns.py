"""What a phone brings along of the question before, so that 第二个 and 要带什么 mean something.

A phone asks one thing at a time, of whichever process answers. What was offered or answered is sealed
into a piece of text that it sends back: nothing is kept of it here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from models.venue import Venue
from services.conversation import Offer, Turn
from services.errors import Invalid, NotFound
from services.following_up import Last
from services.library import Library
from services.replies import Answer, Decision
from services.secret_key import SecretKeys, WrongKey

LONGEST_TURN = 12_000
"""Characters: the longest question, encrypted."""
_GOOD_FOR = timedelta(hours=12)
_Named = tuple[str, int, str]


class TurnUnknown(Invalid):
    """It was never given out here, is old, or belongs to another zone."""

    code = "turn_unknown"
    sentence = "刚才的选项已经过期，请重新提问。"


class _Sealed(msgspec.Struct, frozen=True, tag="turn", array_like=True):
    question: str
    venue_id: int
    revision: int
    choices: tuple[_Named, ...]
    at: int
    """Seconds since 1970."""
    meant: str = ""
    """What is to be confirmed in place of the question."""
    answered: tuple[tuple[_Named, str], ...] = ()
    """What was answered, each with its title; none where choices were offered."""
    asked: str = ""
    """What is gone on from: not the question, where that was 要带什么 and was not understood."""


class Resumed(NamedTuple):
    """What a conversation goes on from."""

    offer: Offer
    last: Last


def seal(
    turn: Turn, offer: Offer, venue: Venue, *, keys: SecretKeys, now: datetime, last: Last
) -> str:
    """Return what a phone sends back with what it says next."""
    answered = tuple((_named(answer), answer.title) for answer in last.answers)
    sealed = _Sealed(
        turn.transcript,
        venue.id,
        offer.revision,
        tuple(map(_named, offer.choices)),
        int(now.timestamp()),
        offer.meant,
        answered,
        last.question,
    )
    return keys.encrypt_bytes(msgspec.json.encode(sealed)).decode()


async def resume(
    text: str, library: Library, venue: Venue, *, keys: SecretKeys, now: datetime
) -> Resumed:
    """Return what was offered to, or answered, whoever sends this.

    What was merely answered is forgotten after a while, and at another zone: then a question is
    asked as it is. Choices and what is to be confirmed are not: raises TurnUnknown, and NotFound
    where the library offers something else by now.
    """
    try:
        sealed = msgspec.json.decode(keys.decrypt_bytes(text.encode()), type=_Sealed)
    except (WrongKey, msgspec.DecodeError, UnicodeError):
        raise TurnUnknown("No such turn was given out.") from None
    age = now.timestamp() - sealed.at
    if not (sealed.choices or sealed.meant):
        fresh = sealed.venue_id == venue.id and -60 <= age <= _GOOD_FOR.total_seconds()
        return Resumed(Offer(), await _answered(sealed, library, venue) if fresh else Last())
    if sealed.venue_id != venue.id or not -60 <= age <= _GOOD_FOR.total_seconds():
        raise TurnUnknown("The turn is old, or another zone's.")
    if sealed.meant:
        offer = Offer((), sealed.revision, sealed.meant, sealed.question)
        return Resumed(offer, await _answered(sealed, library, venue))
    for spoken in (False, True):
        # What was spoken is offered where the same, typed, may be answered.
        reply = await library.ask(sealed.question, venue.id, spoken=spoken)
        choices = reply.answers if reply.decision is Decision.CLARIFY else ()
        if tuple(map(_named, choices)) == sealed.choices:
            return Resumed(Offer(choices, sealed.revision), Last(sealed.asked, (), sealed.revision))
    raise NotFound("What was offered is offered no longer.")


async def _answered(sealed: _Sealed, library: Library, venue: Venue) -> Last:
    """Return what was answered, as far as the library still answers it."""
    answers, revision = [], library.revision.number
    for named, title in sealed.answered:
        reply = await library.ask(title, venue.id)
        found = (answer for answer in reply.answers if _named(answer) == named)
        if answer := next(found, None):
            answers.append(answer)
    if len(answers) < len(sealed.answered):
        answers = []  # 第二个 would mean another than it did.
    return Last(sealed.asked, tuple(answers), revision)


def _named(choice: Answer) -> _Named:
    return choice.kind, choice.id, choice.source.article
