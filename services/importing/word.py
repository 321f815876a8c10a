"""Word documents (.docx), read with python-docx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from services.importing.source_text import Line, SourceText, Unreadable, clean_lines
from services.importing.word_numbering import Numbering

_HEADING_STYLE = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XML_SPACE = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}


def read(path: Path) -> SourceText:
    """Return the paragraphs, headings and table rows of a Word document, numbers included.

    Text that tracked changes inserted is in it, text they deleted is not. Raises Unreadable.
    """
    try:
        document = docx.Document(str(path))
        lines = clean_lines(_lines(document))
        title = str(document.core_properties.title or "")
    # Damaged files make python-docx and lxml raise errors of many unrelated types.
    except Exception as error:
        raise Unreadable("Word 文档已损坏或加了密码，无法打开。") from error
    # Word fills in a title of its own, "Word Document" or the first words.
    named = {"title": title} if any(title.strip() == line.text for line in lines) else {}
    return SourceText(path.stem, lines, named)


def _lines(document: Any) -> Iterator[Line]:
    numbering = Numbering(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        else:
            yield Line(numbering.label(block) + _text(block._p), _level(block))


def _rows(table: Table) -> Iterator[Line]:
    for row in table.rows:
        cells: list[str] = []
        seen: list[Any] = []
        for cell in row.cells:
            # A merged cell is returned once for each column that it spans.
            if cell._tc not in seen:
                seen.append(cell._tc)
                cells.append(" ".join(_text(p._p).strip() for p in cell.paragraphs).strip())
        if any(cells):
            yield Line(" | ".join(cells))


def _level(paragraph: Paragraph) -> int:
    style = paragraph.style
    name = (style.name or "") if style is not None else ""
    if name in {"Title", "标题"}:
        return 1
    match = _HEADING_STYLE.match(name)
    return int(match[1]) + 1 if match else 0


def _text(element: Any) -> str:
    pieces = []
    for node in element.iter(f"{_W}t", *_XML_SPACE):
        pieces.append(_XML_SPACE.get(node.tag) or node.text or "")
    return "".join(pieces)
