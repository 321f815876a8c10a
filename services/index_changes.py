"""Recording what changed, for every search index to follow."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F

from models.index_change import IndexChange, IndexHead, Subject
from search.entry import NOTHING, Revision


async def record(
    subject: Subject, ids: Sequence[int], using_db: BaseDBAsyncClient | None = None
) -> None:
    """Note that rows were added, changed or removed; to be called inside their transaction.

    Takes the lock of the single head row until that transaction ends, so that revisions are
    committed in order.
    """
    if not ids:
        return
    await IndexHead.get_or_create({"lineage": str(uuid4())}, id=1, using_db=using_db)
    await IndexHead.filter(id=1).using_db(using_db).update(revision=F("revision") + len(ids))
    head = await IndexHead.get(id=1, using_db=using_db)
    first = head.revision - len(ids) + 1
    await IndexChange.bulk_create(
        [
            IndexChange(revision=first + offset, subject=subject, subject_id=row_id)
            for offset, row_id in enumerate(ids)
        ],
        using_db=using_db,
    )


async def newest_revision() -> Revision:
    """Return the last committed change and the database it belongs to."""
    head = await IndexHead.get_or_none(id=1)
    return Revision(head.lineage, head.revision) if head is not None else NOTHING
