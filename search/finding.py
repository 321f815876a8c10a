"""Finding entries in one committed state of the index."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import tantivy

from search.document_number import DocumentNumber
from search.entry import EntryKind, Revision
from search.normalization import compact
from search.phonetic import sound_key
from search.schema import KEPT, PASSAGE_FIELDS, QUESTION_FIELDS, pairs_of
from search.words import cut

_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_LONGEST_QUERY = 120
"""Characters of a question that are searched; what comes after says nothing new."""
_CANDIDATES_KEPT = 20_000
_PASSAGE_WEIGHTS = dict(zip(PASSAGE_FIELDS, (1.0, 1.0, 0.5), strict=True))
_QUESTION_WEIGHTS = {"question_characters": 1.0, "question_sounds": 1.0}
"""Words add nothing to finding a short question that its characters and sounds do not."""
_SPOKEN_WEIGHTS = {"passage_characters": 1.0, "passage_sounds": 1.0}
"""The sounds of what was spoken are worth as much as the characters that stand for them; where one
character was misheard, its word is cut into others.
"""


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
            revision=revision,
            has_keepers=searcher.doc_freq("keeper", KEPT) > 0,
        )

    def found(self, query: tantivy.Query, limit: int) -> list[tuple[Candidate, float]]:
        """Return the entries that a query finds, the nearest first, and how near each is to the
        nearest, 0 to 1.
        """
        hits = self.searcher.search(query, limit=limit, count=False).hits
        most = hits[0][0] if hits else 0.0
        return [
            (self.candidate(address.segment_ord, address.doc), score / most if most else 1.0)
            for score, address in hits
        ]

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
        return _alone(self._find([text], _QUESTION_WEIGHTS, limit))

    def passages(self, text: str, limit: int) -> list[Candidate]:
        """Return the passages, document heads and answered questions nearest to a normalized text.

        A question is found here by its answer, for those who ask in quite other words.
        """
        return _alone(self.near_passages(text, limit))

    def near_passages(
        self, text: str, limit: int, others: Sequence[str] = ()
    ) -> list[tuple[Candidate, float]]:
        """Return what passages() does, each with how near it is to the nearest, 0 to 1.

        `others` is what may have been said instead where the text was heard, normalized.
        """
        weights = _SPOKEN_WEIGHTS if others else _PASSAGE_WEIGHTS
        return self._find([text, *others], weights, limit)

    def documents_numbered(self, number: DocumentNumber, limit: int = 20) -> list[Candidate]:
        """Return the heads of the documents with this year and number, whatever the prefix."""
        query = tantivy.Query.term_query(self._schema, "number", number.short_key)
        return _alone(self._view.found(self._within(query), limit))

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

    def written_after(self, character: str) -> list[tuple[str, int]]:
        """Return what the library writes after a character, and in how many entries."""
        pairs = self._view.searcher.terms_with_prefix(PASSAGE_FIELDS[0], character)
        return [(pair[1], entries) for pair, entries in pairs if len(pair) == 2]

    def rarity(self, word: str) -> float:
        """Return how much a word tells, 0 (everywhere) to 1 (nowhere)."""
        return self._view.rarity(word)

    def _find(
        self, texts: Sequence[str], weights: dict[str, float], limit: int
    ) -> list[tuple[Candidate, float]]:
        """Return what is nearest to these texts together; what several of them say counts once."""
        clauses = []
        for field, weight in weights.items():
            for term in dict.fromkeys(term for text in texts for term in _terms(field, text)):
                query = tantivy.Query.term_query(self._schema, field, term)
                if weight != 1.0:
                    query = tantivy.Query.boost_query(query, weight)
                clauses.append((_SHOULD, query))
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        return self._view.found(self._within(query), limit)


def _alone(found: list[tuple[Candidate, float]]) -> list[Candidate]:
    return [candidate for candidate, _ in found]


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
