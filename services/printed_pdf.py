"""Documents as PDF, with Chinese that can be searched and copied.

A TrueType font of the machine is embedded where there is one; otherwise the file names the standard
Chinese font that every reader brings (docs/decisions/0100-printed-documents.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Image, KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as SetParagraph
from reportlab.platypus import Table as SetTable

from services.printed_document import (
    PageBreak,
    Paragraph,
    Picture,
    PrintedDocument,
    Setting,
    Table,
    printable,
)

_STANDARD_FONT = "STSong-Light"
_FONT = "Document"
_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_FILES = (
    *("simfang.ttf", "fangsong.ttf", "simsun.ttc", "simsun.ttf", "uming.ttc"),
    *("wqy-zenhei.ttc", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf"),
)
"""Fonts with all of GB 18030 or most of it, those of official letters first."""
_CHECKED = "政府信息公开〔〕·"
_SIZE = 14.0
_LARGE = 20.0
_LONG_CELL = 200
"""Characters that may fill a page in a narrow column of large print."""
_MARGIN = 24 * mm
_SETTINGS: dict[Setting, dict[str, Any]] = {
    Setting.BODY: {"alignment": TA_JUSTIFY},
    Setting.FLUSH: {"alignment": TA_LEFT},
    Setting.HEADING: {"alignment": TA_LEFT, "spaceBefore": 6},
    Setting.CENTRED: {"alignment": TA_CENTER},
    Setting.SIGN: {"alignment": TA_CENTER, "spaceAfter": 6},
    Setting.RIGHT: {"alignment": TA_RIGHT},
    Setting.SMALL: {"alignment": TA_LEFT},
}


def pdf_of(document: PrintedDocument) -> bytes:
    """Return the document as a PDF file on A4. Takes a moment: call it in a thread."""
    file = io.BytesIO()
    size = landscape(A4) if document.landscape else A4
    layout = SimpleDocTemplate(
        file,
        pagesize=size,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=printable(document.title),
        author=document.issuer or document.sealed_by,
        lang="zh-CN",
        # The same document is the same file, whenever it is made.
        invariant=1,
    )
    width = size[0] - 2 * _MARGIN - 12
    layout.build(list(_flow(document, width)), onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _flow(document: PrintedDocument, width: float) -> Iterator[Any]:
    size = _LARGE if document.large else _SIZE
    yield from _head(document, size)
    for block in document.blocks:
        match block:
            case Paragraph():
                yield _paragraph(block.text, block.setting, size)
            case Table() if block.rows:
                yield _table(block, width, size - 3)
                yield Spacer(1, size / 2)
            case Picture():
                side = block.width_mm * mm
                yield Image(io.BytesIO(block.png), width=side, height=side, kind="proportional")
            case PageBreak():
                yield NewPage()
    closing = [line for line in (document.sealed_by, document.dated) if line]
    if closing:
        signed = [_paragraph(line, Setting.RIGHT, size) for line in closing]
        yield KeepTogether([Spacer(1, size * 2), *signed])


def _head(document: PrintedDocument, size: float) -> Iterator[Any]:
    if document.issuer:
        yield _paragraph(document.issuer, Setting.CENTRED, size + 4)
    if document.shows_title:
        yield _paragraph(document.title, Setting.CENTRED, size + 6)
    if document.number:
        yield _paragraph(document.number, Setting.CENTRED, size)
    if document.shows_title:
        yield Spacer(1, size)


def _paragraph(text: str, setting: Setting, size: float) -> SetParagraph:
    points = {
        Setting.SMALL: size - 3,
        Setting.HEADING: size + 1,
        Setting.SIGN: size * 2,
    }.get(setting, size)
    style = ParagraphStyle(
        setting.value,
        fontName=_font(),
        fontSize=points,
        leading=points * 1.6,
        # A line of Chinese may end at any character.
        wordWrap="CJK",
        firstLineIndent=2 * points if setting is Setting.BODY else 0,
        **_SETTINGS[setting],
    )
    return SetParagraph(escape(printable(text)).replace("\n", "<br/>"), style)


def _table(table: Table, width: float, size: float) -> SetTable:
    columns = len(table.rows[0]) if table.rows else 0
    parts = table.widths or (1.0,) * columns
    # Many columns need smaller print: a word should not be set one character a line.
    points = size if columns < 6 else max(7.0, size - columns / 2)
    setting = Setting.CENTRED if table.centred else Setting.FLUSH
    cells = [[_paragraph(text, setting, points) for text in row] for row in table.rows]
    commands: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    for cell in table.merged:
        first = (cell.first_column, cell.first_row)
        commands.append(("SPAN", first, (cell.last_column, cell.last_row)))
    is_long = any(len(text) > _LONG_CELL for row in table.rows for text in row)
    return SetTable(
        cells,
        colWidths=[width * part / sum(parts) for part in parts],
        # What somebody wrote in one cell may be longer than a page. Headings are not repeated then:
        # the library would set them again for each line.
        splitInRow=int(is_long),
        repeatRows=0 if is_long else table.header_rows,
        style=commands,
    )


def _foot(canvas: Any, layout: Any) -> None:
    canvas.saveState()
    canvas.setFont(_font(), 10)
    canvas.drawCentredString(layout.pagesize[0] / 2, 12 * mm, f"- {layout.page} -")
    canvas.restoreState()


@lru_cache(maxsize=1)
def _font() -> str:
    """Return the name of the font to set in, looked for once."""
    for path in _candidates():
        try:
            font = TTFont(_FONT, str(path), subfontIndex=0)
        except (TTFError, OSError):
            # Of a kind that cannot be embedded.
            continue
        if all(ord(character) in font.face.charToGlyph for character in _CHECKED):
            pdfmetrics.registerFont(font)
            return _FONT
    pdfmetrics.registerFont(UnicodeCIDFont(_STANDARD_FONT))
    return _STANDARD_FONT


def _candidates() -> Iterator[Path]:
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        if folder.is_dir():
            for path in sorted(folder.rglob("*.tt[cf]")):
                found.setdefault(path.name.lower(), path)
    for name in _FILES:
        if name.lower() in found:
            yield found[name.lower()]
