"""`openzone backup` of a server that runs, and `openzone restore` elsewhere, as an administrator does."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import CliRunner
from tortoise import Tortoise, connections

from models.database import close_database, open_database
from models.left_question import LeftQuestion
from models.staff import Role, StaffSession
from server.cli import main
from services import audit, left_questions, stored_files, venues
from services.backups import known_migrations
from services.secret_key import obtain_keys
from tests import databases
from tests.databases import ROOT, environment_of
from tests.doors import PATIENCE_S, Doors, open_doors
from tests.people import at_the_console

T = TypeVar("T")

QUESTION = "什么是政府信息？"
LEFT = "我家门口的路灯什么时候修？"
ORIGINAL = "原件".encode() * 900_000
"""More than one piece of a stored file."""
NOT_THE_SAME = {"audit_record", "audit_head", "index_head", "ledger_count", "staff_session"}
"""Tables that a restored installation has otherwise than the one that was backed up; the ledger
is written each second."""


@dataclass
class Kept:
    """What an installation had when it was backed up."""

    archive: Path
    file_id: int
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def openzone(
    data_dir: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", *arguments],
        env=os.environ | environment_of(data_dir) | {"OPENZONE_OFFLINE": "1"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S * 2,
        check=False,
    )


def done(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return what a command printed that must have gone well."""
    assert ran.returncode == 0, ran.stdout + ran.stderr
    printed: dict[str, Any] = json.loads(ran.stdout)
    return printed


def refused(ran: subprocess.CompletedProcess[str], code: str) -> str:
    """Return the sentence of a command that must have been refused with a code."""
    assert ran.returncode == 1, ran.stdout + ran.stderr
    error = json.loads(ran.stdout)["error"]
    assert error["code"] == code
    message: str = error["message"]
    assert message in ran.stderr
    return message


async def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, many-to-many relations included."""
    found = {}
    for model in Tortoise.apps["models"].values():
        assert model is not None
        found[model._meta.db_table] = await model.all().order_by(model._meta.pk_attr).values()
        for name in model._meta.m2m_fields:
            table = model._meta.fields_map[name].through  # type: ignore[attr-defined]
            rows = await connections.get("default").execute_query_dict(f"SELECT * FROM {table}")
            found[table] = sorted(rows, key=lambda row: sorted(row.items()))
    return found


async def inside(data_dir: Path, look: Callable[[], Awaitable[T]]) -> T:
    await open_database(environment_of(data_dir)["OPENZONE_DATABASE_URL"])
    try:
        return await look()
    finally:
        await close_database()


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Doors, Kept, Path]]:
    """A running server with something of everything, backed up while it ran."""
    folder = tmp_path_factory.mktemp("zone")
    archive = folder / "away" / "zone.backup"
    archive.parent.mkdir()
    original = folder / "original.txt"
    original.write_bytes(ORIGINAL)
    with open_doors(folder, speaking=False) as doors:
        keys = doors.context.parts.keys

        async def fill() -> int:
            venue = await venues.first("")
            await left_questions.leave(LEFT, venue=venue, keys=keys, now=datetime.now(UTC))
            return (await stored_files.store_path(original)).id

        file_id = doors.run(fill())
        with at_the_console(doors, Role.CLERK):
            kept = Kept(archive, file_id, doors.run(everything()))
            assert kept.rows["staff_session"], "Somebody is signed in while it is made"
            printed = done(openzone(folder / "data", "backup", str(archive), "--json"))
        assert printed["file"] == str(archive)
        assert printed["database"] == databases.Chosen.kind
        assert printed["migrations"] == known_migrations()
        yield doors, kept, folder / "data"


def test_only_its_owner_reads_a_backup_and_nothing_unfinished_is_left(
    zone: tuple[Doors, Kept, Path],
) -> None:
    archive = zone[1].archive
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [file.name for file in archive.parent.iterdir()] == [archive.name]


def test_everything_is_found_again_elsewhere(
    zone: tuple[Doors, Kept, Path], tmp_path: Path
) -> None:
    _doors, kept, _ = zone
    elsewhere = tmp_path / "elsewhere"
    restored = done(openzone(elsewhere, "restore", str(kept.archive), "--json"))
    assert restored["files"].keys() == {"secret.key", restored_member()}
    assert stat.S_IMODE((elsewhere / "secret.key").stat().st_mode) == 0o600

    answered = done(openzone(elsewhere, "ask", "--text", QUESTION, "--json"))
    assert answered["decision"] == "answer"

    keys = obtain_keys(elsewhere / "secret.key")

    async def look() -> None:
        rows = await everything()
        assert rows.keys() == kept.rows.keys()
        for table, before in kept.rows.items():
            if table not in NOT_THE_SAME:
                assert rows[table] == before, table
        assert sum(map(len, rows.values())) > 500, "The sample zone has more than that"
        (left,) = await LeftQuestion.all()
        assert keys.decrypt(left.encrypted_text) == LEFT
        original = await stored_files.find(kept.file_id)
        assert b"".join([piece async for piece in stored_files.chunks_of(original)]) == ORIGINAL
        assert await StaffSession.all().count() == 0, "Everybody signs in again"
        assert (await audit.verify(keys.sealing)).broken_at is None
        assert rows["audit_record"][-1]["action"] == audit.Action.RESTORED

    asyncio.run(inside(elsewhere, look))


def restored_member() -> str:
    return "database.sqlite3" if databases.Chosen.kind == databases.SQLITE else "database.sql"


def test_a_running_server_and_what_is_there_are_left_alone(
    zone: tuple[Doors, Kept, Path],
) -> None:
    doors, kept, data_dir = zone
    archive = str(kept.archive)
    message = refused(openzone(data_dir, "restore", archive, "--json"), "installation_not_empty")
    assert "--replace" in message
    ran = openzone(data_dir, "restore", archive, "--replace", "--json")
    assert "停止" in refused(ran, "installation_in_use")
    with doors.client() as client:
        assert client.get("/readyz").status_code == 200
        assert client.post("/api/v1/ask", json={"text": QUESTION}).json()["decision"] == "answer"


def test_put_back_in_its_place_and_what_came_later_is_gone(
    zone: tuple[Doors, Kept, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(tmp_path / "data", monkeypatch)
    archive = str(zone[1].archive)
    run("restore", archive)
    assert imported(tmp_path, "x1", "独角兽养殖有补贴吗？") == 1
    assert "x1" in found("独角兽养殖有补贴吗？")

    # The index has followed further than the backup. By number alone it would not be known once
    # as many changes were made again.
    run("restore", archive, "--replace")
    assert imported(tmp_path, "x2", "麒麟登记在哪里办？") == 1
    assert "x1" not in found("独角兽养殖有补贴吗？")
    assert "x2" in found("麒麟登记在哪里办？")


def here(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands of this test work on an installation."""
    for name, value in environment_of(data_dir).items():
        monkeypatch.setenv(name, value)


def run(*arguments: str, expected: int = 0) -> dict[str, Any]:
    """Run a command in this process, which is quicker, and return what it printed."""
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == expected, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def imported(folder: Path, external_id: str, question: str) -> int:
    file = folder / f"{external_id}.csv"
    file.write_text(f"id,question,answer\n{external_id},{question},示例镇没有。\n", "utf-8")
    count: int = run("import", str(file))["imported"]
    return count


def found(question: str) -> set[str]:
    return {hit["external_id"] for hit in run("search", question)["hits"]}


def cut_off(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def a_byte_changed(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0x01
    archive.write_bytes(content)


def key_exchanged(archive: Path) -> None:
    """Rewrite it as a whole archive with another key, of which the manifest does not know."""
    rewritten(archive, {"secret.key": b"A" * 44})


def something_added(archive: Path) -> None:
    rewritten(archive, {"more.txt": b"more"})


def not_a_backup(archive: Path) -> None:
    archive.write_text("这不是备份", "utf-8")


def rewritten(archive: Path, changed: dict[str, bytes]) -> None:
    with zipfile.ZipFile(archive) as old:
        content = {name: old.read(name) for name in old.namelist()} | changed
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in content.items():
            new.writestr(name, data)


def with_manifest(archive: Path, **changed: Any) -> None:
    with zipfile.ZipFile(archive) as old:
        manifest = json.loads(old.read("manifest.json"))
    rewritten(archive, {"manifest.json": json.dumps(manifest | changed).encode()})


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(cut_off, "bad_backup", id="cut off"),
        pytest.param(a_byte_changed, "bad_backup", id="a byte changed"),
        pytest.param(key_exchanged, "bad_backup", id="key exchanged"),
        pytest.param(something_added, "bad_backup", id="something added"),
        pytest.param(not_a_backup, "bad_backup", id="not a backup"),
        pytest.param(
            lambda archive: with_manifest(archive, format=2, files="otherwise"),
            "backup_too_new",
            id="another format",
        ),
        pytest.param(
            lambda archive: with_manifest(archive, migrations=["0999_not_known_yet"]),
            "backup_too_new",
            id="tables of a newer program",
        ),
        pytest.param(
            lambda archive: with_manifest(archive, program="99.0.0"),
            "backup_too_new",
            id="a newer program",
        ),
        pytest.param(
            lambda archive: with_manifest(
                archive, database="postgresql" if databases.Chosen.kind == "sqlite" else "sqlite"
            ),
            "backup_of_other_database",
            id="the other database",
        ),
    ],
)
def test_what_cannot_be_trusted_changes_nothing(
    zone: tuple[Doors, Kept, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None],
    code: str,
) -> None:
    archive = tmp_path / "spoilt.backup"
    shutil.copyfile(zone[1].archive, archive)
    spoil(archive)
    elsewhere = tmp_path / "elsewhere"
    here(elsewhere, monkeypatch)
    assert run("restore", str(archive), expected=1)["error"]["code"] == code
    assert not (elsewhere / "secret.key").exists()
    rows = asyncio.run(inside(elsewhere, everything))
    assert rows["document"] == rows["staff"] == []


def test_a_database_that_cannot_be_put_back_leaves_what_is_there(
    zone: tuple[Doors, Kept, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(tmp_path / "data", monkeypatch)
    run("restore", str(zone[1].archive))
    assert imported(tmp_path, "x1", "独角兽养殖有补贴吗？") == 1
    key = (tmp_path / "data" / "secret.key").read_bytes()

    # Whole as far as checksums can tell, and yet only the first half of a database.
    half = tmp_path / "half.backup"
    shutil.copyfile(zone[1].archive, half)
    with zipfile.ZipFile(half) as archive:
        database = archive.read(restored_member())
        manifest = json.loads(archive.read("manifest.json"))
    database = database[: len(database) // 2]
    manifest["files"][restored_member()] = {
        "sha256": hashlib.sha256(database).hexdigest(),
        "size_bytes": len(database),
    }
    rewritten(half, {restored_member(): database, "manifest.json": json.dumps(manifest).encode()})
    on_sqlite = databases.Chosen.kind == databases.SQLITE
    code = "bad_backup" if on_sqlite else "database_tool_failed"
    assert run("restore", str(half), "--replace", expected=1)["error"]["code"] == code
    assert "x1" in found("独角兽养殖有补贴吗？")
    assert (tmp_path / "data" / "secret.key").read_bytes() == key
    left = [file.name for file in (tmp_path / "data").iterdir() if "restoring" in file.name]
    assert left == []


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    ran = openzone(tmp_path / "data", "backup", str(tmp_path / "zone.backup"), "--json")
    assert "OPENZONE_DATA_DIR" in refused(ran, "nothing_to_back_up")
    assert not (tmp_path / "zone.backup").exists()


def test_a_missing_program_of_postgresql_is_said(
    zone: tuple[Doors, Kept, Path], tmp_path: Path
) -> None:
    if databases.Chosen.kind != databases.POSTGRESQL:
        pytest.skip("SQLite needs no other program")
    target = tmp_path / "zone.backup"
    only_psql = tmp_path / "bin"
    only_psql.mkdir()
    (only_psql / "psql").symlink_to(databases.program("psql"))
    ran = openzone(zone[2], "backup", str(target), "--json", PATH=str(only_psql))
    assert "postgresql-client" in refused(ran, "database_tool_missing")
    assert list(tmp_path.glob("*.unfinished")) == [] and not target.exists()
