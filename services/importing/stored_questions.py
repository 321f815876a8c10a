"""Writing the rows of question libraries to the database."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from tortoise.transactions import in_transaction

from models.index_change import Subject
from models.question_entry import QuestionEntry
from services import index_changes
from services.importing.imported_question import ImportedQuestion

_ROWS_A_TRANSACTION = 300
_COLUMNS = (
    "library", "question", "answer", "short_answer", "source_title", "document_number", "article",
    "agency", "dated_on", "validity",
)  # fmt: skip


async def store_questions(questions: list[ImportedQuestion]) -> tuple[int, int]:
    """Store rows that have different ids; return how many were new or changed, and how many not."""
    imported = 0
    rows = iter(questions)
    while batch := list(islice(rows, _ROWS_A_TRANSACTION)):
        imported += await _store_batch({q.external_id: q for q in batch})
    return imported, len(questions) - imported


async def _store_batch(batch: dict[str, ImportedQuestion]) -> int:
    hashes = {external_id: question.content_hash for external_id, question in batch.items()}
    async with in_transaction() as database:
        existing = {
            entry.external_id: entry
            for entry in await QuestionEntry.filter(external_id__in=list(batch)).using_db(database)
        }
        changed = [
            entry.update_from_dict(
                _values(batch[external_id])
                | {"content_hash": hashes[external_id], "changed_at": datetime.now(UTC)}
            )
            for external_id, entry in existing.items()
            if entry.content_hash != hashes[external_id]
        ]
        new = [
            QuestionEntry(
                external_id=external_id, content_hash=hashes[external_id], **_values(question)
            )
            for external_id, question in batch.items()
            if external_id not in existing
        ]
        if changed:
            fields = [*_COLUMNS, "variants", "content_hash", "changed_at"]
            await QuestionEntry.bulk_update(changed, fields, using_db=database)
        if new:
            await QuestionEntry.bulk_create(new, using_db=database)
        # A bulk insert does not tell the ids of its rows on every database.
        touched = [*(e.external_id for e in changed), *(e.external_id for e in new)]
        stored = (
            await QuestionEntry.filter(external_id__in=touched).using_db(database).only("id")
            if touched
            else []
        )
        ids = sorted(entry.id for entry in stored)
        await index_changes.record(Subject.QUESTION, ids, using_db=database)
    return len(touched)


def _values(question: ImportedQuestion) -> dict[str, Any]:
    values = {name: getattr(question, name) for name in _COLUMNS}
    return values | {"variants": list(question.variants)}
