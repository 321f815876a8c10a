"""Repairing a text that holds two or more copies of itself, cut up and interleaved.

Scrapers that join the pages of a site produce such texts: each copy is in its right order but has
lost pieces, and pieces of one copy stand in the middle of another. The repair goes back the same
way. Every piece is given to one of the copies so that each copy, read alone, is a sensible text
(`copies`); the copies are then laid side by side and merged (`merged`). What stood in any copy is in
the result, and stands there once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from services.importing.copies import Piece, separate_copies
from services.importing.markers import MarkerKind, marker_at
from services.importing.merged import merge_copies
from services.importing.source_text import Line

_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’」』）)]*|[^。！？]+$")
_RUN_IN = re.compile(r"[^。；：！？]{1,30}。(?=.)")
_LEAST_REPEATED = 80
"""Characters that must be repeated, in runs with a heading, before a text is taken for shuffled."""
_LEAST_SHARE = 0.1
_MOST_PIECES = 1500


@dataclass(frozen=True)
class _Run:
    start: int
    copy_of: int
    length: int


def repaired(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines of a shuffled text in order, each once; any other text unchanged."""
    if any(line.level for line in lines) or _articles_in_order(lines):
        return lines
    pieces = [piece for line in lines for piece in _pieces(line.text)]
    if len(pieces) > _MOST_PIECES or not _is_shuffled(pieces):
        return lines
    copies = separate_copies(pieces)
    return tuple(Line(text) for text in _joined(merge_copies(pieces, copies), pieces))


def _articles_in_order(lines: tuple[Line, ...]) -> bool:
    """Return whether articles count up through the text, as in rules, which repeat clauses."""
    markers = [marker_at(line.text) for line in lines]
    numbers = [m.number for m in markers if m and m.kind is MarkerKind.ARTICLE]
    return len(numbers) >= 3 and all(a < b for a, b in pairwise(numbers))


def _pieces(line: str) -> list[Piece]:
    """Return the heading and the sentences of a line."""
    marker = marker_at(line)
    if marker is not None and marker.kind < MarkerKind.FIRST:
        marker = None
    texts: list[str] = []
    rest = line
    if marker is not None:
        run_in = _RUN_IN.match(line, len(marker.text))
        if run_in is not None:
            texts, rest = [line[: run_in.end()]], line[run_in.end() :]
    texts += [m[0].strip() for m in _SENTENCE.finditer(rest) if m[0].strip()]
    return [
        Piece(text, marker if place == 0 else None, starts_line=place == 0)
        for place, text in enumerate(texts)
    ]


def _is_shuffled(pieces: list[Piece]) -> bool:
    """Return whether long stretches that include a heading, or half of the text, are repeated."""
    runs = _repeated_runs(pieces)
    total = sum(len(p.text) for p in pieces)
    repeated = sum(len(p.text) for run in runs for p in _of(run, pieces))
    headed = any(
        p.marker and p.marker.kind <= MarkerKind.SECOND for r in runs for p in _of(r, pieces)
    )
    return repeated >= max(_LEAST_REPEATED, total * _LEAST_SHARE) and (
        headed or repeated * 3 > total
    )


def _of(run: _Run, pieces: list[Piece]) -> list[Piece]:
    return pieces[run.start : run.start + run.length]


def _repeated_runs(pieces: list[Piece]) -> list[_Run]:
    """Return the longest stretches of two pieces or more that stood earlier in the text."""
    first: dict[str, int] = {}
    runs: list[_Run] = []
    place = 0
    while place < len(pieces):
        earlier = first.get(pieces[place].key)
        length = 0
        if earlier is not None:
            while (
                place + length < len(pieces)
                and earlier + length < place
                and pieces[place + length].key == pieces[earlier + length].key
            ):
                length += 1
        if length >= 2 and earlier is not None:
            runs.append(_Run(place, earlier, length))
            place += length
            continue
        first.setdefault(pieces[place].key, place)
        place += 1
    return runs


def _joined(order: list[int], pieces: list[Piece]) -> list[str]:
    """Join the sentences that stood together on one line in any of the copies."""
    together = Counter((a.key, b.key) for a, b in pairwise(pieces) if not b.starts_line)
    texts: list[str] = []
    previous: Piece | None = None
    for place in order:
        piece = pieces[place]
        if previous is not None and piece.marker is None and together[previous.key, piece.key]:
            texts[-1] += piece.text
        else:
            texts.append(piece.text)
        previous = piece
    return texts
