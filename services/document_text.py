"""A document's text as people edit it: a line for each paragraph, # before a heading, ## below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.document_content import ParagraphContent
from services.importing.markers import MarkerKind, marker_at
from services.importing.outline import heading_path
from services.importing.source_text import clean

_DEEPEST = 9
_HEADING = re.compile(r"(#{1,9})[ \u3000]*(?=[^#\s])")
_LEAST_ARTICLES = 2
"""Lines that begin as articles, from which on a text is taken for one that has articles."""


def as_lines(paragraphs: Sequence[ParagraphContent]) -> str:
    """Return paragraphs as lines to edit."""
    return "\n".join(_line(paragraph) for paragraph in paragraphs)


def from_lines(lines: str) -> tuple[ParagraphContent, ...]:
    """Return the paragraphs that lines say, each with its article and the headings above it."""
    marked = [_marked(line) for line in clean(lines).split("\n") if line]
    articles = [_article(text) for _, text in marked]
    has_articles = sum(bool(article) for article in articles) >= _LEAST_ARTICLES
    above: dict[int, str] = {}
    article = ""
    paragraphs = []
    for (level, text), begun in zip(marked, articles, strict=True):
        if level:
            above = {lv: heading for lv, heading in above.items() if lv < level}
            article = ""
        elif has_articles and begun:
            article = begun
        paragraphs.append(ParagraphContent(text, level, article, heading_path(above.values())))
        if level:
            above[level] = text
    return tuple(paragraphs)


def _line(paragraph: ParagraphContent) -> str:
    text = paragraph.text.replace("\n", " ")
    if paragraph.level:
        return f"{'#' * min(paragraph.level, _DEEPEST)} {text}"
    # What begins like a mark and is none says so.
    return f"\\{text}" if text.startswith(("#", "\\")) else text


def _marked(line: str) -> tuple[int, str]:
    heading = _HEADING.match(line)
    if heading is not None:
        return len(heading[1]), line[heading.end() :]
    return 0, line.removeprefix("\\")


def _article(text: str) -> str:
    marker = marker_at(text)
    is_article = marker is not None and marker.kind is MarkerKind.ARTICLE
    return re.sub(r"\s", "", marker.text) if marker is not None and is_article else ""
