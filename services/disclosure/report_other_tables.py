"""Tables two and four of the annual report: what was published unasked, and reviews and lawsuits.

Source: 国办公开办函〔2021〕30号, tables of sections two and four. The labels are those of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from models.remedy import RemedyKind, RemedyResult


class Entry(StrEnum):
    """A figure of table two. All of them are entered by staff."""

    RULES_ISSUED = "rules_issued"
    RULES_REPEALED = "rules_repealed"
    RULES_VALID = "rules_valid"
    NORMATIVE_ISSUED = "normative_issued"
    NORMATIVE_REPEALED = "normative_repealed"
    NORMATIVE_VALID = "normative_valid"
    LICENCES = "licences"
    PENALTIES = "penalties"
    COERCION = "coercion"
    FEES = "fees"
    """In 万元, the only one that may have decimals."""

    @property
    def label(self) -> str:
        """Its row and its column, for a form that asks for it."""
        return next(
            f"{line.label}{heading}"
            for block in TABLE_TWO
            for line in block.lines
            for heading, entry in zip(block.headings, line.entries, strict=True)
            if entry is self
        )


@dataclass(frozen=True)
class Line:
    """One row of table two."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Block:
    """Rows of table two under headings of their own."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


CONTENT = "信息内容"
"""What stands above the first column of every block."""
_E = Entry
TABLE_TWO = (
    Block(
        "第二十条第（一）项",
        ("本年制发件数", "本年废止件数", "现行有效件数"),
        (
            Line("规章", (_E.RULES_ISSUED, _E.RULES_REPEALED, _E.RULES_VALID)),
            Line(
                "行政规范性文件", (_E.NORMATIVE_ISSUED, _E.NORMATIVE_REPEALED, _E.NORMATIVE_VALID)
            ),
        ),
    ),
    Block("第二十条第（五）项", ("本年处理决定数量",), (Line("行政许可", (_E.LICENCES,)),)),
    Block(
        "第二十条第（六）项",
        ("本年处理决定数量",),
        (Line("行政处罚", (_E.PENALTIES,)), Line("行政强制", (_E.COERCION,))),
    ),
    Block(
        "第二十条第（八）项",
        ("本年收费金额（单位：万元）",),
        (Line("行政事业性收费", (_E.FEES,)),),
    ),
)

TableTwo = Mapping[Entry, Decimal]


def table_two(entered: Mapping[str, object]) -> TableTwo:
    """Return the table from what is stored; what was not entered is 0."""
    return {entry: Decimal(str(entered.get(entry.value, 0))) for entry in Entry}


def written(number: Decimal) -> str:
    """Return a figure as reports write it: 12, or 3.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class RemedyColumn(StrEnum):
    """A column below each kind of remedy in table four."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"
    PENDING = "pending"
    TOTAL = "total"

    @property
    def label(self) -> str:
        """What the form calls it."""
        if self is RemedyColumn.PENDING:
            return "尚未审结"
        return "总计" if self is RemedyColumn.TOTAL else RemedyResult(self.value).label


SUITS = "行政诉讼"
"""The heading above both kinds of lawsuits."""
RESULTS = tuple(column for column in RemedyColumn if column is not RemedyColumn.TOTAL)
TableFour = Mapping[RemedyKind, Mapping[RemedyColumn, int]]


def table_four(counted: Mapping[tuple[RemedyKind, RemedyColumn], int]) -> TableFour:
    """Return the whole table from what was counted, zeros left out."""
    table: dict[RemedyKind, dict[RemedyColumn, int]] = {}
    for kind in RemedyKind:
        cells: dict[RemedyColumn, int] = {}
        for column in RESULTS:
            cells[column] = counted.get((kind, column), 0)
        cells[RemedyColumn.TOTAL] = sum(cells.values())
        table[kind] = cells
    return table
