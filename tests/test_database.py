"""What the database promises, on whichever it is."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise import connections
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.database import close_database, open_database
from models.help_call import HelpCall
from models.index_change import IndexChange, Subject
from services import index_changes
from tests import databases
from tests.databases import ROOT, database_url


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


async def test_sqlite_waits_keeps_and_checks(database: None) -> None:
    if databases.Chosen.kind != databases.SQLITE:
        return
    connection = connections.get("default")

    async def pragma(name: str) -> object:
        rows = await connection.execute_query_dict(f"PRAGMA {name}")
        return next(iter(rows[0].values()))

    assert await pragma("journal_mode") == "wal"
    assert await pragma("foreign_keys") == 1
    assert await pragma("synchronous") == 2, "FULL: a committed change survives a power cut"
    assert await pragma("busy_timeout") == 15000


async def test_a_row_cannot_name_what_is_not_there(database: None) -> None:
    with pytest.raises(IntegrityError):
        await HelpCall.create(kiosk_name="一号自助机", venue_id=99_999)


async def test_changes_noted_at_once_are_numbered_without_a_gap(database: None) -> None:
    async def change(first: int) -> None:
        async with in_transaction() as connection:
            await index_changes.record(Subject.DOCUMENT, [first, first + 1], using_db=connection)

    await asyncio.gather(*(change(n) for n in range(0, 40, 2)))
    numbers = await IndexChange.all().order_by("revision").values_list("revision", flat=True)
    assert list(numbers) == list(range(1, 41))
    assert (await index_changes.newest_revision()).number == 40


def test_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'new' / 'zone.sqlite3'}"
    if databases.Chosen.kind == databases.POSTGRESQL:
        name = f"empty{abs(hash(tmp_path)) % 10**12}"
        databases.postgres().sql(f"CREATE DATABASE {name}")
        url = databases.postgres().url(name)
    code = (
        "import asyncio, sys\n"
        "from models.database import close_database, open_database\n"
        "from models.document import Document\n"
        "async def main():\n"
        "    await open_database(sys.argv[1])\n"
        "    assert await Document.all().count() == 0\n"
        "    await close_database()\n"
        "asyncio.run(main())\n"
    )
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", code, url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in starting]
    assert [code for _, code in ended] == [0] * 4, ended
