"""Documents as DOCX, to be printed, sealed or changed by hand."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from services.printed_document import (
    PageBreak,
    Paragraph,
    Picture,
    PrintedDocument,
    Setting,
    Table,
    printable,
)

_FONT = "仿宋"
_SIZE = 16.0
"""三号, as official letters are set."""
_LARGE = 22.0
_ALIGNED = {
    Setting.CENTRED: WD_ALIGN_PARAGRAPH.CENTER,
    Setting.SIGN: WD_ALIGN_PARAGRAPH.CENTER,
    Setting.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Setting.BODY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_A4 = (Mm(210), Mm(297))


def docx_of(document: PrintedDocument) -> bytes:
    """Return the document as a DOCX file on A4. Takes a moment: call it in a thread."""
    word: Any = Document()
    _set_up(word, document)
    size = _LARGE if document.large else _SIZE
    _write_head(word, document, size)
    for block in document.blocks:
        match block:
            case Paragraph():
                _write(word.add_paragraph(), block, size)
            case Table():
                _write_table(word, block, size - 5)
            case Picture():
                _write_picture(word, block)
            case PageBreak():
                word.add_page_break()
    for line in (document.sealed_by, document.dated):
        if line:
            _write(word.add_paragraph(), Paragraph(line, Setting.RIGHT), size)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _write_head(word: Any, document: PrintedDocument, size: float) -> None:
    if document.issuer:
        _write(word.add_paragraph(), Paragraph(document.issuer, Setting.CENTRED), size + 4)
    if document.shows_title:
        _write(word.add_paragraph(), Paragraph(document.title, Setting.CENTRED), size + 6)
    if document.number:
        _write(word.add_paragraph(), Paragraph(document.number, Setting.CENTRED), size)


def _set_up(word: Any, document: PrintedDocument) -> None:
    facts = word.core_properties
    facts.title = printable(document.title)
    facts.author = printable(document.issuer or document.sealed_by)
    facts.comments, facts.language = "", "zh-CN"
    section = word.sections[0]
    short, long = _A4
    section.page_width, section.page_height = (long, short) if document.landscape else (short, long)
    if document.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.left_margin = section.right_margin = Mm(26)
    normal = word.styles["Normal"]
    normal.font.name = _FONT
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)


def _write(target: Any, paragraph: Paragraph, size: float) -> None:
    points = {
        Setting.SMALL: size - 4,
        Setting.HEADING: size + 1,
        Setting.SIGN: size * 2,
    }.get(paragraph.setting, size)
    run = target.add_run(printable(paragraph.text))
    run.font.size = Pt(points)
    run.font.bold = paragraph.setting is Setting.HEADING or None
    layout = target.paragraph_format
    layout.space_after = Pt(0)
    layout.line_spacing = 1.5
    if paragraph.setting in _ALIGNED:
        target.alignment = _ALIGNED[paragraph.setting]
    if paragraph.setting is Setting.BODY:
        layout.first_line_indent = Pt(2 * points)


def _write_table(word: Any, table: Table, size: float) -> None:
    if not table.rows:
        return
    columns = len(table.rows[0])
    parts = table.widths or (1.0,) * columns
    points = size if columns < 6 else max(7.0, size - columns / 2)
    section = word.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    grid = word.add_table(rows=len(table.rows), cols=columns)
    grid.style = "Table Grid"
    grid.autofit = False
    # Text first and merging after: a merged cell keeps the text of all that it swallows.
    swallowed = {
        (row, column)
        for cell in table.merged
        for row in range(cell.first_row, cell.last_row + 1)
        for column in range(cell.first_column, cell.last_column + 1)
        if (row, column) != (cell.first_row, cell.first_column)
    }
    setting = Setting.CENTRED if table.centred else Setting.FLUSH
    for number, (row, texts) in enumerate(zip(grid.rows, table.rows, strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = int(room * parts[column] / sum(parts))
            if (number, column) not in swallowed:
                _write(cell.paragraphs[0], Paragraph(text, setting), points)
    for number in range(table.header_rows):
        grid.rows[number]._tr.get_or_add_trPr().append(_repeated(grid))
    for merged in table.merged:
        first = grid.cell(merged.first_row, merged.first_column)
        last = grid.cell(merged.last_row, merged.last_column)
        whole = first.merge(last)
        for empty in [p for p in whole.paragraphs[1:] if not p.text]:
            empty._p.getparent().remove(empty._p)
    word.add_paragraph()


def _repeated(grid: Any) -> Any:
    """Return the mark of a row that is printed again on each page."""
    return grid._tbl.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})


def _write_picture(word: Any, picture: Picture) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.png), width=Mm(picture.width_mm))
    shape._inline.docPr.set("descr", printable(picture.description))
