"""What a phone brings along of the question before, so that 第二个 still means something.

A phone asks one thing at a time, of whichever process answers. What was offered to it is sealed
into a piece of text that it sends back: nothing is kept of it here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from models.venue import Venue
from services.conversation import Offer, Turn
from services.errors import Invalid, NotFound
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


def seal(turn: Turn, offer: Offer, venue: Venue, *, keys: SecretKeys, now: datetime) -> str:
    """Return what a phone sends back with what it says next, "" where nothing was offered or is to
    be confirmed.
    """
    if not (offer.choices or offer.meant):
        return ""
    choices = tuple(map(_named, offer.choices))
    at = int(now.timestamp())
    sealed = _Sealed(turn.transcript, venue.id, offer.revision, choices, at, offer.meant)
    return keys.encrypt_bytes(msgspec.json.encode(sealed)).decode()


async def resume(
    text: str, library: Library, venue: Venue, *, keys: SecretKeys, now: datetime
) -> Offer:
    """Return the choices that were offered to whoever sends this, or what they are to confirm.

    Raises TurnUnknown, and NotFound where the library says something else by now.
    """
    try:
        sealed = msgspec.json.decode(keys.decrypt_bytes(text.encode()), type=_Sealed)
    except (WrongKey, msgspec.DecodeError, UnicodeError):
        raise TurnUnknown("No such turn was given out.") from None
    age = now.timestamp() - sealed.at
    if sealed.venue_id != venue.id or not -60 <= age <= _GOOD_FOR.total_seconds():
        raise TurnUnknown("The turn is old, or another zone's.")
    if sealed.meant:
        return Offer((), sealed.revision, sealed.meant, sealed.question)
    reply = await library.ask(sealed.question, venue.id)
    choices = reply.answers if reply.decision is Decision.CLARIFY else ()
    if tuple(map(_named, choices)) != sealed.choices:
        raise NotFound("What was offered is offered no longer.")
    return Offer(choices, sealed.revision)


def _named(choice: Answer) -> _Named:
    return choice.kind, choice.id, choice.source.article
