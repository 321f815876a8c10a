"""The library that is asked: the measured zone's, with entries taken out or laid beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from bench.bench_zone import open_zone, settings
from models.index_change import Subject
from models.question_entry import QuestionEntry
from models.venue import Venue
from search.document_number import find_numbers
from search.entry import Entry, EntryKind
from search.finding import Finder
from search.index import SearchIndex
from search.normalization import normalize
from server.settings import Settings
from services.conversation import Conversation
from services.library import Library
from services.projection import owner_of, question_entries
from services.replies import Answer, Finding, Source

CHARACTERS = ("characters",)
CHARACTERS_AND_SOUNDS = ("characters", "sounds")


@dataclass
class Asked:
    """A library with the plain ways of finding that ours is compared with."""

    library: Library
    venue: Venue
    finder: Finder
    index_dir: Path
    by: str = "question"
    """What plain finding looks at: the "question" of an entry, or "passage"."""

    def conversation(self) -> Conversation:
        """Return somebody's first turn."""
        return Conversation(self.library, self.venue)

    def plainly(self, text: str, kinds: Sequence[str], limit: int = 10) -> list[str]:
        """Return the ids of what is found by these kinds of terms alone, the nearest first."""
        weights = {f"{self.by}_{kind}": 1.0 for kind in kinds}
        found = self.finder._find([normalize(text)], weights, 3 * limit)
        ids = [
            msgspec.json.decode(one.payload, type=Finding).answer.external_id for one, _ in found
        ]
        return list(dict.fromkeys(ids))[:limit]


@asynccontextmanager
async def opened(zone: Settings | None = None) -> AsyncIterator[Asked]:
    """Open the zone as it is."""
    zone = zone or settings()
    async with open_zone(zone) as library:
        venue = await Venue.all().order_by("id").first()
        assert venue is not None, "a zone is made where there is none"
        yield Asked(library, venue, await library._found_at(venue.id), zone.index_dir)


@asynccontextmanager
async def changed(
    zone: Asked, *, without: Collection[str] = (), numbered: Sequence[str] = ()
) -> AsyncIterator[Asked]:
    """Open an opened zone without the library questions of these wordings, and with heads of
    documents of these numbers. The zone itself is left as it is.
    """
    rows = await QuestionEntry.filter(question__in=list(without)).only("id")
    owners = [owner_of(Subject.QUESTION, row.id) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "index"
        shutil.copytree(zone.index_dir, beside)
        index = SearchIndex(beside)
        with index.writing(index.revision) as batch:
            batch.replace(owners, [_head(number) for number in numbered])
        yield await _asked(zone, beside, "question")


@asynccontextmanager
async def answers_of(zone: Asked) -> AsyncIterator[Asked]:
    """Open a library of nothing but the answers of an opened zone's library questions.

    Nobody's question stands in it, so every question is one in other words.
    """
    rows = await QuestionEntry.all()
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "index"
        index = SearchIndex(beside)
        with index.writing(zone.library.revision, fresh=True) as batch:
            batch.replace((), [_answer_alone(row) for row in rows])
        yield await _asked(zone, beside, "passage")


async def _asked(zone: Asked, index_dir: Path, by: str) -> Asked:
    library = await Library.open(index_dir)
    finder = await library._found_at(zone.venue.id)
    return Asked(library, zone.venue, finder, index_dir, by)


def _answer_alone(row: QuestionEntry) -> Entry:
    entry = question_entries(row)[0]
    return replace(entry, kind=EntryKind.PASSAGE, wording=row.answer, context="")


def _head(number: str) -> Entry:
    title = f"关于{number}所述事项的通知"
    source = Source(title, number, "", "", "", "现行有效")
    answer = Answer("document", 0, number, title, "现将有关事项通知如下。", 0.0, source)
    return Entry(
        f"bench:{number}",
        EntryKind.DOCUMENT,
        f"通知 {number}",
        "",
        msgspec.json.encode(Finding(answer)).decode(),
        find_numbers(number)[0],
    )
