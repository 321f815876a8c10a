"""Several processes write to one SQLite file, and each waits for its turn."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from models.database import close_database, open_database
from models.synonym import Synonym
from tests.databases import database_url


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Path]:
    await open_database(f"{database_url(tmp_path)}?busy_timeout=400")
    yield tmp_path / "openzone.sqlite3"
    await close_database()


def write_elsewhere(file: Path, began: threading.Event, may_end: threading.Event) -> None:
    """Write as another process would, and keep the lock for a while."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute(
        "INSERT INTO synonym (everyday, official, note, is_active) VALUES ('甲', '乙', '', 1)"
    )
    began.set()
    may_end.wait(10)
    other.execute("COMMIT")
    other.close()


async def test_who_reads_first_and_writes_then_waits_for_the_other(file: Path) -> None:
    began, may_end = threading.Event(), threading.Event()
    writing = asyncio.create_task(asyncio.to_thread(write_elsewhere, file, began, may_end))
    await asyncio.to_thread(began.wait, 10)
    asyncio.get_running_loop().call_later(0.1, may_end.set)
    async with in_transaction() as database:
        seen = await Synonym.all().using_db(database).count()
        await Synonym.create(everyday="丙", official="丁", using_db=database)
    await writing
    assert seen == 1, "it began after the other was done, and saw what that had written"
    assert await Synonym.all().count() == 2


async def test_who_waits_in_vain_is_told_and_the_connection_goes_on(file: Path) -> None:
    began, may_end = threading.Event(), threading.Event()
    writing = asyncio.create_task(asyncio.to_thread(write_elsewhere, file, began, may_end))
    await asyncio.to_thread(began.wait, 10)
    with pytest.raises(OperationalError):
        async with in_transaction():
            raise AssertionError("it has no lock")
    may_end.set()
    await writing
    async with asyncio.timeout(10), in_transaction() as database:
        await Synonym.create(everyday="丙", official="丁", using_db=database)
    assert await Synonym.all().count() == 2


async def test_who_gives_up_waiting_leaves_no_transaction_behind(file: Path) -> None:
    began, may_end = threading.Event(), threading.Event()
    writing = asyncio.create_task(asyncio.to_thread(write_elsewhere, file, began, may_end))
    await asyncio.to_thread(began.wait, 10)

    async def wait_for_it() -> None:
        async with in_transaction():
            raise AssertionError("nobody is there to write any more")

    waiting = asyncio.create_task(wait_for_it())
    await asyncio.sleep(0)
    waiting.cancel()
    asyncio.get_running_loop().call_later(0.05, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await writing
    other = sqlite3.connect(file, timeout=0.2, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # Refused if the connection still held the lock.
    other.execute("ROLLBACK")
    other.close()
