"""Finding entries in one committed state of the index."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import tantivy

from search.document_number import DocumentNumber
from search.entry import EntryKind, Revision
from search.normalization import compact
from search.phonetic import near_sounds, sound_key
from search.schema import KEPT, PASSAGE_FIELDS, QUESTION_FIELDS, pairs_of
from search.words import cut

_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_LONGEST_QUERY = 120
"""Characters of a question that are searched; what comes after says nothing new."""
_CANDIDATES_KEPT = 20_000
_PASSAGE_WEIGHTS = dict(zip(PASSAGE_FIELDS, (1.0, 1.0, 0.5), strict=True))
_QUESTION_WEIGHTS = {"question_characters": 1.0, "question_sounds": 1.0}
"""Words add nothing to finding a short question that its characters and sounds do not."""
_SPOKEN_WEIGHTS = dict(zip(PASSAGE_FIELDS, (1.0, 1.0, 1.0), strict=True))
"""The sounds of what was spoken are worth as much as the characters that stand for them."""
_FARTHEST, _LIKELIHOOD_FALLS = 0.36, 2.0
"""How far a pair of sounds may be from the one that was heard, and how fast its weight falls."""


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
class View:
    """One committed state. Replaced as a whole: a search in one thread while another thread looks
    again must not read its hits from a different state.
    """

    searcher: tantivy.Searcher
    candidate: Callable[[int, int], Candidate]
    rarity: Callable[[str], float]
    heard_for: Callable[[str], tuple[tuple[str, float], ...]]
    """The pairs of sounds that a passage has and that may be heard as one, each with its weight."""
    revision: Revision
    has_keepers: bool
    """Whether anything is kept by somebody. Where nothing is, nothing need be left out."""

    @classmethod
    def of(cls, searcher: tantivy.Searcher, revision: Revision) -> View:
        """Return what a searcher sees."""
        return cls(
            searcher,
            candidate=lru_cache(_CANDIDATES_KEPT)(_reader_of(searcher)),
            rarity=lru_cache(_CANDIDATES_KEPT)(_rarity_in(searcher)),
            heard_for=lru_cache(_CANDIDATES_KEPT)(_heard_for_in(searcher)),
            revision=revision,
            has_keepers=searcher.doc_freq("keeper", KEPT) > 0,
        )

    def found(self, query: tantivy.Query, limit: int) -> list[Candidate]:
        """Return the entries that a query finds, the nearest first."""
        hits = self.searcher.search(query, limit=limit, count=False).hits
        return [self.candidate(address.segment_ord, address.doc) for _, address in hits]

    def payloads(self, query: tantivy.Query, limit: int) -> list[str]:
        """Return what is kept with the entries that a query finds, each once."""
        hits = self.searcher.search(query, limit=limit, count=False).hits
        found = (self.searcher.doc(address).get_first("payload") for _, address in hits)
        return list(dict.fromkeys(str(payload or "") for payload in found))


class Finder:
    """Finds the entries that everybody keeps, and those of some keepers or of all."""

    def __init__(
        self, view: View, schema: tantivy.Schema, keepers: frozenset[str] | None = None
    ) -> None:
        self._view = view
        self._schema = schema
        self._others = self._of_others(keepers) if view.has_keepers else None

    def _of_others(self, keepers: frozenset[str] | None) -> tantivy.Query | None:
        """Return what finds the entries of other keepers, None where there are no others."""
        if keepers is None:
            return None
        term = tantivy.Query.term_query
        own = [(_MUST_NOT, term(self._schema, "keeper", keeper)) for keeper in sorted(keepers)]
        return tantivy.Query.boolean_query([(_MUST, term(self._schema, "keeper", KEPT)), *own])

    def _within(self, query: tantivy.Query) -> tantivy.Query:
        """Leave out what others keep. What is left scores as it did."""
        if self._others is None:
            return query
        return tantivy.Query.boolean_query([(_MUST, query), (_MUST_NOT, self._others)])

    def questions(self, text: str, limit: int) -> list[Candidate]:
        """Return the library questions nearest to a normalized text, the nearest first."""
        return self._find(text, _QUESTION_WEIGHTS, limit)

    def passages(self, text: str, limit: int, *, spoken: bool = False) -> list[Candidate]:
        """Return the passages, document heads and answered questions nearest to a normalized text.

        A question is found here by its answer, for those who ask in quite other words. What was
        `spoken` is looked for by near sounds, too, which takes five milliseconds more.
        """
        if spoken:
            return self._find(text, _SPOKEN_WEIGHTS, limit, near=True)
        return self._find(text, _PASSAGE_WEIGHTS, limit)

    def documents_numbered(self, number: DocumentNumber, limit: int = 20) -> list[Candidate]:
        """Return the heads of the documents with this year and number, whatever the prefix."""
        query = tantivy.Query.term_query(self._schema, "number", number.short_key)
        return self._view.found(self._within(query), limit)

    def payloads(self, kind: EntryKind) -> list[str]:
        """Return what is kept with every entry of a kind, each once, in no order."""
        query = tantivy.Query.term_query(self._schema, "kind", kind.value)
        enough = max(1, self._view.searcher.num_docs)
        return self._view.payloads(self._within(query), enough)

    def is_question(self, characters: str) -> bool:
        """Return whether a compact text is a library question, word for word."""
        nearest = self.questions(characters, 1)
        return bool(nearest) and nearest[0].characters == characters

    def is_written(self, characters: str) -> bool:
        """Return whether the library somewhere writes each neighbouring pair of these characters.

        What it writes is no mishearing, whatever else sounds the same.
        """
        fields = (QUESTION_FIELDS[0], PASSAGE_FIELDS[0])
        return all(
            any(self._view.searcher.doc_freq(field, pair) for field in fields)
            for pair in pairs_of(characters)
        )

    def rarity(self, word: str) -> float:
        """Return how much a word tells, 0 (everywhere) to 1 (nowhere)."""
        return self._view.rarity(word)

    def _find(
        self, text: str, weights: dict[str, float], limit: int, *, near: bool = False
    ) -> list[Candidate]:
        clauses = []
        for field, weight in weights.items():
            if near and field.endswith("_sounds"):
                queries = [self._sounding_like(field, term) for term in _terms(field, text)]
            else:
                queries = [
                    tantivy.Query.term_query(self._schema, field, t) for t in _terms(field, text)
                ]
            if weight != 1.0:
                queries = [tantivy.Query.boost_query(query, weight) for query in queries]
            clauses += [(_SHOULD, query) for query in queries]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        return self._view.found(self._within(query), limit)

    def _sounding_like(self, field: str, pair: str) -> tantivy.Query:
        """Return what finds a pair of sounds, or the best of those that may be heard as it."""
        term, boosted = tantivy.Query.term_query, tantivy.Query.boost_query
        near = [
            boosted(term(self._schema, field, other), weight)
            for other, weight in self._view.heard_for(pair)
        ]
        exact = term(self._schema, field, pair)
        return tantivy.Query.disjunction_max_query([exact, *near]) if near else exact


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


def _heard_for_in(searcher: tantivy.Searcher) -> Callable[[str], tuple[tuple[str, float], ...]]:
    def heard_for(pair: str) -> tuple[tuple[str, float], ...]:
        found: list[tuple[str, float]] = []
        for first, first_apart in near_sounds(pair[:1]):
            for second, second_apart in near_sounds(pair[1:]):
                apart = first_apart + second_apart
                if apart > _FARTHEST:
                    break
                if apart and searcher.doc_freq(PASSAGE_FIELDS[2], first + second):
                    found.append((first + second, math.exp(-_LIKELIHOOD_FALLS * apart)))
        return tuple(found)

    return heard_for


def _rarity_in(searcher: tantivy.Searcher) -> Callable[[str], float]:
    everything = max(2, searcher.num_docs)

    def rarity(word: str) -> float:
        found = sum(
            searcher.doc_freq(field, word) for field in (QUESTION_FIELDS[1], PASSAGE_FIELDS[1])
        )
        return math.log((everything + 1) / (found + 0.5)) / math.log((everything + 1) / 0.5)

    return rarity
