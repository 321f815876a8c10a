"""The audit record shows who did what, and shows when somebody has been at it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tortoise import connections
from tortoise.transactions import in_transaction

from models.audit_record import AuditHead, AuditRecord
from models.database import close_database, open_database
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services import audit
from services.access import system
from services.audit import Action
from services.clock import zone_day
from tests.databases import database_url, environment_of
from tests.doors import Doors, open_doors
from tests.people import at_the_console, first_venue

KEY = b"k" * 32
RECORDS = 6


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[None]:
    """A record of six deeds."""
    await open_database(database_url(tmp_path))
    for number in range(1, RECORDS + 1):
        await audit.record_alone(system(KEY), Action.PUBLISHED, f"document:{number}", by=number)
    yield
    await close_database()


async def renumber(number: int, becomes: int) -> None:
    await connections.get("default").execute_script(
        f"UPDATE audit_record SET number = {becomes} WHERE number = {number}"
    )


async def change_a_word() -> None:
    await AuditRecord.filter(number=3).update(staff_name="别人")


async def change_a_detail() -> None:
    await AuditRecord.filter(number=3).update(detail='{"by":4}')


async def change_and_move_the_seal() -> None:
    other = await AuditRecord.get(number=4)
    await AuditRecord.filter(number=3).update(seal=other.seal)


async def delete_in_the_middle() -> None:
    await AuditRecord.filter(number=3).delete()


async def delete_in_the_middle_and_close_ranks() -> None:
    await AuditRecord.filter(number=3).delete()
    for number in range(4, RECORDS + 1):
        await renumber(number, number - 1)
    await AuditHead.filter(id=1).update(number=RECORDS - 1)


async def delete_at_the_end() -> None:
    await AuditRecord.filter(number=RECORDS).delete()


async def delete_at_the_end_and_turn_back_the_number() -> None:
    await AuditRecord.filter(number=RECORDS).delete()
    await AuditHead.filter(id=1).update(number=RECORDS - 1)


async def delete_everything() -> None:
    await AuditRecord.all().delete()


async def delete_the_head() -> None:
    await AuditHead.all().delete()


async def put_in_at_the_end() -> None:
    last = await AuditRecord.get(number=RECORDS)
    copied = {name: getattr(last, name) for name in ("at", "action", "subject", "detail", "seal")}
    await AuditRecord.create(number=RECORDS + 1, **copied)
    await AuditHead.filter(id=1).update(number=RECORDS + 1)


async def put_in_in_the_middle() -> None:
    for number in range(RECORDS, 2, -1):
        await renumber(number, number + 1)
    first = await AuditRecord.get(number=1)
    copied = {name: getattr(first, name) for name in ("at", "action", "subject", "detail", "seal")}
    await AuditRecord.create(number=3, **copied)
    await AuditHead.filter(id=1).update(number=RECORDS + 1)


async def swap_two() -> None:
    await renumber(3, 99)
    await renumber(4, 3)
    await renumber(99, 4)


async def test_a_chain_that_nobody_touched_is_whole(chain: None) -> None:
    verified = await audit.verify(KEY)
    assert (verified.records, verified.broken_at) == (RECORDS, None)
    assert (await audit.verify(b"x" * 32)).broken_at == 1, "without the key nothing fits"


@pytest.mark.parametrize(
    ("tamper", "broken_at"),
    [
        (change_a_word, 3),
        (change_a_detail, 3),
        (change_and_move_the_seal, 3),
        (delete_in_the_middle, 3),
        (delete_in_the_middle_and_close_ranks, 3),
        (delete_at_the_end, RECORDS),
        (delete_at_the_end_and_turn_back_the_number, RECORDS),
        (delete_everything, 1),
        (delete_the_head, 1),
        (put_in_at_the_end, RECORDS + 1),
        (put_in_in_the_middle, 3),
        (swap_two, 3),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_whatever_is_done_to_the_rows_shows_and_where(
    chain: None, tamper: Callable[[], Awaitable[None]], broken_at: int
) -> None:
    await tamper()
    assert (await audit.verify(KEY)).broken_at == broken_at


async def test_looking_through_while_others_write_raises_no_false_alarm(chain: None) -> None:
    writing = True

    async def write() -> None:
        while writing:
            await audit.record_alone(system(KEY), Action.PUBLISHED, "document:1")

    writer = asyncio.create_task(write())
    try:
        seen = [await audit.verify(KEY) for _ in range(30)]
    finally:
        writing = False
        await writer
    assert [one.broken_at for one in seen if one.broken_at is not None] == []
    assert seen[-1].records > seen[0].records


async def test_what_is_undone_leaves_no_record(chain: None) -> None:
    with pytest.raises(RuntimeError):
        async with in_transaction() as database:
            await audit.record(system(KEY), Action.WITHDRAWN, "document:1", using_db=database)
            raise RuntimeError
    verified = await audit.verify(KEY)
    assert (verified.records, verified.broken_at) == (RECORDS, None)


def run_verify(data_dir: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", "audit", "verify", *options],
        env={**os.environ, **environment_of(data_dir)},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("audit")) as opened:
        yield opened


def test_a_supervisor_finds_what_was_done_in_own_zones_and_nothing_else(doors: Doors) -> None:
    own = first_venue(doors)
    keys = doors.context.parts.keys

    async def deeds() -> None:
        other = await Venue.create(
            code="other", place="别处的档案馆", type=VenueType.ARCHIVE, level=VenueLevel.DISTRICT
        )
        actor = system(keys.sealing, "王审查")
        await audit.record_alone(actor, Action.PUBLISHED, "document:71", venue_id=own)
        await audit.record_alone(actor, Action.WITHDRAWN, "document:72", venue_id=own)
        await audit.record_alone(actor, Action.PUBLISHED, "document:73", venue_id=other.id)

    doors.run(deeds())
    today = zone_day(datetime.now(UTC)).isoformat()
    with at_the_console(doors, Role.SUPERVISOR) as supervisor:
        page = supervisor.sees("/console/audit")
        assert "文件 71" in page and "文件 72" in page and "王审查" in page
        assert "文件 73" not in page and "别处的档案馆" not in page
        withdrawn = supervisor.sees("/console/audit", action="withdrawn")
        assert "文件 72" in withdrawn and "文件 71" not in withdrawn
        assert "文件 71" in supervisor.sees("/console/audit", subject="document:71")
        assert "文件 71" in supervisor.sees("/console/audit", **{"from": today, "to": today})
        assert "文件 71" not in supervisor.sees("/console/audit", **{"from": "2999-01-01"})
        assert "文件 71" not in supervisor.sees("/console/audit", to="2000-01-01")
        assert "共 0 项" in supervisor.sees("/console/audit", person=str(supervisor.staff_id))
    with at_the_console(doors, Role.ADMINISTRATOR) as administrator:
        assert "文件 73" in administrator.sees("/console/audit")
        assert "查看审计记录" in administrator.sees("/console/audit", action="audit_seen")
    with at_the_console(doors, Role.CLERK) as clerk:
        assert clerk.looks("/console/audit") == 403


def test_a_long_record_has_pages(doors: Doors) -> None:
    async def many() -> None:
        for number in range(120):
            await audit.record_alone(
                system(doors.context.parts.keys.sealing),
                Action.SYNONYM_CHANGED,
                f"synonym:{number}",
            )

    doors.run(many())
    with at_the_console(doors, Role.ADMINISTRATOR) as administrator:
        first = administrator.sees("/console/audit", action="synonym_changed")
        assert "第 1 页，共 3 页（120 项）" in first and "同义词 119" in first
        last = administrator.sees("/console/audit", action="synonym_changed", page="3")
        assert "同义词 0<" in last and "同义词 119" not in last


def test_the_button_and_the_command_say_whether_the_record_is_whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("verified")
    with open_doors(folder) as doors, at_the_console(doors, Role.ADMINISTRATOR) as administrator:
        administrator.sends("/console/audit/verified")
        assert "一条不少" in administrator.sees("/console/audit")
        whole = run_verify(folder / "data", "--json")
        assert whole.returncode == 0, whole.stderr
        assert json.loads(whole.stdout)["broken_at"] is None

        async def tamper() -> None:
            await AuditRecord.filter(number=2).update(action="withdrawn")

        doors.run(tamper())
        administrator.sends("/console/audit/verified")
        assert "第 2 条记录被改动" in administrator.sees("/console/audit")
        broken = run_verify(folder / "data", "--json")
        assert broken.returncode == 1
        assert json.loads(broken.stdout)["broken_at"] == 2
        assert "第 2 条" in run_verify(folder / "data").stdout
