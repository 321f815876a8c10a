"""PDF documents, read with pypdf, their broken lines joined into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdf
from pypdf.errors import PdfReadError

from services.importing.markers import starts_with_marker
from services.importing.source_text import Line, SourceText, Unreadable, clean, clean_lines

_PAGE_NUMBER = re.compile(r"^[\s—\-–─·]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?[\s—\-–─·]*$")
_ENDS_PARAGRAPH = tuple("。！？!?：:；;”’")
_FULL_LINE = 0.85
"""A line at least this part of the usual width was broken by the margin, not by its author."""
_MOST_PAGES = 3000


class OnlyPictures(Unreadable):
    """A PDF whose pages are pictures: a scan."""


def read(path: Path) -> SourceText:
    """Return the paragraphs of a PDF, without page numbers and running heads.

    Raises Unreadable for a damaged or encrypted file, OnlyPictures for scanned pages without text.
    """
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("PDF 加了密码，请去掉密码后再导入。")
        if len(reader.pages) > _MOST_PAGES:
            raise Unreadable(f"PDF 超过 {_MOST_PAGES} 页，请拆分后再导入。")
        pages = [clean(page.extract_text() or "").split("\n") for page in reader.pages]
        shows_pictures = not any(any(page) for page in pages) and _shows_pictures(reader)
    except Unreadable:
        raise
    # Damaged files make pypdf raise errors of many unrelated types beside its own.
    except (PdfReadError, Exception) as error:
        raise Unreadable("PDF 已损坏，无法打开。") from error
    lines = _without_running_heads([[line for line in page if line] for page in pages])
    if not lines:
        kind = OnlyPictures if shows_pictures else Unreadable
        raise kind("PDF 里没有文字（可能是扫描件），请先做文字识别（OCR）再导入。")
    return SourceText(path.stem, clean_lines(_paragraphs(lines)))


def _shows_pictures(reader: pypdf.PdfReader) -> bool:
    return any(page.images.keys() for page in reader.pages)


def _without_running_heads(pages: list[list[str]]) -> list[str]:
    edges = Counter(line for page in pages for line in {*page[:1], *page[-1:]})
    repeated = {line for line, n in edges.items() if n >= 3 and n > len(pages) / 2}
    kept = []
    for page in pages:
        for place, line in enumerate(page):
            at_edge = place == 0 or place == len(page) - 1
            if not (at_edge and (line in repeated or _PAGE_NUMBER.match(line))):
                kept.append(line)
    return kept


def _paragraphs(lines: list[str]) -> Iterator[Line]:
    widths = sorted(_width(line) for line in lines)
    # The margin is where most full lines end; a few longer ones come from tables.
    full = widths[int(len(widths) * 0.9)] * _FULL_LINE if len(lines) > 3 else 1e9
    paragraph = ""
    previous = ""
    for line in lines:
        broken = _width(previous) >= full and not (
            previous.endswith(_ENDS_PARAGRAPH) and _width(previous) < full / _FULL_LINE
        )
        if paragraph and broken and not starts_with_marker(line):
            spaced = paragraph[-1].isascii() and paragraph[-1].isalpha() and line[0].isascii()
            paragraph += (" " if spaced else "") + line
        else:
            if paragraph:
                yield Line(paragraph)
            paragraph = line
        previous = line
    if paragraph:
        yield Line(paragraph)


def _width(line: str) -> float:
    return sum(0.5 if c.isascii() else 1.0 for c in line)
