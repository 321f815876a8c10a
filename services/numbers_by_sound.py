"""Document numbers told by their sound alone, however a recogniser wrote them.

二零一八年三号 comes as 2001 8年3号, 20183号 or 2018-3号, 一七八号 as 一期8日. So what was heard is said
again, digit by digit, and laid beside each number of the zone as people say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from search.alignment import Alignment, align
from search.confusions import character_distance
from search.document_number import DocumentNumber
from search.normalization import compact, normalize
from services.lexicon import Lexicon
from speech.numerals import cardinal, one_by_one

_DIGITS = "零一二三四五六七八九"
_NUMERALS = frozenset(_DIGITS + "十百千")
_SPELT = str.maketrans("〇○幺两", "零零一二")
_OPTIONAL = str.maketrans("", "", "年第号")
_WRITTEN = re.compile(r"[0-9]+|.", re.DOTALL)
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEWEST_DIGITS = 4
"""A year. Whoever says fewer digits does not name a document of a year."""
_FAR = 0.65
"""The most by which year and count together may be misheard: a digit unheard, but no other."""
_FAR_YEAR = 1.0
"""The most for the year alone, where the agency and a long count were heard: a digit that is another."""
_LONG_COUNT = 3
_FAR_PREFIX = 0.45
"""A syllable of the agency, on average."""
_FAR_DECREE = 0.3
_ANOTHER_AGENCY = 0.65
"""How much nearer another agency of the zone must be to be the one that was said: a syllable."""
_LEAD = 0.12
_SAME_SOUND = 0.1
_SECOND_GUESS = 0.1
"""What each hearing is less likely than the one before it."""
_LOST = dict.fromkeys("年第", 0.05) | {"号": 0.3, "零": 0.25, "十": 0.3, "百": 0.3}
_ADDED = _LOST | {"十": 0.5, "百": 0.5}
_LOST_ANY = 0.5
_SAID_TWICE = 0.3
"""A digit after the same one: 一五五 is heard as 一五 before 一五六 is."""
_INVENTED = 0.7
"""A syllable that nobody said: rarer than one that is swallowed."""
_LONGEST_COUNT = 12
_BEFORE = 16
"""Characters before the year in which the agency is looked for."""
_AFTER = 24
_MISHEARD_BEFORE = 2
"""Characters before the first digit that may be digits themselves, misheard."""


@dataclass(frozen=True, slots=True)
class ByItsSound:
    """A document number that sounds like what was heard."""

    printed: str
    start: int
    """Where it lies in the normalized text that was heard."""
    end: int
    cost: float
    said: str
    """That text."""
    is_same: bool
    """Whether year and count were heard exactly so, and the agency by its sound."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What was heard, with its digits as they are said, and where each character comes from."""

    heard: str
    text: str
    places: tuple[tuple[int, int], ...]


def number_by_sound(heard: str, alternatives: Sequence[str], lexicon: Lexicon) -> ByItsSound | None:
    """Return the number of the zone that sounds most like what was heard; None for none, or two."""
    best: dict[str, ByItsSound] = {}
    for rank, said in enumerate((heard, *alternatives)):
        for spoken in _ways_of_saying(normalize(said)):
            for one in _laid_beside(spoken, rank * _SECOND_GUESS, lexicon):
                known = best.get(one.printed)
                if known is None or one.cost < known.cost:
                    best[one.printed] = one
    laid = sorted(best.values(), key=lambda one: one.cost)
    if not laid or (len(laid) > 1 and laid[1].cost - laid[0].cost < _LEAD):
        return None
    return laid[0]


def _ways_of_saying(said: str) -> list[_Spoken]:
    """Return what was heard with its numbers counted, and spelt where that differs."""
    counted, spelt = _spoken(said, counts=True), _spoken(said, counts=False)
    return [counted] if counted.text == spelt.text else [counted, spelt]


def _spoken(said: str, *, counts: bool) -> _Spoken:
    text, places = "", []
    for piece in _WRITTEN.finditer(said):
        written = piece[0].translate(_SPELT)
        if written.isdecimal() and written.isascii():
            read = _read(written, counts=counts)
        elif written == "日" and text[-1:] in _NUMERALS:
            read = "号"  # What follows a number is a day to a recogniser.
        else:
            read = compact(written)
        text += read
        places += [piece.span()] * len(read)
    return _Spoken(said, text, tuple(places))


def _read(digits: str, *, counts: bool) -> str:
    year = digits[:4] if _YEAR.match(digits) else ""
    rest = digits[len(year) :]
    is_count = counts and rest[:1] not in {"", "0"} and len(rest) <= 4
    return one_by_one(year) + (cardinal(int(rest)) if is_count else one_by_one(rest))


def _laid_beside(spoken: _Spoken, less_likely: float, lexicon: Lexicon) -> Iterator[ByItsSound]:
    first = next((at for at, c in enumerate(spoken.text) if c in _DIGITS), None)
    if first is None:
        return
    text = spoken.text[: first + _AFTER]
    if sum(c in _DIGITS for c in text) >= _FEWEST_DIGITS:
        for year in filter(None, lexicon.years):
            at = _laid(text, one_by_one(year), max(0, first - _MISHEARD_BEFORE))
            if at.cost <= _FAR_YEAR:
                yield from _of_year(spoken, at, year, less_likely, lexicon)
    if any(character_distance(c, "令") <= _SAME_SOUND for c in text[max(0, first - 3) : first]):
        yield from _of_year(spoken, _Laid(0.0, first, first), "", less_likely, lexicon)


def _of_year(
    spoken: _Spoken, year: _Laid, said_year: str, less_likely: float, lexicon: Lexicon
) -> Iterator[ByItsSound]:
    """Give the numbers of a year whose count and agency sound like what lies around it."""
    after = spoken.text[year.end : year.end + _LONGEST_COUNT]
    begin = max(0, year.start - _BEFORE)
    before = spoken.text[begin : year.start].rstrip("第")
    most = _FAR_PREFIX if said_year else _FAR_DECREE
    nearest = min((_agency_at(before, prefix).cost for prefix in lexicon.prefixes), default=0.0)
    for printed, number in lexicon.numbered(said_year).items():
        count = _count_at(after, number.number, bool(said_year))
        if not number.prefix or not _may_be(year.cost, count.cost, number):
            continue
        agency = _agency_at(before, number.prefix)
        if agency.cost > min(most * len(number.prefix), nearest + _ANOTHER_AGENCY):
            continue
        end = year.end + count.end
        said = spoken.text[year.start : end].translate(_OPTIONAL)
        exact = {one_by_one(number.year) + form for form in _counts(number.number)}
        start = begin + agency.start
        yield ByItsSound(
            printed=printed,
            start=spoken.places[start][0],
            end=spoken.places[end - 1][1],
            cost=year.cost + count.cost + agency.cost + less_likely,
            said=spoken.heard,
            is_same=said in exact and agency.cost <= _SAME_SOUND * len(number.prefix),
        )


def _may_be(year_cost: float, count_cost: float, number: DocumentNumber) -> bool:
    if not number.year:
        return count_cost <= _FAR_DECREE
    if len(number.number) >= _LONG_COUNT and count_cost <= _SAME_SOUND:
        return year_cost <= _FAR_YEAR
    return year_cost + count_cost <= _FAR


@lru_cache(maxsize=10_000)
def _agency_at(before: str, prefix: str) -> Alignment:
    """Return an agency at the end of what was heard before the year: 渝府办 is not in 渝府办发."""
    at = align(before, prefix, within=True)
    best = replace(at, cost=at.cost + _LOST_ANY * (len(before) - at.end))
    for length in (len(prefix) - 1, len(prefix), len(prefix) + 1):
        start = max(0, len(before) - length)
        whole = align(before[start:], prefix)
        if whole.cost < best.cost:
            best = replace(whole, start=start, end=len(before))
    return best


@lru_cache(maxsize=10_000)
def _count_at(after: str, count: str, has_year: bool) -> _Laid:
    """Return a count at the head of what was heard after the year."""
    forms = (("年第" if has_year else "第") + form + "号" for form in _counts(count))
    return min((_laid(after, form, None) for form in forms), key=lambda at: at.cost)


@lru_cache(maxsize=2_000)
def _counts(count: str) -> tuple[str, ...]:
    """Return a count as it is said: 178 as 一百七十八 and 一七八."""
    spelt = one_by_one(count)
    return tuple(dict.fromkeys((cardinal(int(count)), spelt))) if len(count) <= 4 else (spelt,)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Where in a text another one was heard, at what cost."""

    cost: float
    start: int
    end: int


def _laid(heard: str, wanted: str, from_here: int | None) -> _Laid:
    """Lay a wanted number beside what was heard, anywhere from a place on, or None at the head.

    What follows costs nothing, but for another digit: 三号 is not in 三十六号.
    """
    if from_here is None:
        row = [(at * _INVENTED, 0) for at in range(len(heard) + 1)]
    else:
        row = [(0.0, at) if at >= from_here else (9.0, at) for at in range(len(heard) + 1)]
    for place, character in enumerate(wanted):
        lost = _LOST.get(character, _LOST_ANY)
        if wanted[:place].endswith(character):
            lost = min(lost, _SAID_TWICE)
        here = [(row[0][0] + lost, row[0][1])]
        for at, said in enumerate(heard):
            together = row[at][0] + _apart(said, character), row[at][1]
            without = row[at + 1][0] + lost, row[at + 1][1]
            besides = here[at][0] + _ADDED.get(said, _INVENTED), here[at][1]
            here.append(min(together, without, besides))
        row = here
    ends = (
        (cost + _LOST_ANY * (from_here is None and _goes_on(heard[end : end + 3])), end)
        for end, (cost, _) in enumerate(row)
    )
    cost, end = min(ends)
    return _Laid(cost, row[end][1], end)


def _goes_on(after: str) -> bool:
    """Return whether a number goes on after its end: 年二号 does."""
    return after.lstrip("年第")[:1] in _NUMERALS


def _apart(said: str, wanted: str) -> float:
    """Return how far apart two characters of a number sound; one may be said yāo."""
    if wanted in "年第号" and said in _NUMERALS:
        return 1.0
    apart = character_distance(said, wanted)
    return min(apart, character_distance(said, "幺")) if wanted == "一" else apart
