"""The register as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from services.application_register import Line
from services.disclosure.register_lines import Column

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = {Column.NUMBER: 20, Column.AGENCY: 26, Column.ITEM: 46, Column.OUTCOME: 40}


def workbook(lines: Sequence[Line]) -> bytes:
    """Return the register as an XLSX file. Takes a while: to be called in a thread."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("登记台账")
    sheet.freeze_panes = "B2"
    for place, column in enumerate(Column, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH.get(column, 14)
    sheet.append([_text(sheet, c.group + c.label, bold=True) for c in Column])
    for line in lines:
        sheet.append([_cell(sheet, column, line.cells.get(column, "")) for column in Column])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, column: Column, text: str) -> Any:
    if column in {Column.DAYS_USED, Column.FEE_YUAN} and text.isdigit():
        return int(text)
    return _text(sheet, text)


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Return a cell that stays text, whatever somebody asked for."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=bold)
    if text.startswith(_FORMULA):
        cell.data_type = "s"
        cell.quotePrefix = True
    return cell
