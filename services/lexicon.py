"""The zone's own names: what a recogniser misses first, and what it is likely to have heard.

Titles of documents, agencies, places and both sides of the synonyms, found by their sound. It is
made of what the index holds, so that it follows the library wherever the index does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from search.document_number import DocumentNumber, find_numbers
from search.entry import EntryKind
from search.finding import Finder
from search.normalization import compact, normalize
from search.phonetic import folded_key, sound_key
from search.regions import PLACES
from services.replies import Finding

_SHORTEST = 3
"""Characters of a name that may stand anywhere; a place may have two."""
_LONGEST = 60
_NAMED = (EntryKind.DOCUMENT, EntryKind.QUESTION)


@dataclass(frozen=True, slots=True)
class Name:
    """One name, compact and normalized, with its sound."""

    text: str
    sound: str
    folded: str

    @classmethod
    def of(cls, text: str) -> Name:
        sound = sound_key(text)
        return cls(text, sound, folded_key(sound))


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of what was heard that sounds like a name."""

    start: int
    end: int
    name: Name
    is_same_sound: bool
    """Else common confusions apart: 四 for 是."""


class Lexicon:
    """Names ready to be looked for by their sound."""

    def __init__(self, names: Iterable[str] = (), numbers: Iterable[str] = ()) -> None:
        self._by_year: dict[str, dict[str, DocumentNumber]] = defaultdict(dict)
        for printed in numbers:
            for number in find_numbers(printed)[:1]:
                self._by_year[number.year][printed] = number
        self.prefixes = frozenset(
            number.prefix for year in self._by_year.values() for number in year.values()
        ) - {""}
        """What numbers begin with: 渝府办发."""
        self._by_start: dict[str, list[Name]] = defaultdict(list)
        for text in dict.fromkeys(compact(normalize(name)) for name in names):
            if text in PLACES or _SHORTEST <= len(text) <= _LONGEST:
                name = Name.of(text)
                self._by_start[name.folded[:2]].append(name)
        for alike in self._by_start.values():
            alike.sort(key=lambda name: -len(name.text))

    @classmethod
    def of(cls, finder: Finder, words: Iterable[str] = ()) -> Lexicon:
        """Return the names that the entries of an index bear, with some words more.

        Ten thousand documents take about half a second: not on the loop.
        """
        borne = [_names_in(payload) for kind in _NAMED for payload in finder.payloads(kind)]
        names = [name for one in borne for name in one.names]
        return cls([*PLACES, *words, *names], (one.number for one in borne if one.is_document))

    @property
    def years(self) -> list[str]:
        """Return the years in which the zone has numbered documents, "" for its decrees."""
        return list(self._by_year)

    def numbered(self, year: str) -> Mapping[str, DocumentNumber]:
        """Return the document numbers of a year as they are printed, "" for decrees."""
        return self._by_year.get(year, {})

    def heard_in(self, characters: str) -> list[Heard]:
        """Return where names are heard in a compact text, the longest first, none overlapping."""
        sound = sound_key(characters)
        folded = folded_key(sound)
        found: list[Heard] = []
        start = 0
        while start < len(folded) - 1:
            here = self._longest_at(start, sound, folded)
            if here is not None:
                found.append(here)
                start = here.end
            else:
                start += 1
        return found

    def _longest_at(self, start: int, sound: str, folded: str) -> Heard | None:
        alike: list[Heard] = []
        for name in self._by_start.get(folded[start : start + 2], ()):
            end = start + len(name.text)
            if alike and len(name.text) < len(alike[0].name.text):
                break
            if folded.startswith(name.folded, start):
                alike.append(Heard(start, end, name, sound.startswith(name.sound, start)))
        return max(alike, key=lambda heard: heard.is_same_sound, default=None)

    def __len__(self) -> int:
        return sum(map(len, self._by_start.values()))


@dataclass(frozen=True, slots=True)
class _Borne:
    """What an entry bears."""

    names: tuple[str, ...]
    number: str
    is_document: bool


@lru_cache(maxsize=50_000)
def _names_in(payload: str) -> _Borne:
    """Return what an entry bears; kept, since few change from one state to the next."""
    answer = msgspec.json.decode(payload, type=Finding).answer
    source = answer.source
    bare = source.title.removeprefix("中华人民共和国")
    names = tuple(filter(None, (source.title, bare, source.agency)))
    return _Borne(names, source.document_number, answer.kind == "document")
