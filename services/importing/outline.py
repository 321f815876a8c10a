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
    pieces = [piece for line in lines for piece in _pieces(line, law)]
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
        paragraphs.append(ImportedParagraph(piece.text, level, article, _path(above.values())))
        if level:
            above[level] = piece.text
    return tuple(paragraphs)


def _path(headings: Iterable[str]) -> str:
    path = " / ".join(heading.rstrip("。")[:_LONGEST_IN_PATH] for heading in headings)
    return path[:_LONGEST_PATH]


def _pieces(line: Line, law: bool) -> list[_Piece]:
    marker = marker_at(line.text)
    if line.level:
        return [_Piece(line.text, line.level, marker)]
    if marker is None or (law and not marker.kind.heads_a_law):
        return [_Piece(line.text, 0, marker)]
    rank = _MARKED_RANK + marker.kind
    if _stands_alone(line.text, marker):
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
    """Return whether a whole line is a heading: short, and not a sentence.

    The lowest marks open list items far more often than headings without text.
    """
    if marker.kind.heads_a_law:
        return len(text) <= _LONGEST_HEADING and not text.endswith(_ENDS_SENTENCE[:6])
    if marker.kind in {MarkerKind.FIRST, MarkerKind.SECOND}:
        bare = text.removesuffix("。")
        short = len(text) <= _LONGEST_RUN_IN or not text.endswith("。")
        closed = bare.endswith(_ENDS_SENTENCE[:8])
        return len(text) <= _LONGEST_HEADING and short and not closed and "。" not in bare
    return False
