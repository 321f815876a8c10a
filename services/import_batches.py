"""Files that staff bring in together: taken in one by one, and what became of each."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tortoise.functions import Count

from models.import_batch import ImportBatch, ImportFile, ImportState
from services import stored_files
from services.access import Actor, Permission
from services.errors import Invalid, NotFound
from services.importing.files import LARGEST_FILE
from services.stored_files import FileEmpty, FileTooLarge

MOST_FILES = 500
_LONGEST_NAME = 255


@dataclass(frozen=True)
class BatchSummary:
    """One batch as lists show it."""

    batch: ImportBatch
    files: int
    unfinished: int
    failed: int


async def begin(actor: Actor, *, venue_id: int | None, agency_id: int | None = None) -> ImportBatch:
    """Begin a batch whose drafts a zone (None: all of them) and an agency will keep.

    Raises NotFound and NotAllowed for a zone or agency that is not theirs.
    """
    actor.require(Permission.WRITE_DOCUMENTS)
    actor.require_work(venue_id, agency_id)
    return await ImportBatch.create(staff_id=_person(actor), venue_id=venue_id, agency_id=agency_id)


async def receive(
    actor: Actor, batch_id: int, name: str, chunks: AsyncIterable[bytes], *, announced: int | None
) -> ImportFile:
    """Take in one file of a batch; reading it comes later (services.import_work).

    A file that cannot be kept is in the batch too, with the reason. One that says beforehand that
    it is too large is not read at all. Raises NotFound for somebody else's batch, and Invalid for
    too many files.
    """
    actor.require(Permission.WRITE_DOCUMENTS)
    batch = await ImportBatch.get_or_none(id=batch_id, staff_id=_person(actor))
    if batch is None:
        raise NotFound("There is no such batch of theirs.")
    if await ImportFile.filter(batch_id=batch.id).count() >= MOST_FILES:
        raise Invalid(
            "The batch is full.", sentence=f"一批最多 {MOST_FILES} 个文件，请另起一批导入。"
        )
    called = stored_files.clean_name(name)[:_LONGEST_NAME]
    try:
        if announced is not None and announced > LARGEST_FILE:
            raise FileTooLarge(f"{announced} bytes are announced.")
        file = await stored_files.store(chunks)
    except (FileTooLarge, FileEmpty) as refused:
        return await ImportFile.create(
            batch_id=batch.id,
            name=called,
            state=ImportState.FAILED,
            failures=[{"line": None, "reason": refused.sentence}],
            finished_at=datetime.now(UTC),
        )
    return await ImportFile.create(batch_id=batch.id, name=called, file_id=file.id)


async def show(actor: Actor, batch_id: int) -> tuple[ImportBatch, list[ImportFile]]:
    """Return a batch and its files. Raises NotFound."""
    actor.require(Permission.WRITE_DOCUMENTS)
    batch = await ImportBatch.get_or_none(id=batch_id).select_related("staff", "venue", "agency")
    if batch is None:
        raise NotFound(f"There is no batch {batch_id}.")
    actor.require_sight(batch.venue_id, batch.agency_id)
    return batch, await ImportFile.filter(batch_id=batch_id).order_by("id")


async def recent(actor: Actor, most: int = 20) -> list[BatchSummary]:
    """Return their own batches that have files, the newest first."""
    actor.require(Permission.WRITE_DOCUMENTS)
    # A page that was opened and left has begun a batch without files.
    latest = ImportBatch.filter(staff_id=_person(actor)).order_by("-id").limit(most * 2)
    batches = await latest.select_related("venue")
    counted: dict[int, dict[ImportState, int]] = {}
    if batches:
        groups = ImportFile.filter(batch_id__in=[batch.id for batch in batches])
        for batch_id, state, files in (
            await groups.annotate(files=Count("id"))
            .group_by("batch_id", "state")
            .order_by("batch_id")
            .values_list("batch_id", "state", "files")
        ):
            counted.setdefault(batch_id, {})[ImportState(state)] = int(files)
    return [
        BatchSummary(
            batch,
            files=sum(states.values()),
            unfinished=states.get(ImportState.WAITING, 0) + states.get(ImportState.READING, 0),
            failed=states.get(ImportState.FAILED, 0),
        )
        for batch in batches
        if (states := counted.get(batch.id))
    ][:most]


def _person(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Invalid("A batch belongs to a member of staff.")
    return actor.staff_id
