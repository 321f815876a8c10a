"""How the tables of the annual report are laid out: cells with their places, for whatever draws them.

Source: 国办公开办函〔2021〕30号; the headings stand over the rows and columns as in its form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from models.remedy import RemedyKind
from services.disclosure.report_other_tables import (
    CONTENT,
    SUITS,
    TABLE_TWO,
    RemedyColumn,
    TableFour,
    TableTwo,
    written,
)
from services.disclosure.report_tables import (
    APPLICANTS,
    BALANCE_NOTE,
    ORGANISATIONS,
    RESULTS,
    ReportColumn,
    ReportRow,
    TableThree,
)


@dataclass(frozen=True)
class Cell:
    """One cell, which may reach over several rows and columns."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_head: bool = True
    counts: dict[str, str] = field(default_factory=dict)
    """What of the register a figure counts, {} where it comes from elsewhere."""

    def scope(self, layout: Layout) -> str:
        """Return what a heading is the heading of, as HTML says it."""
        if self.column < layout.labels and self.row >= layout.head:
            return "rowgroup" if self.rows > 1 else "row"
        return "colgroup" if self.columns > 1 else "col"


@dataclass(frozen=True)
class Layout:
    """One table."""

    title: str
    width: int
    labels: int
    """Columns at the left that hold headings of rows."""
    head: int
    """Rows at the top that hold headings of columns."""
    cells: tuple[Cell, ...]

    @property
    def lines(self) -> list[list[Cell]]:
        """The cells by the row in which they begin, left to right."""
        ordered = sorted(self.cells, key=lambda cell: (cell.row, cell.column))
        return [list(cells) for _, cells in groupby(ordered, key=lambda cell: cell.row)]


def layout_two(two: TableTwo) -> Layout:
    """Lay out the table of what was published unasked."""
    return Layout("主动公开政府信息情况", 4, 1, 2, tuple(_two(two)))


def _two(two: TableTwo) -> Iterator[Cell]:
    row = 0
    for block in TABLE_TWO:
        wide = 3 // len(block.headings)
        yield Cell(block.title, row, 0, columns=4)
        yield Cell(CONTENT, row + 1, 0)
        for n, heading in enumerate(block.headings):
            yield Cell(heading, row + 1, 1 + n * wide, columns=wide)
        row += 2
        for line in block.lines:
            yield Cell(line.label, row, 0)
            for n, entry in enumerate(line.entries):
                yield Cell(written(two[entry]), row, 1 + n * wide, columns=wide, is_head=False)
            row += 1


_LABELS, _HEAD = 3, 3
"""Columns of row headings, and rows of column headings, of table three."""


def layout_three(three: TableThree) -> Layout:
    """Lay out the table of applications."""
    cells = (*_three_head(), *_three_labels(), *_three_figures(three))
    return Layout(
        "收到和处理政府信息公开申请情况", _LABELS + len(ReportColumn), _LABELS, _HEAD, cells
    )


def _three_head() -> Iterator[Cell]:
    yield Cell(f"（本列数据的勾稽关系为：{BALANCE_NOTE}）", 0, 0, rows=_HEAD, columns=_LABELS)
    yield Cell(APPLICANTS, 0, _LABELS, columns=len(ReportColumn))
    yield Cell(ReportColumn.NATURAL_PERSON.label, 1, _LABELS, rows=2)
    kinds = list(ReportColumn)[1:-1]
    yield Cell(ORGANISATIONS, 1, _LABELS + 1, columns=len(kinds))
    for n, column in enumerate(kinds):
        yield Cell(column.label, 2, _LABELS + 1 + n)
    yield Cell(ReportColumn.TOTAL.label, 1, _LABELS + 1 + len(kinds), rows=2)


def _three_labels() -> Iterator[Cell]:
    place = {row: _HEAD + n for n, row in enumerate(ReportRow)}
    for headings, grouped in groupby(ReportRow, key=lambda row: row.headings):
        rows = list(grouped)
        depth = len(headings)
        if depth == 2:
            yield Cell(headings[1], place[rows[0]], 1, rows=len(rows))
        for row in rows:
            yield Cell(row.label, place[row], depth, columns=_LABELS - depth)
    results = [row for row in ReportRow if row.headings]
    yield Cell(RESULTS, place[results[0]], 0, rows=len(results))


def _three_figures(three: TableThree) -> Iterator[Cell]:
    for n, row in enumerate(ReportRow):
        for m, column in enumerate(ReportColumn):
            counts = {"row": row.value, "column": column.value}
            yield Cell(
                str(three[row][column]), _HEAD + n, _LABELS + m, is_head=False, counts=counts
            )


def layout_four(four: TableFour) -> Layout:
    """Lay out the table of reviews and lawsuits."""
    return Layout("政府信息公开行政复议、行政诉讼情况", 15, 0, 3, tuple(_four(four)))


def _four(four: TableFour) -> Iterator[Cell]:
    wide = len(RemedyColumn)
    yield Cell(RemedyKind.REVIEW.label, 0, 0, rows=2, columns=wide)
    yield Cell(SUITS, 0, wide, columns=2 * wide)
    for n, kind in enumerate(RemedyKind):
        if kind is not RemedyKind.REVIEW:
            yield Cell(kind.label, 1, n * wide, columns=wide)
        for m, column in enumerate(RemedyColumn):
            yield Cell(column.label, 2, n * wide + m)
            counts = {"remedy": kind.value, "result": column.value}
            yield Cell(str(four[kind][column]), 3, n * wide + m, is_head=False, counts=counts)
