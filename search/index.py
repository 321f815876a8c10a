"""The embedded index: a projection of the library that can be thrown away and made again."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import tantivy
from filelock import FileLock

from search.document_number import DocumentNumber
from search.normalization import compact, normalize
from search.phonetic import sound_key
from search.schema import (
    PASSAGE_FIELDS,
    QUESTION_FIELDS,
    VERSION,
    build_schema,
    field_values,
    normalized,
    pairs_of,
    register_tokenizers,
)
from search.words import cut

_SHOULD = tantivy.Occur.Should
_WRITER_BYTES = 64_000_000
_LONGEST_QUERY = 120
"""Characters of a question that are searched; what comes after says nothing new."""
_REVISION_OWNER = "revision"
_CANDIDATES_KEPT = 20_000
_PASSAGE_WEIGHTS = dict(zip(PASSAGE_FIELDS, (1.0, 1.0, 0.5), strict=True))
_QUESTION_WEIGHTS = {"question_characters": 1.0, "question_sounds": 1.0}
"""Words add nothing to finding a short question that its characters and sounds do not."""


class EntryKind(StrEnum):
    """What an entry of the index is."""

    QUESTION = "question"
    PASSAGE = "passage"
    DOCUMENT = "document"
    """The head of a document: its title, number, agency."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found."""

    owner: str
    """The row it comes from, "document:12"; a change of the row replaces all its entries."""
    kind: EntryKind
    wording: str
    """What is compared with a question: one way of asking, or the text of a passage."""
    context: str
    """What is known of it besides: the headings above a passage, the answer to a question."""
    payload: str
    """Given back as it is to whoever finds the entry."""
    number: DocumentNumber | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """How far an index has followed which database."""

    lineage: str
    """Names the database; another one, or one made anew, has another."""
    number: int

    def written(self) -> str:
        return f"{self.number} {self.lineage}"

    @classmethod
    def read(cls, written: str) -> Revision:
        number, _, lineage = written.partition(" ")
        return cls(lineage, int(number))


NOTHING = Revision("", 0)


class Batch:
    """What is replaced in one go."""

    def __init__(
        self, writer: tantivy.IndexWriter, document: Callable[[Entry], tantivy.Document]
    ) -> None:
        self._writer = writer
        self._document = document

    def replace(self, owners: Iterable[str], entries: Iterable[Entry]) -> None:
        """Drop all entries of these owners, and take these instead."""
        for owner in owners:
            self._writer.delete_documents_by_term("owner", owner)
        for entry in entries:
            self._writer.add_document(self._document(entry))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a search brought up; wording and context are normalized."""

    kind: EntryKind
    wording: str
    context: str
    payload: str
    characters: str
    """The wording without punctuation."""
    sound: str
    """The sound key of the wording's characters."""
    all_characters: str
    """Wording and context without punctuation."""
    all_sound: str


@dataclass(frozen=True, slots=True)
class _View:
    """One committed state. Replaced as a whole: a search in one thread while another thread looks
    again must not read its hits from a different state.
    """

    searcher: tantivy.Searcher
    candidate: Callable[[int, int], Candidate]
    rarity: Callable[[str], float]
    revision: Revision

    def found(self, query: tantivy.Query, limit: int) -> list[Candidate]:
        hits = self.searcher.search(query, limit=limit, count=False).hits
        return [self.candidate(address.segment_ord, address.doc) for _, address in hits]


class SearchIndex:
    """An index in a folder, shared by one writer at a time and any number of readers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / f"v{VERSION}"
        self._lock = FileLock(f"{directory}.lock")
        self._schema = build_schema()
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._index = self._open()
        self._look_again()

    def _open(self) -> tantivy.Index:
        try:
            index = tantivy.Index(self._schema, path=str(self._directory))
        except ValueError:
            # A folder that is no index, or one cut off while it was made: it holds nothing of
            # its own, so it is made again from the database.
            shutil.rmtree(self._directory)
            self._directory.mkdir(parents=True)
            index = tantivy.Index(self._schema, path=str(self._directory))
        register_tokenizers(index)
        return index

    def _look_again(self) -> None:
        """Read what was committed last, by this process or another."""
        self._index.reload()
        searcher = self._index.searcher()
        self._view = _View(
            searcher,
            candidate=lru_cache(_CANDIDATES_KEPT)(_reader_of(searcher)),
            rarity=lru_cache(_CANDIDATES_KEPT)(_rarity_in(searcher)),
            revision=self._stored_revision(searcher),
        )

    def _stored_revision(self, searcher: tantivy.Searcher) -> Revision:
        query = tantivy.Query.term_query(self._schema, "owner", _REVISION_OWNER)
        hits = searcher.search(query, limit=1).hits
        if not hits:
            return NOTHING
        return Revision.read(str(searcher.doc(hits[0][1]).get_first("payload")))

    @property
    def revision(self) -> Revision:
        """The revision of the database that this reader sees."""
        return self._view.revision

    def __len__(self) -> int:
        """Return how many entries can be found."""
        view = self._view
        return max(0, view.searcher.num_docs - (view.revision != NOTHING))

    def refresh(self) -> Revision:
        """See what others committed since, and return its revision."""
        self._look_again()
        return self._view.revision

    @contextmanager
    def writing(self, revision: Revision, *, fresh: bool = False) -> Iterator[Batch]:
        """Replace entries and note the revision, all or nothing.

        Waits for another writer. A kill at any moment leaves the state before or after. With
        fresh, everything there was is dropped; readers see the old state until the end.
        """
        with self._lock:
            writer = self._index.writer(_WRITER_BYTES, num_threads=1)
            try:
                if fresh:
                    writer.delete_all_documents()
                yield Batch(writer, self._document)
                writer.delete_documents_by_term("owner", _REVISION_OWNER)
                marker = {"owner": _REVISION_OWNER, "payload": revision.written()}
                writer.add_document(tantivy.Document.from_dict(marker, self._schema))
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
        self._look_again()

    def _document(self, entry: Entry) -> tantivy.Document:
        wording, context = normalize(entry.wording), normalize(entry.context)
        values = {
            "owner": entry.owner,
            "kind": entry.kind.value,
            "wording": wording,
            "context": context,
            "payload": entry.payload,
        }
        if entry.kind is EntryKind.QUESTION:
            values |= field_values(QUESTION_FIELDS, wording)
        values |= field_values(PASSAGE_FIELDS, normalized(context, wording))
        if entry.number is not None:
            values["number"] = entry.number.short_key
        return tantivy.Document.from_dict(values, self._schema)

    def questions(self, text: str, limit: int) -> list[Candidate]:
        """Return the library questions nearest to a normalized text, the nearest first."""
        return self._find(text, _QUESTION_WEIGHTS, limit)

    def passages(self, text: str, limit: int) -> list[Candidate]:
        """Return the passages, document heads and answered questions nearest to a normalized text.

        A question is found here by its answer, for those who ask in quite other words.
        """
        return self._find(text, _PASSAGE_WEIGHTS, limit)

    def documents_numbered(self, number: DocumentNumber, limit: int = 20) -> list[Candidate]:
        """Return the heads of the documents with this year and number, whatever the prefix."""
        query = tantivy.Query.term_query(self._schema, "number", number.short_key)
        return self._view.found(query, limit)

    def rarity(self, word: str) -> float:
        """Return how much a word tells, 0 (everywhere) to 1 (nowhere)."""
        return self._view.rarity(word)

    def _find(self, text: str, weights: dict[str, float], limit: int) -> list[Candidate]:
        clauses = []
        for field, weight in weights.items():
            queries = [
                tantivy.Query.term_query(self._schema, field, t) for t in _terms(field, text)
            ]
            if weight != 1.0:
                queries = [tantivy.Query.boost_query(query, weight) for query in queries]
            clauses += [(_SHOULD, query) for query in queries]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        return self._view.found(query, limit)


def _terms(field: str, text: str) -> list[str]:
    """Return what a question looks for in a field, each term once."""
    if field.endswith("_words"):
        return list(dict.fromkeys(cut(text[: 2 * _LONGEST_QUERY])))
    characters = compact(text)[:_LONGEST_QUERY]
    if field.endswith("_sounds"):
        return pairs_of(sound_key(characters))
    return pairs_of(characters) or [characters] * bool(characters)


def _reader_of(searcher: tantivy.Searcher) -> Callable[[int, int], Candidate]:
    def read(segment: int, row: int) -> Candidate:
        document = searcher.doc(tantivy.DocAddress(segment, row))
        wording = str(document.get_first("wording") or "")
        context = str(document.get_first("context") or "")
        characters, around = compact(wording), compact(context)
        sound = sound_key(characters)
        return Candidate(
            kind=EntryKind(str(document.get_first("kind"))),
            wording=wording,
            context=context,
            payload=str(document.get_first("payload") or ""),
            characters=characters,
            sound=sound,
            all_characters=characters + around,
            all_sound=sound + sound_key(around),
        )

    return read


def _rarity_in(searcher: tantivy.Searcher) -> Callable[[str], float]:
    everything = max(2, searcher.num_docs)

    def rarity(word: str) -> float:
        found = sum(
            searcher.doc_freq(field, word) for field in (QUESTION_FIELDS[1], PASSAGE_FIELDS[1])
        )
        return math.log((everything + 1) / (found + 0.5)) / math.log((everything + 1) / 0.5)

    return rarity
