"""Questions that visitors leave for the staff when nothing answered them.

The words are encrypted with the installation's key before they reach the database, so that a copied
database file tells nobody what was asked. Nothing is kept of who asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.content_safety import ContentSafety
from models.ledger_count import Counted
from models.left_question import LeftQuestion, QuestionOrigin
from models.venue import Area, Venue
from services import ledger, venues
from services.clock import zone_day
from services.due_times import QUESTION_WITHIN, due_at
from services.errors import Unavailable
from services.query_numbers import new_number
from services.secret_key import SecretKeys
from services.visitors_words import require_words

_ATTEMPTS = 20


@dataclass(frozen=True)
class Receipt:
    """What a visitor takes away."""

    number: str
    due_on: date
    """The day by which staff answer."""


async def leave(
    text: str,
    *,
    venue: Venue,
    keys: SecretKeys,
    now: datetime,
    safety: ContentSafety = ContentSafety.NOT_CHECKED,
    tie: Callable[[BaseDBAsyncClient, LeftQuestion], Awaitable[None]] | None = None,
) -> Receipt:
    """Keep a question for the staff of a zone.

    `tie` notes in the same transaction whose it is, where somebody wants to find it again.

    Raises Invalid for an empty text, QuestionTooLong above LONGEST_TEXT characters, AreaMissing
    where the zone gives no advice.
    """
    await venues.require_area(venue, Area.ADVICE, now=now)
    text = require_words(text, "还没有写下问题，请先说或写下您的问题。")
    encrypted, due = keys.encrypt(text), due_at(now, QUESTION_WITHIN)
    for _ in range(_ATTEMPTS):
        number = new_number(zone_day(now))
        try:
            async with in_transaction() as database:
                row = await LeftQuestion.create(
                    number=number, encrypted_text=encrypted, origin=QuestionOrigin.LEFT,
                    venue_id=venue.id, due_at=due, safety=safety, using_db=database,
                )  # fmt: skip
                if tie is not None:
                    await tie(database, row)
        except IntegrityError:
            continue  # Somebody else has this number.
        ledger.note(Counted.LEFT_QUESTION, venue.id)
        return Receipt(number, zone_day(due))
    raise Unavailable("No free number was found for a left question.")
