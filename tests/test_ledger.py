"""Counting: nothing is lost between processes, and a database that is away loses nothing either."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from models.database import close_database, open_database
from models.ledger_count import Counted, LedgerCount
from models.venue import Venue
from services import ledger, venues
from services.clock import zone_day
from tests.databases import database_url


@pytest.fixture
async def venue(tmp_path: Path) -> AsyncIterator[Venue]:
    await open_database(database_url(tmp_path))
    await venues.ensure_first()
    yield await venues.first()
    await close_database()


async def times(venue: Venue, counted: Counted) -> int:
    rows = await LedgerCount.filter(venue_id=venue.id, counted=counted)
    assert len(rows) <= 1, "one row to a zone, day and kind"
    assert all(row.day == zone_day(datetime.now(UTC)) for row in rows)
    return sum(row.times for row in rows)


async def test_what_happens_is_written_down_at_the_latest_when_the_server_stops(
    venue: Venue,
) -> None:
    async with ledger.counting(venue.id):
        ledger.note(Counted.VISIT, venue.id)
        ledger.note(Counted.VISIT, None)
        ledger.note(Counted.PRINT, venue.id, 3)
        await ledger.flush()
        assert await times(venue, Counted.VISIT) == 2
        ledger.note(Counted.VISIT, venue.id)
    assert await times(venue, Counted.VISIT) == 3
    assert await times(venue, Counted.PRINT) == 3


async def test_nothing_is_counted_where_nobody_serves(venue: Venue) -> None:
    ledger.note(Counted.VISIT, venue.id)
    await ledger.flush()
    assert await times(venue, Counted.VISIT) == 0


async def test_several_processes_add_to_the_same_row(venue: Venue) -> None:
    """Each has counts of its own in memory, as processes have; the first row is made by all."""

    async def process() -> None:
        async with ledger.counting(venue.id):
            for _ in range(25):
                ledger.note(Counted.QUESTION, venue.id)
                await ledger.flush()

    loop = asyncio.get_running_loop()
    await asyncio.gather(
        *(loop.create_task(process(), context=contextvars.copy_context()) for _ in range(4))
    )
    assert await times(venue, Counted.QUESTION) == 100


async def test_a_database_that_is_away_for_a_while_loses_nothing(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_query: Any) -> Any:
        raise OperationalError("the database is away")

    async with ledger.counting(venue.id):
        ledger.note(Counted.SEARCH, venue.id)
        with monkeypatch.context() as broken:
            broken.setattr(ledger, "_add", away)
            await ledger.flush()
            ledger.note(Counted.SEARCH, venue.id)
            await ledger.flush()
        assert await times(venue, Counted.SEARCH) == 0
        await ledger.flush()
        assert await times(venue, Counted.SEARCH) == 2


async def test_a_zone_that_is_not_there_keeps_no_other_from_being_counted(venue: Venue) -> None:
    async with ledger.counting(venue.id):
        ledger.note(Counted.VISIT, venue.id + 99)
        ledger.note(Counted.VISIT, venue.id)
        await ledger.flush()
        assert await times(venue, Counted.VISIT) == 1
