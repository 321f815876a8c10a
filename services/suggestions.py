"""Suggestions on openness work (意见建议): taken in, answered, counted, with no trace of who.

Source: 渝府办发〔2021〕100号: the application area takes suggestions in, and other zones do not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.content_safety import ContentSafety
from models.ledger_count import Counted
from models.suggestion import Suggestion
from models.venue import Area, Venue
from services import ledger, venues
from services.clock import zone_day
from services.due_times import SUGGESTION_WITHIN, due_at
from services.errors import Unavailable
from services.left_questions import Receipt
from services.query_numbers import new_number
from services.secret_key import SecretKeys
from services.visitors_words import require_words

_ATTEMPTS = 20


async def leave(
    text: str,
    *,
    venue: Venue,
    keys: SecretKeys,
    now: datetime,
    safety: ContentSafety = ContentSafety.NOT_CHECKED,
    tie: Callable[[BaseDBAsyncClient, Suggestion], Awaitable[None]] | None = None,
) -> Receipt:
    """Take in a suggestion at a zone.

    `tie` notes in the same transaction whose it is, where somebody wants to find it again.

    Raises Invalid, QuestionTooLong, AreaMissing where the zone takes none.
    """
    await venues.require_area(venue, Area.APPLICATIONS, now=now)
    text = require_words(text, "还没有写下意见，请先写下您的意见或建议。")
    encrypted, due = keys.encrypt(text), due_at(now, SUGGESTION_WITHIN)
    for _ in range(_ATTEMPTS):
        number = new_number(zone_day(now))
        try:
            async with in_transaction() as database:
                row = await Suggestion.create(
                    number=number, encrypted_text=encrypted, venue_id=venue.id, due_at=due,
                    safety=safety, using_db=database,
                )  # fmt: skip
                if tie is not None:
                    await tie(database, row)
        except IntegrityError:
            continue  # Somebody else has this number.
        ledger.note(Counted.SUGGESTION, venue.id)
        return Receipt(number, zone_day(due))
    raise Unavailable("No free number was found for a suggestion.")
