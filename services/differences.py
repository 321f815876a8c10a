"""What changed between two texts: paragraph by paragraph, and within one, character by character."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_ALIKE = 0.4
"""Two paragraphs that share this part of their pairs of characters are one that was changed."""
_MOST_COMPARED = 10_000
"""Pairs of paragraphs of one changed stretch that are compared with each other."""
_MOST_CHARACTERS = 4_000_000
"""Product of two lengths, above which frequent characters are passed over to keep the time short."""
_CONTEXT = 1
"""Unchanged paragraphs that are shown around a change."""


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Of paragraphs only: pieces of it are the same, added and removed."""
    SKIPPED = "skipped"
    """Stands for a stretch of paragraphs that are the same."""


@dataclass(frozen=True)
class Piece:
    """Characters in a row with one fate."""

    change: Change
    text: str


@dataclass(frozen=True)
class ParagraphChange:
    """One paragraph of either text, or of both."""

    change: Change
    pieces: tuple[Piece, ...]
    skipped: int = 0
    """How many unchanged paragraphs it stands for, where it is SKIPPED."""


def differences(before: Sequence[str], after: Sequence[str]) -> list[ParagraphChange]:
    """Return the paragraphs of both texts in order, each with what became of it.

    Heavy work for long texts: to be called outside the event loop.
    """
    found: list[ParagraphChange] = []
    matcher = SequenceMatcher(None, list(before), list(after), autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found += [_whole(Change.SAME, text) for text in before[a:b]]
        else:
            found += _replaced(before[a:b], after[c:d])
    return found


def without_unchanged(changes: Sequence[ParagraphChange]) -> list[ParagraphChange]:
    """Return the changes with the paragraphs around them; long unchanged stretches become one."""
    near = {
        place + step
        for place, change in enumerate(changes)
        if change.change is not Change.SAME
        for step in range(-_CONTEXT, _CONTEXT + 1)
    }
    kept: list[ParagraphChange] = []
    skipped = 0
    for place, change in enumerate(changes):
        if place in near:
            if skipped:
                kept.append(ParagraphChange(Change.SKIPPED, (), skipped))
                skipped = 0
            kept.append(change)
        else:
            skipped += 1
    if skipped:
        kept.append(ParagraphChange(Change.SKIPPED, (), skipped))
    return kept


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """Return the characters of two texts in order, each stretch with what became of it."""
    is_long = len(before) * len(after) > _MOST_CHARACTERS
    matcher = SequenceMatcher(None, before, after, autojunk=is_long)
    pieces: list[Piece] = []
    removed = added = ""
    codes = matcher.get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(codes):
        # A single character left between two changes makes them harder to read, not easier.
        is_island = kind == "equal" and b - a == 1 and 0 < number < len(codes) - 1
        if kind != "equal" or is_island:
            removed += before[a:b]
            added += after[c:d]
            continue
        pieces += _changed(removed, added)
        removed = added = ""
        pieces.append(Piece(Change.SAME, before[a:b]))
    return (*pieces, *_changed(removed, added))


def _changed(removed: str, added: str) -> list[Piece]:
    both = (Piece(Change.REMOVED, removed), Piece(Change.ADDED, added))
    return [piece for piece in both if piece.text]


def _whole(change: Change, text: str) -> ParagraphChange:
    return ParagraphChange(change, (Piece(change, text),))


def _replaced(before: Sequence[str], after: Sequence[str]) -> list[ParagraphChange]:
    """Return one changed stretch: paragraphs that became others, in an order that fits both."""
    found: list[ParagraphChange] = []
    old = new = 0
    for left, right in _pairs(before, after):
        found += [_whole(Change.REMOVED, text) for text in before[old:left]]
        found += [_whole(Change.ADDED, text) for text in after[new:right]]
        found.append(ParagraphChange(Change.CHANGED, pieces_of(before[left], after[right])))
        old, new = left + 1, right + 1
    found += [_whole(Change.REMOVED, text) for text in before[old:]]
    return found + [_whole(Change.ADDED, text) for text in after[new:]]


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return which paragraph became which: the pairs in one order that are most alike in all."""
    if not before or not after:
        return []
    if len(before) * len(after) > _MOST_COMPARED:
        return []
    signs_before = [_signs(text) for text in before]
    signs_after = [_signs(text) for text in after]
    # best[i][j]: the likeness that the first i and the first j paragraphs can reach.
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for i, left in enumerate(signs_before):
        for j, right in enumerate(signs_after):
            likeness = _likeness(left, right)
            if likeness >= _ALIKE:
                alike[i, j] = likeness
            paired = best[i][j] + alike.get((i, j), 0.0)
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], paired)
    pairs: list[tuple[int, int]] = []
    i, j = len(before), len(after)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _signs(text: str) -> Counter[str]:
    padded = f"\n{text}\n"
    return Counter(padded[n : n + 2] for n in range(len(padded) - 1))


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    return 2 * (left & right).total() / (left.total() + right.total())
