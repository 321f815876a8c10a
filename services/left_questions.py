"""Questions that visitors leave for the staff when nothing answered them.

The words are encrypted with the installation's key before they reach the database, so that a copied
database file tells nobody what was asked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.exceptions import IntegrityError

from models.left_question import LeftQuestion
from services.errors import Invalid, QuestionTooLong, Unavailable
from services.secret_key import SecretKeys

LONGEST_TEXT = 500
"""Characters that one visitor may leave."""
_ATTEMPTS = 20


@dataclass(frozen=True)
class ReadableQuestion:
    """A left question with its words, for staff."""

    number: str
    text: str
    left_at: datetime


async def leave(text: str, *, keys: SecretKeys, left_on: date) -> str:
    """Keep a question for the staff and return the number its visitor is given.

    Raises Invalid for an empty text and QuestionTooLong above LONGEST_TEXT characters.
    """
    text = text.strip()
    if not text:
        raise Invalid(
            "An empty question was left.", sentence="还没有写下问题，请先说或写下您的问题。"
        )
    if len(text) > LONGEST_TEXT:
        raise QuestionTooLong(f"{len(text)} characters were left; {LONGEST_TEXT} are allowed.")
    encrypted = keys.encrypt(text)
    for _ in range(_ATTEMPTS):
        number = f"{left_on:%y%m%d}-{secrets.randbelow(10_000):04d}"
        try:
            await LeftQuestion.create(number=number, encrypted_text=encrypted)
        except IntegrityError:
            continue  # Somebody else has this number; the day has ten thousand.
        return number
    raise Unavailable("No free number was found for a left question.")


async def newest(*, keys: SecretKeys, limit: int = 50) -> list[ReadableQuestion]:
    """Return the questions left last, newest first, with their words."""
    rows = await LeftQuestion.all().order_by("-id").limit(limit)
    return [
        ReadableQuestion(row.number, keys.decrypt(row.encrypted_text), row.left_at) for row in rows
    ]
