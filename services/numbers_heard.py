"""Document numbers as they were heard: 国伴发2019年36号 is 国办发〔2019〕36号 where there is one.

Year and number survive a recogniser, the letters of the agency do not: so documents are looked for
by year and number, and the agency is told by its sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from search.alignment import align, distance
from search.document_number import DocumentNumber, Named, find_numbers, numbers_in
from search.finding import Finder
from search.normalization import normalize
from services.lexicon import Lexicon
from services.replies import Finding
from speech.numerals import cardinal

_SAME_SOUND = 0.1
"""A syllable, on average: homophones and common confusions."""
_NEAR = 0.45
_LEAD = 0.08
_CRUMBS = 2
"""Characters before a number that are no question."""
_LIKE_COUNT = 0.2
"""四十四 is heard for 十四, 四 for 十; 三 is heard for no other."""


@dataclass(frozen=True, slots=True)
class NumberMeant:
    """A document of the library whose number was said."""

    text: str
    """What was said, with the number as it is printed."""
    heard: str
    printed: str
    is_certain: bool
    """Whether it was heard so, or as another of the same sound. Else it is to be asked for."""


def number_meant(
    heard: str, alternatives: Sequence[str], finder: Finder, lexicon: Lexicon
) -> NumberMeant | None:
    """Return the document number that was said, None where none of the library was."""
    likely: NumberMeant | None = None
    counted = {named.number.short_key for named in numbers_in(normalize(heard))}
    for said in (heard, *alternatives):
        for named in numbers_in(normalize(said)):
            found = _nearest(named, normalize(said), finder)
            if found is None:
                continue
            # Another year or number than the likeliest hearing has is another document.
            if found.is_certain and named.number.short_key in counted:
                return found
            likely = likely or _asked_for(found)
    return likely or _of_like_count(normalize(heard), finder, lexicon)


def _of_like_count(said: str, finder: Finder, lexicon: Lexicon) -> NumberMeant | None:
    """Return a document whose number sounds like the one that was said: 四 is heard for 十."""
    for named in numbers_in(said):
        if finder.documents_numbered(named.number):
            return None  # There is one of that number; its agency was not understood.
        alike = [
            (printed, number)
            for printed, number in lexicon.numbered(named.number.year).items()
            if _sounds_like(number.number, named.number.number)
        ]
        for _, number in alike:
            found = _nearest(Named(_counted(named, number), named.start, named.end), said, finder)
            if found is not None:
                return _asked_for(found)
    return None


def _counted(named: Named, number: DocumentNumber) -> DocumentNumber:
    """Return a number that was heard with the count of another."""
    return DocumentNumber(named.number.prefix, named.number.year, number.number)


@lru_cache(maxsize=10_000)
def _sounds_like(count: str, heard: str) -> bool:
    return distance(cardinal(int(heard)), cardinal(int(count))) <= _LIKE_COUNT


def _asked_for(found: NumberMeant) -> NumberMeant:
    """Return a number to be asked for, without the crumbs before it: 与渝府办发 was one word."""
    text = found.text
    if text.find(found.printed) <= _CRUMBS:
        text = text[text.find(found.printed) :]
    return NumberMeant(text, found.heard, found.printed, is_certain=False)


def _nearest(named: Named, said: str, finder: Finder) -> NumberMeant | None:
    """Return the document with this year and number whose agency sounds most like it."""
    laid = []
    for printed in _printed(named, finder):
        prefix = find_numbers(printed)[0].prefix
        # What stands before the prefix in one breath is talk: 找一下国办发.
        at = align(named.number.prefix, prefix, within=True)
        laid.append((at.cost / max(1, len(prefix)), at, printed))
    laid.sort(key=lambda one: one[0])
    if not laid or not named.number.prefix or laid[0][0] > _NEAR:
        return None
    cost, at, printed = laid[0]
    if len(laid) > 1 and laid[1][0] - cost < _LEAD:
        return None
    start = named.start + at.start
    return NumberMeant(
        text=said[:start] + printed + said[named.end :],
        heard=said[start : named.end],
        printed=printed,
        is_certain=cost <= _SAME_SOUND,
    )


def _printed(named: Named, finder: Finder) -> list[str]:
    heads = finder.documents_numbered(named.number)
    numbers = (
        msgspec.json.decode(head.payload, type=Finding).answer.source.document_number
        for head in heads
    )
    return list(dict.fromkeys(number for number in numbers if find_numbers(number)))
