"""Telling apart the copies of one text that were interleaved, by a beam search.

The pieces are read in the order of the file, and each is given to one of the copies. A way of doing
so costs something wherever a copy stops being a sensible text: its numbering goes back or skips, it
repeats itself, or it departs from what another copy has in one stretch. The cheapest way wins.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from services.importing.markers import Marker, MarkerKind

_JOIN = 1.0
"""The copy goes on elsewhere than where it stopped."""
_WITHIN_LINE = 0.5
"""It does so in the middle of a line."""
_CONTRADICTION = 2.0
"""Another copy has something else in one stretch after the same piece."""
_HEADING_AGAIN = 2.0
"""A heading that the copy already has; two sections may share one, such as （一）工作目标。"""
_SENTENCE_AGAIN = 24.0
_INVERSION = 3.0
"""Another copy has the pieces the other way round."""
_BACKWARD = 8.0
"""The numbering goes back without a new section above it."""
_MOST_COPIES = 4
_BEAM = 48
_SIGNS = re.compile(r"[\s，。、；：]")


@dataclass(frozen=True)
class Piece:
    """A heading or a sentence, at one place of the file."""

    text: str
    marker: Marker | None
    starts_line: bool

    @cached_property
    def key(self) -> str:
        """Equal for repetitions, whatever their spaces and signs."""
        return _SIGNS.sub("", self.text)


@dataclass(frozen=True)
class _Copy:
    last: int = -1
    """The place of its last piece; -1 while it has none."""
    numbers: tuple[int, ...] = ()
    """The number reached at each level of marks, the highest first."""
    keys: frozenset[str] = frozenset()
    reach: tuple[int, ...] = (-1,) * _MOST_COPIES
    """For each copy the last place there of a text that this one has as well."""


@dataclass(frozen=True)
class _Reading:
    """One way of giving the pieces so far to copies."""

    cost: float
    copies: tuple[_Copy, ...]
    owners: tuple[int, ...] = ()


def separate_copies(pieces: list[Piece]) -> list[list[int]]:
    """Return the places of the pieces of each copy, in order; the fullest copy first."""
    # Sections may share headings, so that only sentences tell how many copies there are.
    counts = Counter(piece.key for piece in pieces if piece.marker is None)
    number_of_copies = min(max(counts.values(), default=1), _MOST_COPIES)
    places: dict[str, list[int]] = {}
    readings = [_Reading(0.0, (_Copy(),) * number_of_copies)]
    for place, piece in enumerate(pieces):
        places.setdefault(piece.key, [])
        following = [r for reading in readings for r in _options(reading, place, pieces, places)]
        following.sort(key=lambda r: r.cost)
        readings = following[:_BEAM]
        places[piece.key].append(place)
    owners = readings[0].owners
    copies = [[p for p, o in enumerate(owners) if o == c] for c in range(number_of_copies)]
    return sorted((c for c in copies if c), key=len, reverse=True)


def _options(
    reading: _Reading, place: int, pieces: list[Piece], places: dict[str, list[int]]
) -> list[_Reading]:
    """Return the readings that give the next piece to one copy or another.

    places are those of the pieces so far, by key.
    """
    piece = pieces[place]
    options = []
    opened = False
    for index, copy in enumerate(reading.copies):
        if copy.last < 0:
            # Copies without pieces are alike: trying one of them is enough.
            if opened:
                continue
            opened = True
        twins = [(reading.owners[p], p) for p in places[piece.key] if reading.owners[p] != index]
        cost = (
            _numbering_cost(copy.numbers, piece.marker)
            + _repetition_cost(copy, piece)
            + _INVERSION * sum(twin < copy.reach[owner] for owner, twin in twins)
            + _joining_cost(reading.owners, copy, place, pieces, places)
        )
        copies = _with_piece(reading.copies, index, place, piece, twins)
        options.append(_Reading(reading.cost + cost, copies, (*reading.owners, index)))
    return options


def _with_piece(
    copies: tuple[_Copy, ...], index: int, place: int, piece: Piece, twins: list[tuple[int, int]]
) -> tuple[_Copy, ...]:
    """Return the copies after one has got a piece; twins are where the others have its text."""
    changed = list(copies)
    reach = list(copies[index].reach)
    for owner, twin in twins:
        reach[owner] = max(reach[owner], twin)
        theirs = list(changed[owner].reach)
        theirs[index] = place
        changed[owner] = replace(changed[owner], reach=tuple(theirs))
    changed[index] = _Copy(
        last=place,
        numbers=_reached(copies[index].numbers, piece.marker),
        keys=copies[index].keys | {piece.key},
        reach=tuple(reach),
    )
    return tuple(changed)


def _repetition_cost(copy: _Copy, piece: Piece) -> float:
    if piece.key not in copy.keys:
        return 0.0
    # A sentence is repeated only when there are more repetitions than copies.
    return _HEADING_AGAIN if piece.marker is not None else _SENTENCE_AGAIN


def _joining_cost(
    owners: tuple[int, ...],
    copy: _Copy,
    place: int,
    pieces: list[Piece],
    places: dict[str, list[int]],
) -> float:
    """Return what it costs that the piece at a place follows the last one of the copy.

    Between two pieces where the copy joins, it may have lost some; where it reads on in the file,
    it should read as the other copies do.
    """
    if copy.last != place - 1:
        return _JOIN + (0.0 if pieces[place].starts_line else _WITHIN_LINE)
    if copy.last < 0:
        return 0.0
    key, last_key = pieces[place].key, pieces[copy.last].key
    cost = 0.0
    mine = owners[copy.last]
    if any(owners[p] == mine and p != copy.last for p in places[last_key]):
        # Below the second of two headings alike stands something else than below the first.
        return cost
    for other in places[last_key]:
        in_one_stretch = other + 1 < place and owners[other + 1] == owners[other]
        if in_one_stretch and pieces[other + 1].key != key:
            cost += _CONTRADICTION
    for this in places[key]:
        in_one_stretch = this > 0 and owners[this - 1] == owners[this]
        if in_one_stretch and pieces[this - 1].key != last_key:
            cost += _CONTRADICTION
    return cost


def _depth(kind: MarkerKind) -> int:
    return kind - MarkerKind.FIRST


def _numbering_cost(numbers: tuple[int, ...], marker: Marker | None) -> float:
    if marker is None:
        return 0.0
    depth = _depth(marker.kind)
    if depth < len(numbers):
        step = marker.number - numbers[depth]
        return _BACKWARD if step <= 0 else float(step - 1)
    return float(min(marker.number - 1, 4) + (depth - len(numbers)))


def _reached(numbers: tuple[int, ...], marker: Marker | None) -> tuple[int, ...]:
    if marker is None:
        return numbers
    depth = _depth(marker.kind)
    padded = numbers + (0,) * (depth - len(numbers))
    return (*padded[:depth], marker.number)
