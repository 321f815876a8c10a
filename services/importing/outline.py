"""From lines to paragraphs that know their level, their article and the headings above them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.importing.imported_document import ImportedParagraph
from services.importing.markers import Marker, MarkerKind, marker_at
from services.importing.source_text import Line

_LONGEST_HEADING = 60
_LONGEST_RUN_IN = 30
"""Characters of a heading that its text follows on the same line, without the mark."""
_LONGEST_IN_PATH = 120
_LONGEST_PATH = 1000
_ENDS_SENTENCE = tuple("。；：，、！？;:,.)）")
_MARKED_RANK = 10
"""Marks rank below the headings that the file's format declares."""
_RUN_IN = re.compile(r"[^。；：！？]+。(?=.)")


@dataclass(frozen=True)
class _Piece:
    text: str
    rank: int
    """Smaller is higher, 0 for text that heads nothing."""
    marker: Marker | None


def outline(lines: Sequence[Line], *, law: bool = False) -> tuple[ImportedParagraph, ...]:
    """Return the paragraphs of a document, headings split from text that follows on their line.

    In a law only chapters and what the format declares are headings: its 一、 and （一） are items.
    """
    pieces: list[_Piece] = []
    for place, line in enumerate(lines):
        pieces += _pieces(line, lines[place + 1 : place + 2], pieces, law)
    ranks = sorted({piece.rank for piece in pieces if piece.rank})
    levels = {rank: level for level, rank in enumerate(ranks, start=1)}
    above: dict[int, str] = {}
    article = ""
    paragraphs = []
    for piece in pieces:
        level = levels.get(piece.rank, 0)
        if level:
            above = {lv: text for lv, text in above.items() if lv < level}
            article = ""
        elif law and piece.marker and piece.marker.kind is MarkerKind.ARTICLE:
            article = re.sub(r"\s", "", piece.marker.text)
        paragraphs.append(
            ImportedParagraph(piece.text, level, article, heading_path(above.values()))
        )
        if level:
            above[level] = piece.text
    return tuple(paragraphs)


def heading_path(headings: Iterable[str]) -> str:
    """Return headings, the highest first, as the paragraphs below them name them."""
    path = " / ".join(heading.rstrip("。")[:_LONGEST_IN_PATH] for heading in headings)
    return path[:_LONGEST_PATH]


def _pieces(line: Line, following: Sequence[Line], before: list[_Piece], law: bool) -> list[_Piece]:
    marker = marker_at(line.text)
    if line.level:
        return [_Piece(line.text, line.level, marker)]
    if marker is None or (law and not marker.kind.heads_a_law):
        return [_Piece(line.text, 0, marker)]
    rank = _MARKED_RANK + marker.kind
    if _stands_alone(line.text, marker) or _has_text_below(line.text, marker, following, before):
        return [_Piece(line.text, rank, marker)]
    run_in = _RUN_IN.match(line.text, len(marker.text))
    if (
        run_in is not None
        and marker.kind > MarkerKind.ARTICLE
        and len(run_in[0]) <= _LONGEST_RUN_IN
    ):
        heading = line.text[: run_in.end()]
        return [_Piece(heading, rank, marker), _Piece(line.text[run_in.end() :].strip(), 0, None)]
    return [_Piece(line.text, 0, marker)]


def _stands_alone(text: str, marker: Marker) -> bool:
    """Return whether a whole line is a heading by itself: short, and without a full stop.

    The lowest marks open list items far more often than headings without text.
    """
    if marker.kind.heads_a_law:
        return len(text) <= _LONGEST_HEADING and not text.endswith(_ENDS_SENTENCE[:6])
    if marker.kind in {MarkerKind.FIRST, MarkerKind.SECOND}:
        return (
            len(text) <= _LONGEST_HEADING and not text.endswith(_ENDS_SENTENCE) and "。" not in text
        )
    return False


def _has_text_below(
    text: str, marker: Marker, following: Sequence[Line], before: list[_Piece]
) -> bool:
    """Return whether a short sentence on its own line heads the text on the next line.

    The last item of a list is followed by text too, so that what comes after the first must have
    headings for siblings.
    """
    bare = text[len(marker.text) :].removesuffix("。")
    if marker.kind.heads_a_law or len(bare) > _LONGEST_RUN_IN or re.search("[。；：]", bare):
        return False
    below = marker_at(following[0].text) if following else None
    if not following or following[0].level or (below and below.kind <= marker.kind):
        return False
    siblings = [p for p in before if p.marker and p.marker.kind is marker.kind]
    return marker.number == 1 or bool(siblings and siblings[-1].rank)
