"""Laying the copies of a text side by side and merging them into one."""

from __future__ import annotations

from difflib import SequenceMatcher

from services.importing.copies import Piece


def merge_copies(pieces: list[Piece], copies: list[list[int]]) -> list[int]:
    """Return the places of the merged text's pieces, each text of the copies once, in order."""
    merged = _named(pieces, copies[0])
    for copy in copies[1:]:
        merged = _merge(merged, _named(pieces, copy), pieces)
    return [place for _, place in merged]


Entry = tuple[tuple[str, int], int]
"""A piece's key with how often it stood in its copy before, and its place in the file."""


def _named(pieces: list[Piece], copy: list[int]) -> list[Entry]:
    seen: dict[str, int] = {}
    named = []
    for place in copy:
        key = pieces[place].key
        # Only headings may stand twice in one text; see copies.
        if key in seen and pieces[place].marker is None:
            continue
        named.append(((key, seen.get(key, 0)), place))
        seen[key] = seen.get(key, 0) + 1
    return named


def _merge(left: list[Entry], right: list[Entry], pieces: list[Piece]) -> list[Entry]:
    names_left, names_right = [n for n, _ in left], [n for n, _ in right]
    everywhere = set(names_left) & set(names_right)
    merged: list[Entry] = []
    matcher = SequenceMatcher(None, names_left, names_right, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        if names_left[a:b] == names_right[c:d]:
            merged += left[a:b]
            continue
        # What both have but in another order stays where the fuller copy has it.
        only_right = [entry for entry in right[c:d] if entry[0] not in everywhere]
        merged += _ordered(left[a:b], only_right, pieces)
    return merged


def _ordered(first: list[Entry], second: list[Entry], pieces: list[Piece]) -> list[Entry]:
    """Return two stretches between the same neighbours, in the order their headings suggest.

    Text without a heading belongs to the heading before it, so that it comes first.
    """
    if not first or not second:
        return first + second
    opens_first, opens_second = pieces[first[0][1]].marker, pieces[second[0][1]].marker
    if opens_first is None:
        swap = False
    elif opens_second is None:
        swap = True
    elif opens_first.kind == opens_second.kind:
        swap = opens_second.number < opens_first.number
    else:
        swap = opens_second.kind > opens_first.kind
    return second + first if swap else first + second
