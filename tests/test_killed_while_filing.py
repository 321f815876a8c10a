"""Kill -9 between any two writes of a filing: the case and its receipt exist, or neither does."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.transactions import in_transaction

from models.applicant import Applicant
from models.application import Application
from models.application_event import ApplicationEvent
from models.audit_record import AuditRecord
from models.database import close_database, open_database, tortoise_config
from models.official_letter import NumberSeries
from models.sqlite_moments import keep_moments_in_order
from services import applications, audit
from services.application_events import case_from, read
from services.application_status import look_up
from services.secret_key import SecretKeys
from tests.application_office import KEYS, ApplicationOffice, filing
from tests.databases import database_url

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STATEMENTS = (
    *("execute_insert", "execute_query", "execute_query_dict", "execute_many", "commit"),
    "execute_query_dict_with_affected",
)
"""What a transaction sends to the database, whichever it is."""
_DONE = 7


def file_and_die(
    url: str, office: ApplicationOffice, keys: SecretKeys, key: str, before: int
) -> None:
    """File an application and be killed before the so-manieth write; leave with _DONE after all."""

    async def work() -> None:
        keep_moments_in_order()
        await Tortoise.init(config=tortoise_config(url))
        async with in_transaction() as database:
            client = type(database)
        count = itertools.count(1)

        def deadly(original: Callable[..., Any]) -> Callable[..., Any]:
            async def statement(*given: Any, **named: Any) -> Any:
                reads = len(given) > 1 and str(given[1]).startswith("SELECT")
                if not reads and next(count) == before:
                    os.kill(os.getpid(), signal.SIGKILL)
                return await original(*given, **named)

            return statement

        for name in STATEMENTS:
            setattr(client, name, deadly(getattr(client, name)))
        given = filing(office, idempotency_key=key, search_evidence="搜索过“改造预算”，没有结果")
        await applications.file(given, keys=keys, now=NOW, actor=None)
        os._exit(_DONE)

    asyncio.run(work())


def kill_before_each_write(url: str, office: ApplicationOffice) -> int:
    """Return before how many writes a filing was killed, once each."""
    # A server of forks has imported everything already: a round takes no longer than its work.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    for before in itertools.count(1):
        worker = context.Process(
            target=file_and_die, args=(url, office, KEYS, f"key {before}", before)
        )  # fmt: skip
        worker.start()
        worker.join(60)
        if worker.exitcode == _DONE:
            return before
        assert worker.exitcode == -signal.SIGKILL, worker.exitcode
    raise AssertionError("A filing never ended.")


async def test_a_filing_is_whole_or_not_there(tmp_path: Path) -> None:
    url = database_url(tmp_path)
    await open_database(url)
    office = await ApplicationOffice.opened()
    await close_database()
    rounds = await asyncio.to_thread(kill_before_each_write, url, office)
    assert rounds > 8, "a filing has more writes than that"
    await open_database(url)
    try:
        rows = await Application.all().order_by("id")
        assert len(rows) == 1, "only the one that nobody killed is there"
        await assert_nothing_half_saved(rows)
        for number in range(1, rounds + 1):
            # Whoever heard nothing sends it again, and learns the receipt.
            again = filing(office, idempotency_key=f"key {number}")
            filed = await applications.file(again, keys=KEYS, now=NOW, actor=None)
            assert filed.repeated == (number == rounds)
            assert (await look_up(filed.query_code, "1234", keys=KEYS, now=NOW)).reply_due
        rows = await Application.all().order_by("id")
        assert sorted(row.number[-5:] for row in rows) == [
            f"{number:05d}" for number in range(1, rounds + 1)
        ], "no number is left out, and none is given twice"
        await assert_nothing_half_saved(rows)
    finally:
        await close_database()


async def assert_nothing_half_saved(rows: list[Application]) -> None:
    """Compare every table that a filing writes to with the applications that are there."""
    ids = {row.id for row in rows}
    assert {row.application_id for row in await Applicant.all()} == ids
    assert {row.application_id for row in await ApplicationEvent.all()} == ids
    for row in rows:
        case = case_from(await read(row.id))
        assert (case.state, case.last_position) == (row.state, row.edits)
        assert row.received_on is not None and row.reply_due is not None
    filed = {record.subject for record in await AuditRecord.filter(action="application_filed")}
    assert filed == {f"application:{one}" for one in ids}
    assert (await audit.verify(KEYS.sealing)).broken_at is None
    assert [series.last_given for series in await NumberSeries.all()] == [len(rows)]
