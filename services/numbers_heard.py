"""Document numbers as they were heard: 国伴发2019年36号 is 国办发〔2019〕36号 where there is one.

Year and number survive a recogniser, the letters of the agency do not: so documents are looked for
by year and number, and the agency is told by its sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from search.alignment import align
from search.document_number import Named, find_numbers, numbers_in
from search.finding import Finder
from search.normalization import normalize
from services.lexicon import Lexicon
from services.numbers_by_sound import number_by_sound
from services.replies import Finding

_SAME_SOUND = 0.1
"""A syllable, on average: homophones and common confusions."""
_LEAD = 0.08
_CRUMBS = 3
"""Characters before a number that are no question."""


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
    counted = {named.number.short_key for named in numbers_in(normalize(heard))}
    for said in (heard, *alternatives):
        for named in numbers_in(normalize(said)):
            found = _certain(named, normalize(said), finder)
            # Another year or number than the likeliest hearing has is another document.
            if found is not None and named.number.short_key in counted:
                return found
    return _by_sound(heard, alternatives, lexicon)


def _by_sound(heard: str, alternatives: Sequence[str], lexicon: Lexicon) -> NumberMeant | None:
    """Return a document of a number that was written in no way that is read as one."""
    found = number_by_sound(heard, alternatives, lexicon)
    if found is None:
        return None
    number = NumberMeant(
        text=found.said[: found.start] + found.printed + found.said[found.end :],
        heard=found.said[found.start : found.end],
        printed=found.printed,
        is_certain=found.is_same and found.said == normalize(heard),
    )
    return number if number.is_certain else _asked_for(number)


def _asked_for(found: NumberMeant) -> NumberMeant:
    """Return a number to be asked for, without the crumbs before it: 与渝府办发 was one word."""
    text = found.text
    if text.find(found.printed) <= _CRUMBS:
        text = text[text.find(found.printed) :]
    return NumberMeant(text, found.heard, found.printed, is_certain=False)


def _certain(named: Named, said: str, finder: Finder) -> NumberMeant | None:
    """Return the document with this year and number whose agency has the sound that was heard."""
    laid = []
    for printed in _printed(named, finder):
        prefix = find_numbers(printed)[0].prefix
        # What stands before the prefix in one breath is talk: 找一下国办发.
        at = align(named.number.prefix, prefix, within=True)
        laid.append((at.cost / max(1, len(prefix)), at, printed))
    laid.sort(key=lambda one: one[0])
    if not laid or not named.number.prefix or laid[0][0] > _SAME_SOUND:
        return None
    if len(laid) > 1 and laid[1][0] - laid[0][0] < _LEAD:
        return None
    _, at, printed = laid[0]
    start = named.start + at.start
    text = said[:start] + printed + said[named.end :]
    return NumberMeant(text, said[start : named.end], printed, is_certain=True)


def _printed(named: Named, finder: Finder) -> list[str]:
    heads = finder.documents_numbered(named.number)
    numbers = (
        msgspec.json.decode(head.payload, type=Finding).answer.source.document_number
        for head in heads
    )
    return list(dict.fromkeys(number for number in numbers if find_numbers(number)))
