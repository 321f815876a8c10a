"""Which version of a law binds, when several are in the library."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.document import Document, Paragraph, Validity
from models.index_change import Subject
from models.publishable import Publication
from services import index_changes

_CITED = re.compile(r"《([^《》]{2,120})》")
_REPEAL = re.compile(r"(?:同时|即行|即|予以)废止")
_DATED_ID = re.compile(r"\((\d{4}-\d\d-\d\d)\)$")
_STATE = "中华人民共和国"


async def settle_versions() -> None:
    """Mark what a later version amended or another law repealed; safe to repeat.

    Of the versions of one law that are in the library the newest binds. A law that says at its
    end 《…》同时废止 repeals what is older than itself. Versions are the documents whose id is their
    title with a date; what a file itself states of its validity is never overruled.
    """
    async with in_transaction() as database:
        laws = await _laws(database)
        wanted = _amended(laws) | await _repealed(laws, database)
        for document_id, validity in wanted.items():
            await Document.filter(id=document_id).using_db(database).update(validity=validity)
        await index_changes.record(Subject.DOCUMENT, sorted(wanted), using_db=database)


class _Laws(dict[int, tuple[str, date, Validity]]):
    """Title, date of the version and validity of each law, by id."""


async def _laws(database: BaseDBAsyncClient) -> _Laws:
    laws = _Laws()
    rows = (
        await Document.filter(publication=Publication.PUBLISHED)
        .using_db(database)
        .values("id", "external_id", "title", "validity")
    )
    for row in rows:
        dated = _DATED_ID.search(row["external_id"])
        if dated is not None and row["validity"] in {Validity.IN_FORCE, Validity.AMENDED}:
            title = row["title"].removeprefix(_STATE)
            laws[row["id"]] = (title, date.fromisoformat(dated[1]), Validity(row["validity"]))
    return laws


def _amended(laws: _Laws) -> dict[int, Validity]:
    """Return the versions that bind but are not the newest."""
    newest: defaultdict[str, date] = defaultdict(lambda: date.min)
    for title, day, _ in laws.values():
        newest[title] = max(newest[title], day)
    return {
        law_id: Validity.AMENDED
        for law_id, (title, day, validity) in laws.items()
        if day < newest[title] and validity is Validity.IN_FORCE
    }


async def _repealed(laws: _Laws, database: BaseDBAsyncClient) -> dict[int, Validity]:
    """Return the laws that a later law of another title says it repeals."""
    repealed_on: defaultdict[str, date] = defaultdict(lambda: date.min)
    clauses = (
        await Paragraph.filter(text__contains="废止", document_id__in=list(laws))
        .using_db(database)
        .values("document_id", "text")
        if laws
        else []
    )
    for clause in clauses:
        title, day, _ = laws[clause["document_id"]]
        end = max((m.start() for m in _REPEAL.finditer(clause["text"])), default=0)
        for cited in _CITED.findall(clause["text"][:end]):
            if (name := cited.removeprefix(_STATE)) != title:
                repealed_on[name] = max(repealed_on[name], day)
    return {
        law_id: Validity.REPEALED
        for law_id, (title, day, _) in laws.items()
        if day < repealed_on[title]
    }
