"""Keeping the search index in step with what is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from models.document import Document
from models.index_change import IndexChange, Subject
from models.publishable import Publication
from models.question_entry import QuestionEntry
from search.entry import Entry, Revision
from search.index import Overtaken, SearchIndex
from services.index_changes import newest_revision
from services.projection import document_entries, owner_of, question_entries

_ROWS_A_COMMIT = 2_000
_DOCUMENTS_A_READ = 100


async def catch_up(index_dir: Path) -> None:
    """Bring the index in a folder up to what is committed, for a command that changed something."""
    index = await asyncio.to_thread(SearchIndex, index_dir)
    await follow(index)


async def follow(index: SearchIndex) -> bool:
    """Bring an index up to what is committed; return whether anything was new.

    An index of another database, or one that is ahead of it (a backup was put back), is made anew.
    """
    newest = await newest_revision()
    seen = index.revision
    if seen == newest:
        return False
    # Another process may have brought the folder up to date already.
    seen = await asyncio.to_thread(index.refresh)
    if seen == newest:
        return True
    # It may have gone further than what was newest a moment ago.
    newest = await newest_revision()
    if seen.lineage != newest.lineage or seen.number > newest.number:
        await rebuild(index)
        return True
    while seen.number < newest.number:
        seen = await _follow_some(index, seen)
    return True


async def _follow_some(index: SearchIndex, seen: Revision) -> Revision:
    changes = (
        await IndexChange.filter(revision__gt=seen.number)
        .order_by("revision")
        .limit(_ROWS_A_COMMIT)
    )
    reached = Revision(seen.lineage, changes[-1].revision)
    owners = [owner_of(change.subject, change.subject_id) for change in changes]
    entries: list[Entry] = []
    for subject in Subject:
        ids = sorted({c.subject_id for c in changes if c.subject is subject})
        for start in range(0, len(ids), _DOCUMENTS_A_READ):
            entries += await _entries(subject, ids[start : start + _DOCUMENTS_A_READ])
    try:
        await asyncio.to_thread(_replace, index, seen, reached, owners, entries)
    except Overtaken:
        return index.revision
    return reached


def _replace(
    index: SearchIndex,
    seen: Revision,
    reached: Revision,
    owners: Iterable[str],
    entries: Iterable[Entry],
) -> None:
    with index.writing(reached, after=seen) as batch:
        batch.replace(dict.fromkeys(owners), entries)


async def rebuild(index: SearchIndex) -> int:
    """Make the whole index anew from the database; return how many entries it holds.

    What is committed meanwhile is followed afterwards, from the revision read at the start.
    """
    revision = await newest_revision()
    entries: list[Entry] = []
    for subject, model in ((Subject.QUESTION, QuestionEntry), (Subject.DOCUMENT, Document)):
        ids = [row.id for row in await model.all().order_by("id").only("id")]
        for start in range(0, len(ids), _DOCUMENTS_A_READ):
            entries += await _entries(subject, ids[start : start + _DOCUMENTS_A_READ])

    def write() -> None:
        with index.writing(revision, fresh=True) as batch:
            batch.replace((), entries)

    await asyncio.to_thread(write)
    return len(index)


async def _entries(subject: Subject, ids: list[int]) -> list[Entry]:
    """Return the entries of those rows that the public sees."""
    if subject is Subject.QUESTION:
        rows = await QuestionEntry.filter(
            id__in=ids, publication=Publication.PUBLISHED, is_in_time=True
        )
        return [entry for row in rows for entry in question_entries(row)]
    if subject is not Subject.DOCUMENT:
        return []  # Changes what is found, and has no entries of its own.
    documents = await Document.filter(
        id__in=ids, publication=Publication.PUBLISHED
    ).prefetch_related("paragraphs")
    return [
        entry
        for document in documents
        for entry in document_entries(
            document, sorted(document.paragraphs, key=lambda p: p.position)
        )
    ]
