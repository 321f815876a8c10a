"""An annual report as files to take away: a workbook, a Word document and a page of HTML.

All three draw the same layouts. Each takes a while: to be called in a thread.
"""

from __future__ import annotations

import io
from html import escape
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from services.annual_reports import YearReport
from services.disclosure.report_checks import Check
from services.disclosure.report_layout import Layout, layout_four, layout_three, layout_two
from services.disclosure.report_wording import HEADINGS, Section

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOT_WRITTEN = "（尚未填写）"
_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FONT = "宋体"


def title(report: YearReport) -> str:
    """Return the heading of a report."""
    return f"{report.agency.name}{report.year}年政府信息公开工作年度报告"


def workbook(report: YearReport) -> bytes:
    """Return the three tables, the texts and the checks as an XLSX file."""
    book = Workbook()
    first = book.active
    assert first is not None, "A new workbook has a sheet"
    book.remove(first)
    for name, layout in _tables(report):
        _sheet(book.create_sheet(name[:31]), layout)
    words = book.create_sheet("文字部分")
    words.column_dimensions["A"].width, words.column_dimensions["B"].width = 30, 100
    for section in Section:
        words.append([section.label, None])
        _write(words.cell(words.max_row, 2), report.texts[section] or NOT_WRITTEN)
    checks = book.create_sheet("校核")
    checks.column_dimensions["A"].width, checks.column_dimensions["B"].width = 50, 100
    for check in Check:
        found = [f.sentence for f in report.findings if f.check is check]
        holds = "相符" if report.holds(check) else "不相符"
        checks.append([check.label, None])
        _write(checks.cell(checks.max_row, 2), holds + ("：" + "".join(found) if found else ""))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(sheet: Any, layout: Layout) -> None:
    for n in range(1, layout.width + 1):
        sheet.column_dimensions[get_column_letter(n)].width = 22 if n <= layout.labels else 12
    height = max(cell.row + cell.rows for cell in layout.cells)
    for row in sheet.iter_rows(1, height, 1, layout.width):
        for place in row:
            place.border, place.alignment = _BORDER, _MIDDLE
    for cell in layout.cells:
        place = sheet.cell(cell.row + 1, cell.column + 1)
        place.font = Font(bold=cell.is_head)
        if cell.is_head:
            _write(place, cell.text)
        else:
            place.value = float(cell.text) if "." in cell.text else int(cell.text)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_cells(
                start_row=cell.row + 1, end_row=cell.row + cell.rows,
                start_column=cell.column + 1, end_column=cell.column + cell.columns,
            )  # fmt: skip


def _write(place: Any, text: str) -> None:
    """Write what stays text, whatever somebody wrote."""
    place.value = text
    if text.startswith(_FORMULA):
        place.data_type = "s"
        place.quotePrefix = True


def word(report: YearReport) -> bytes:
    """Return the report as a DOCX file, its six sections in order."""
    document = Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    _heading(document, title(report), 0)
    tables = dict(_tables(report))
    for number, heading in enumerate(HEADINGS, start=1):
        _heading(document, heading, 1)
        if heading in tables:
            _table(document, tables[heading])
        else:
            for line in (report.texts[Section(str(number))] or NOT_WRITTEN).splitlines():
                document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _heading(document: Any, text: str, level: int) -> None:
    heading = document.add_heading(text, level)
    for run in heading.runs:
        run.font.name = _FONT
        run._element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)


def _table(document: Any, layout: Layout) -> None:
    height = max(cell.row + cell.rows for cell in layout.cells)
    table = document.add_table(rows=height, cols=layout.width)
    table.style = "Table Grid"
    grid = [list(row.cells) for row in table.rows]
    for cell in layout.cells:
        place = grid[cell.row][cell.column]
        if cell.rows > 1 or cell.columns > 1:
            last = grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1]
            place = place.merge(last)
        run = place.paragraphs[0].add_run(cell.text)
        run.font.size, run.bold = Pt(9), cell.is_head


def page(report: YearReport) -> str:
    """Return the report as one page of HTML that needs nothing beside it."""
    tables = dict(_tables(report))
    parts = [
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
        f"<title>{escape(title(report))}</title></head><body><h1>{escape(title(report))}</h1>",
    ]
    for number, heading in enumerate(HEADINGS, start=1):
        parts.append(f"<h2>{heading}</h2>")
        if heading in tables:
            parts.append(_html(tables[heading]))
        else:
            text = report.texts[Section(str(number))] or NOT_WRITTEN
            parts += [f"<p>{escape(line)}</p>" for line in text.splitlines()]
    return "\n".join((*parts, "</body></html>\n"))


def _html(layout: Layout) -> str:
    lines = []
    for line in layout.lines:
        cells = ""
        for cell in line:
            name = "th" if cell.is_head else "td"
            span = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            span += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            cells += f"<{name}{span}>{escape(cell.text)}</{name}>"
        lines.append(f"<tr>{cells}</tr>")
    return f'<table border="1">{"".join(lines)}</table>'


def _tables(report: YearReport) -> list[tuple[str, Layout]]:
    return [
        (HEADINGS[1], layout_two(report.two)),
        (HEADINGS[2], layout_three(report.three)),
        (HEADINGS[3], layout_four(report.four)),
    ]
