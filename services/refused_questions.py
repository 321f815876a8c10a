"""Questions that the machine had no reliable answer to, kept so that the library can grow.

Nobody waits for an answer to them and nobody is known: they carry no number that somebody has, no
device and no time but that of the first of their wording. What looks like a number of a person is
masked before anything is kept, the rest is encrypted. They are handed over in memory and written
down every second, so that no answer waits for it or fails with it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import structlog
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.left_question import LeftQuestion, QuestionOrigin, QuestionState
from models.venue import Area, Venue
from search.normalization import compact, normalize
from services.due_times import QUESTION_WITHIN, due_at
from services.flushing import flushed_each_second
from services.secret_key import SecretKeys
from services.swearing import without_swearing
from services.visitors_words import LONGEST_TEXT

MASK = "＊＊＊"
MOST_OPEN = 2_000
"""Wordings of a zone that may wait; beyond that only known ones are counted."""
_MOST_WAITING = 500
_SHORTEST = 2
_PERSONAL = re.compile(
    # Telephones, identity cards, bank cards: in digits, with blanks or hyphens among them, or in
    # the words for digits. 渝府办发〔2021〕100号 has no six in a row and stays.
    r"\d(?:[\s\-]?\d){5,}[xX]?|[零〇○一二三四五六七八九幺两]{6,}|[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
)

log = structlog.get_logger(__name__)


class _Collecting:
    """What was refused and not written yet. One to a process that serves."""

    def __init__(self, keys: SecretKeys) -> None:
        self.keys = keys
        self.waiting: deque[tuple[str, int]] = deque(maxlen=_MOST_WAITING)


_collecting: ContextVar[_Collecting | None] = ContextVar("refused", default=None)


def masked(text: str) -> str:
    """Return a wording without what looks like a number of a person."""
    return _PERSONAL.sub(MASK, normalize(text)).strip()[:LONGEST_TEXT]


def note(text: str, venue: Venue) -> None:
    """Hand over a question that got no answer at a zone. Takes no time and fails never.

    Does nothing at a zone that gives no advice, and in a process that does not serve.
    """
    state = _collecting.get()
    text = without_swearing(text)
    if state is not None and text and Area.ADVICE in venue.areas:
        state.waiting.append((text, venue.id))


@asynccontextmanager
async def collecting(keys: SecretKeys) -> AsyncIterator[None]:
    """Let refused questions be kept for as long as the block runs; the rest is written at its end."""
    state = _Collecting(keys)
    _collecting.set(state)
    try:
        async with flushed_each_second(lambda: _flush(state), "refused questions"):
            yield
    finally:
        _collecting.set(None)


async def _flush(state: _Collecting) -> None:
    while state.waiting:
        text, venue_id = state.waiting.popleft()
        try:
            await keep(text, venue_id, keys=state.keys, now=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 - a question lost here harms nobody.
            log.warning("refused question not kept", error=type(error).__name__)


def words_hash(words: str, venue_id: int | None, keys: SecretKeys) -> str:
    """Return what a refused question of a zone is found by, however it was punctuated."""
    return keys.keyed_hash(f"refused:{venue_id}:{compact(words)}")


async def keep(text: str, venue_id: int, *, keys: SecretKeys, now: datetime) -> None:
    """Keep a refused question, or count one more of the same wording."""
    words = masked(text)
    wording = compact(words)
    if len(wording) < _SHORTEST:
        return
    found_by = words_hash(words, venue_id, keys)
    same = {"words_hash": found_by, "origin": QuestionOrigin.REFUSED}
    if await LeftQuestion.filter(**same).update(times=F("times") + 1):
        return
    open_ones = LeftQuestion.filter(
        venue_id=venue_id, origin=QuestionOrigin.REFUSED, state=QuestionState.OPEN
    )
    if await open_ones.count() >= MOST_OPEN:
        return
    try:
        async with in_transaction() as database:
            await LeftQuestion.create(
                # No number to ask by: what is unique keeps two processes from keeping it twice.
                number=f"r{found_by[:19]}", encrypted_text=keys.encrypt(words), venue_id=venue_id,
                due_at=due_at(now, QUESTION_WITHIN), using_db=database, **same,
            )  # fmt: skip
    except IntegrityError:
        await LeftQuestion.filter(**same).update(times=F("times") + 1)
