"""The ledger as a workbook, one sheet by day and one by zone."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from models.ledger_count import Counted
from services.ledger_reports import Counts, Report

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with unless it is meant to be computed."""
_FIRST_WIDTH = 34
_WIDTH = 14


def workbook(report: Report) -> bytes:
    """Return the report as an XLSX file. Takes a while: to be called in a thread."""
    book = Workbook(write_only=True)
    _write(
        book,
        "按日",
        "日期",
        [(part.period.first.isoformat(), counts) for part, counts in report.by_part],
        report.totals,
    )
    _write(
        book,
        "按专区",
        "专区",
        [(venue.title, counts) for venue, counts in report.by_venue],
        report.totals,
    )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(
    book: Workbook, title: str, first: str, rows: list[tuple[str, Counts]], totals: Counts
) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = _FIRST_WIDTH
    for column in range(2, len(Counted) + 2):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.append([_text(sheet, name, bold=True) for name in (first, *(c.label for c in Counted))])
    for name, counts in (*rows, ("合计", totals)):
        sheet.append([_text(sheet, name), *(counts[counted] for counted in Counted)])


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Return a cell that stays text, whatever somebody called a zone."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=bold)
    if text.startswith(_FORMULA):
        cell.data_type = "s"
        cell.quotePrefix = True
    return cell
