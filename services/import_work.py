"""Reading what was taken in: each file by one process, taken over where that process died."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models.import_batch import ImportFile, ImportState
from services import audit, stored_files
from services.access import Actor, Permission, actor_of
from services.audit import Action
from services.errors import NotAllowed, OpenZoneError
from services.import_drafts import Outcome, draft_document, draft_question
from services.importing.file_contents import FileContents
from services.importing.imported_question import ImportedQuestion
from services.importing.source_text import Unreadable

LEASE = timedelta(seconds=20)
"""A file whose process was not heard of for so long is taken over."""
_SIGN_OF_LIFE_S = 4.0
_ROWS_A_TRANSACTION = 25
_MOST_FAILURES = 1_000
"""Lines of one file that are named. Whoever has more mends these first."""
_BROKEN = "系统出了点问题，这个文件没有导入，请稍后再导入一次。"

log = logging.getLogger(__name__)


class ReadsFiles(Protocol):
    """Whatever says what is in a file."""

    async def read(self, path: Path) -> FileContents: ...


class TakenOver(Exception):
    """Another process works on the file now."""


@dataclass(frozen=True)
class Claim:
    """A file that this process works on, and nobody else."""

    file_id: int
    token: str


async def claim(now: datetime) -> Claim | None:
    """Take the file that waits longest, or one whose process died. None where there is none."""
    left = Q(state=ImportState.READING, claimed_at__lt=now - LEASE)
    waiting = await (
        ImportFile.filter(Q(state=ImportState.WAITING) | left).order_by("id").limit(8)
    ).values_list("id", "claimed_by")
    for file_id, before in waiting:
        token = uuid4().hex
        # Of several processes that try, the first finds the row as it was.
        taken = await ImportFile.filter(
            id=file_id, claimed_by=before, state__in=[ImportState.WAITING, ImportState.READING]
        ).update(state=ImportState.READING, claimed_by=token, claimed_at=now)
        if taken:
            return Claim(file_id, token)
    return None


async def work_on(claimed: Claim, reader: ReadsFiles, seal_key: bytes) -> None:
    """Read a claimed file, make drafts of it, and write down what became of it.

    A row that was done before another process died is not done again. Nothing is raised but what
    keeps the database from being reached; such a file is taken over later.
    """
    async with _signs_of_life(claimed):
        try:
            await _read_and_draft(claimed, reader, seal_key)
        except TakenOver:
            log.warning("import file %s was taken over", claimed.file_id)
        except Unreadable as error:
            await _fail(claimed, error.reason, error.line)
        except OpenZoneError as error:
            await _fail(claimed, error.sentence)
        # What nobody has seen yet must not keep the files behind it waiting for ever.
        except Exception as error:
            log.exception("import file %s failed: %s", claimed.file_id, type(error).__name__)
            await _fail(claimed, _BROKEN)


async def release(claimed: Claim) -> None:
    """Let another process begin the file at once: this one ends."""
    mine = ImportFile.filter(
        id=claimed.file_id, claimed_by=claimed.token, state=ImportState.READING
    )
    await mine.update(state=ImportState.WAITING)


async def _read_and_draft(claimed: Claim, reader: ReadsFiles, seal_key: bytes) -> None:
    row = await ImportFile.get(id=claimed.file_id).select_related("batch__staff", "file")
    staff = row.batch.staff
    actor = await actor_of(staff, seal_key)
    if not staff.is_active:
        raise NotAllowed("Whoever sent it has left.")
    actor.require_work(row.batch.venue_id, row.batch.agency_id)
    if row.file is None:
        raise Unreadable(_BROKEN)
    async with stored_files.on_disk(row.file, row.name) as path:
        contents = await reader.read(path)
    if contents.is_table:
        await _draft_rows(claimed, row, actor, contents)
    else:
        await _draft_document(claimed, row, actor, contents)


async def _draft_document(
    claimed: Claim, row: ImportFile, actor: Actor, contents: FileContents
) -> None:
    assert contents.document is not None, "What is no table is a document"
    async with in_transaction() as database:
        outcome, version = await draft_document(
            actor, contents.document, contents.scan_id, row.batch, row.file, row.name
        )
        await _note(
            claimed, database, **{outcome.value: 1}, document_id=version.subject_id,
            state=ImportState.DONE, finished_at=datetime.now(UTC),
        )  # fmt: skip
        await _record(actor, row, database, version.subject_id)


async def _draft_rows(
    claimed: Claim, row: ImportFile, actor: Actor, contents: FileContents
) -> None:
    actor.require(Permission.WRITE_QUESTIONS)
    counts = {Outcome.NEW: row.new, Outcome.CHANGED: row.changed, Outcome.UNCHANGED: row.unchanged}
    failures = list(row.failures)
    done = sum(counts.values()) + len(failures)
    for place in range(done, len(contents.questions), _ROWS_A_TRANSACTION):
        async with in_transaction() as database:
            for question in contents.questions[place : place + _ROWS_A_TRANSACTION]:
                outcome = await _draft_row(actor, question, row, failures)
                if outcome is not None:
                    counts[outcome] += 1
            await _note(claimed, database, **_columns(counts), failures=failures)
    unread = [{"line": f.line, "reason": f.reason} for f in contents.failures]
    told = sorted([*failures, *unread], key=lambda failure: failure["line"] or 0)[:_MOST_FAILURES]
    taken_in = sum(counts.values())
    async with in_transaction() as database:
        await _note(
            claimed, database, **_columns(counts), failures=told, finished_at=datetime.now(UTC),
            state=ImportState.DONE if taken_in else ImportState.FAILED,
        )  # fmt: skip
        await _record(actor, row, database, None)


async def _draft_row(
    actor: Actor, question: ImportedQuestion, row: ImportFile, failures: list[dict[str, Any]]
) -> Outcome | None:
    try:
        # A transaction inside the other: a row that fails takes back itself alone.
        async with in_transaction():
            return await draft_question(actor, question, row.batch)
    except OpenZoneError as error:
        failures.append({"line": question.line, "reason": error.sentence})
        return None


def _columns(counts: dict[Outcome, int]) -> dict[str, int]:
    return {outcome.value: count for outcome, count in counts.items()}


async def _fail(claimed: Claim, reason: str, line: int | None = None) -> None:
    async with in_transaction() as database:
        with contextlib.suppress(TakenOver):
            await _note(
                claimed, database, state=ImportState.FAILED, finished_at=datetime.now(UTC),
                failures=[{"line": line, "reason": reason}],
            )  # fmt: skip


async def _note(claimed: Claim, database: BaseDBAsyncClient, **columns: Any) -> None:
    """Write down how far a file has come. Raises TakenOver, which takes back what came with it."""
    kept = (
        await ImportFile.filter(id=claimed.file_id, claimed_by=claimed.token)
        .using_db(database)
        .update(claimed_at=datetime.now(UTC), **columns)
    )
    if not kept:
        raise TakenOver


async def _record(
    actor: Actor, row: ImportFile, database: BaseDBAsyncClient, document_id: int | None
) -> None:
    await audit.record(
        actor, Action.IMPORTED, f"import_batch:{row.batch_id}", venue_id=row.batch.venue_id,
        using_db=database, file=row.file_id, document=document_id,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _signs_of_life(claimed: Claim) -> AsyncIterator[None]:
    async def give() -> None:
        while True:
            await asyncio.sleep(_SIGN_OF_LIFE_S)
            mine = ImportFile.filter(id=claimed.file_id, claimed_by=claimed.token)
            await mine.update(claimed_at=datetime.now(UTC))

    giving = asyncio.create_task(give(), name="signs of life of an import")
    try:
        yield
    finally:
        giving.cancel()
        await asyncio.gather(giving, return_exceptions=True)
