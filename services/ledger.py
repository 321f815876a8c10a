"""Counting for the ledger (台账): in memory as things happen, written down every second.

What is kept is a number for a zone, a day and a kind of event. There is no time, no person and no
word in it, so that nothing can be told of anybody. A process that is killed loses at most the second
that it had not written yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

import structlog
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.ledger_count import Counted, LedgerCount
from services.clock import zone_day
from services.flushing import flushed_each_second
from services.replies import Decision

log = structlog.get_logger(__name__)

_Key = tuple[int, date, Counted]


class _Counting:
    """What was counted and not written yet. One to a process that serves."""

    def __init__(self, own_venue_id: int) -> None:
        self.own_venue_id = own_venue_id
        self.counts: Counter[_Key] = Counter()
        self.is_away = False
        """Whether the database was away the last time."""


# Where Tortoise finds its connections, too: several servers in one process keep apart.
_counting: ContextVar[_Counting | None] = ContextVar("ledger", default=None)


def note(counted: Counted, venue_id: int | None, times: int = 1) -> None:
    """Count something that happened today in a zone (None: in no named one, which is the
    installation's own). Takes no time and fails never.

    Counts nothing in a process that does not serve: commands are no visits.
    """
    state = _counting.get()
    if state is not None and times > 0:
        at = state.own_venue_id if venue_id is None else venue_id
        state.counts[at, zone_day(datetime.now(UTC)), counted] += times


def note_decision(decision: Decision, venue_id: int | None) -> None:
    """Count what a question came to. A choice is no end: what is chosen is counted then."""
    if decision is Decision.ANSWER:
        note(Counted.ANSWERED, venue_id)
    elif decision is Decision.HANDOFF:
        note(Counted.HANDOFF, venue_id)


@asynccontextmanager
async def counting(own_venue_id: int) -> AsyncIterator[None]:
    """Let things be counted for as long as the block runs; the rest is written at its end."""
    state = _Counting(own_venue_id)
    _counting.set(state)
    try:
        async with flushed_each_second(lambda: _flush(state), "ledger"):
            yield
    finally:
        _counting.set(None)


async def flush() -> None:
    """Write down what was counted until now; whatever cannot be written is kept for later."""
    state = _counting.get()
    if state is not None:
        await _flush(state)


async def _flush(state: _Counting) -> None:
    if not state.counts:
        return
    waiting, state.counts = state.counts, Counter()
    try:
        await _add(waiting)
    except IntegrityError:
        await _add_one_by_one(waiting)
    except Exception as error:  # noqa: BLE001 - a driver names its troubles in many ways.
        state.counts.update(waiting)
        if not state.is_away:
            log.warning("ledger not written", error=type(error).__name__)
        state.is_away = True
        return
    state.is_away = False


async def _add(counts: Counter[_Key]) -> None:
    """Add counts to their rows, in one transaction and in one order.

    Processes that add to the same rows then wait for each other, and never in a circle.
    """
    async with in_transaction() as database:
        for (venue_id, day, counted), times in sorted(counts.items()):
            row = {"venue_id": venue_id, "day": day, "counted": counted}
            rows = LedgerCount.filter(**row).using_db(database)
            if await rows.update(times=F("times") + times):
                continue
            await LedgerCount.bulk_create(
                [LedgerCount(**row, times=0)], ignore_conflicts=True, using_db=database
            )
            await rows.update(times=F("times") + times)


async def _add_one_by_one(counts: Counter[_Key]) -> None:
    """Add what can be added, and let go of what belongs to a zone that is not there."""
    for key, times in counts.items():
        try:
            await _add(Counter({key: times}))
        except IntegrityError:
            log.warning("ledger row dropped", venue_id=key[0])
