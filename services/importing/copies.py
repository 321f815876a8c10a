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
_CONTRADICTION = 1.5
"""Another copy has something else in one stretch after the same piece."""
_HEADING_AGAIN = 2.5
"""A heading that the copy already has; two sections may share one, such as （一）工作目标。"""
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


@dataclass(frozen=True)
class _Reading:
    """One way of giving the pieces so far to copies."""

    cost: float
    copies: tuple[_Copy, ...]
    owners: tuple[int, ...] = ()


def separate_copies(pieces: list[Piece]) -> list[list[int]]:
    """Return the places of the pieces of each copy, in order; the fullest copy first."""
    counts = Counter(piece.key for piece in pieces)
    number_of_copies = min(max(counts.values()), _MOST_COPIES)
    places: dict[str, list[int]] = {}
    readings = [_Reading(0.0, (_Copy(),) * number_of_copies)]
    for place, piece in enumerate(pieces):
        earlier = places.setdefault(piece.key, [])
        before = places[pieces[place - 1].key] if place else []
        following = [
            r for reading in readings for r in _options(reading, place, pieces, earlier, before)
        ]
        following.sort(key=lambda r: r.cost)
        readings = following[:_BEAM]
        earlier.append(place)
    owners = readings[0].owners
    copies = [[p for p, o in enumerate(owners) if o == c] for c in range(number_of_copies)]
    return sorted((c for c in copies if c), key=len, reverse=True)


def _options(
    reading: _Reading, place: int, pieces: list[Piece], same: list[int], before: list[int]
) -> list[_Reading]:
    """Return the readings that give the next piece to one copy or another."""
    piece = pieces[place]
    options = []
    opened = False
    for index, copy in enumerate(reading.copies):
        if copy.last < 0:
            # Copies without pieces are alike: trying one of them is enough.
            if opened:
                continue
            opened = True
        extra = _cost(reading, copy, place, pieces, same, before)
        numbers = _reached(copy.numbers, piece.marker)
        grown = _Copy(place, numbers, copy.keys | {piece.key})
        copies = (*reading.copies[:index], grown, *reading.copies[index + 1 :])
        options.append(
            replace(
                reading,
                cost=reading.cost + extra,
                copies=copies,
                owners=(*reading.owners, index),
            )
        )
    return options


def _cost(
    reading: _Reading,
    copy: _Copy,
    place: int,
    pieces: list[Piece],
    same: list[int],
    before: list[int],
) -> float:
    """Return what it costs to give the piece at a place to a copy.

    same are the earlier places of its repetitions, before those of the piece that precedes it.
    """
    piece = pieces[place]
    cost = _numbering_cost(copy.numbers, piece.marker)
    if piece.key in copy.keys:
        if piece.marker is None and len(piece.key) > 3:
            # Never chosen, unless there are more repetitions than copies.
            cost += _BACKWARD * 3
        else:
            cost += _HEADING_AGAIN
    if copy.last != place - 1:
        return cost + _JOIN
    owners = reading.owners
    for other in before:
        in_one_stretch = other + 1 < place and owners[other + 1] == owners[other]
        if in_one_stretch and pieces[other + 1].key != piece.key:
            cost += _CONTRADICTION
    for other in same:
        in_one_stretch = other > 0 and owners[other - 1] == owners[other]
        if in_one_stretch and pieces[other - 1].key != pieces[place - 1].key:
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
