"""Publishing hundreds of library entries at a time, as the command line imports them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.question_entry import QuestionEntry
from models.version import Version
from services import audit, index_changes
from services.access import Actor
from services.audit import Action
from services.clock import zone_day
from services.question_content import QuestionContent
from services.version_contents import encoded, hash_of, title_of

_REPLACED_COLUMNS = (
    "library", "question", "variants", "short_answer", "answer", "source_title", "document_number",
    "article", "agency", "dated_on", "validity", "valid_from", "valid_to", "next_review_on",
    "is_in_time", "reviewer_id", "content_hash", "publication", "published_version", "changed_at",
)  # fmt: skip


async def publish_questions(
    actor: Actor, contents: Mapping[str, QuestionContent], *, now: datetime
) -> int:
    """Publish entries under their external ids; return how many were new or changed.

    One that was imported from the very same row before is left as it is, whatever has become of it
    since: edited at the console, or withdrawn.
    """
    async with in_transaction() as database:
        if contents:
            # An update takes the locks of the rows that are looked at next.
            await (
                QuestionEntry.filter(external_id__in=list(contents))
                .using_db(database)
                .update(published_version=F("published_version"))
            )
        known = {
            entry.external_id: entry
            for entry in await QuestionEntry.filter(external_id__in=list(contents))
            .using_db(database)
            .order_by("id")
        }
        fresh = {
            external_id: content
            for external_id, content in contents.items()
            if external_id not in known or known[external_id].content_hash != content.imported_hash
        }
        if not fresh:
            return 0
        numbers = await _numbers(
            [known[external_id].id for external_id in fresh if external_id in known], database
        )
        await _retire(list(numbers), now, database)
        await _write_rows(fresh, known, numbers, now, database)
        # A bulk insert does not tell the ids of its rows on every database.
        ids = {
            entry.external_id: entry.id
            for entry in await QuestionEntry.filter(external_id__in=list(fresh))
            .using_db(database)
            .only("id", "external_id")
        }
        await Version.bulk_create(
            [
                _version(content, ids[external_id], numbers.get(ids[external_id], 1), now)
                for external_id, content in fresh.items()
            ],
            using_db=database,
        )
        touched = sorted(ids.values())
        await index_changes.record(Subject.QUESTION, touched, using_db=database)
        await audit.record(
            actor, Action.IMPORTED, Subject.QUESTION.value, using_db=database, ids=touched
        )
    return len(fresh)


async def _numbers(ids: Sequence[int], database: BaseDBAsyncClient) -> dict[int, int]:
    """Return the number of the next version of each entry."""
    numbers = dict.fromkeys(ids, 1)
    if ids:
        for subject_id, number in (
            await Version.filter(subject=Subject.QUESTION, subject_id__in=ids)
            .using_db(database)
            .values_list("subject_id", "number")
        ):
            numbers[subject_id] = max(numbers[subject_id], number + 1)
    return numbers


async def _retire(ids: Sequence[int], now: datetime, database: BaseDBAsyncClient) -> None:
    if ids:
        await (
            Version.filter(
                subject=Subject.QUESTION, subject_id__in=ids, state=VersionState.PUBLISHED
            )
            .using_db(database)
            .update(state=VersionState.REPLACED, edits=F("edits") + 1, retired_at=now)
        )


async def _write_rows(
    fresh: Mapping[str, QuestionContent],
    known: Mapping[str, QuestionEntry],
    numbers: Mapping[int, int],
    now: datetime,
    database: BaseDBAsyncClient,
) -> None:
    new: list[QuestionEntry] = []
    changed: list[QuestionEntry] = []
    for external_id, content in fresh.items():
        before = known.get(external_id)
        entry = before or QuestionEntry(external_id=external_id)
        entry.update_from_dict(content.columns())
        entry.content_hash = content.imported_hash
        entry.is_in_time = content.is_in_time(zone_day(now))
        entry.reviewer_id = None
        entry.publication = Publication.PUBLISHED
        entry.published_version = numbers[entry.id] if before is not None else 1
        entry.changed_at = now
        (new if before is None else changed).append(entry)
    if changed:
        await QuestionEntry.bulk_update(changed, _REPLACED_COLUMNS, using_db=database)
    if new:
        await QuestionEntry.bulk_create(new, using_db=database)


def _version(content: QuestionContent, entry_id: int, number: int, now: datetime) -> Version:
    return Version(
        subject=Subject.QUESTION,
        subject_id=entry_id,
        number=number,
        state=VersionState.PUBLISHED,
        title=title_of(content),
        content=encoded(content),
        content_hash=hash_of(content),
        published_at=now,
    )
