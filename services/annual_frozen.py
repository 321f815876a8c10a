"""The figures of a report as they are kept once it is closed, and as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.remedy import RemedyKind
from services.disclosure.report_other_tables import (
    Entry,
    RemedyColumn,
    TableFour,
    TableTwo,
    table_two,
    written,
)
from services.disclosure.report_tables import ReportColumn, ReportRow, TableThree


def freeze(two: TableTwo, three: TableThree, four: TableFour) -> dict[str, Any]:
    """Return the three tables as JSON: rows and columns by their codes, whole numbers but for fees."""
    return {
        "table_two": {
            entry.value: written(two[entry]) if entry is Entry.FEES else int(two[entry])
            for entry in Entry
        },
        "table_three": {
            row.value: {column.value: three[row][column] for column in ReportColumn}
            for row in ReportRow
        },
        "table_four": {
            kind.value: {column.value: four[kind][column] for column in RemedyColumn}
            for kind in RemedyKind
        },
    }


def thaw(frozen: Mapping[str, Any]) -> tuple[TableTwo, TableThree, TableFour]:
    """Return the tables again."""
    three, four = frozen["table_three"], frozen["table_four"]
    return (
        table_two(frozen["table_two"]),
        {
            row: {column: int(three[row.value][column.value]) for column in ReportColumn}
            for row in ReportRow
        },
        {
            kind: {column: int(four[kind.value][column.value]) for column in RemedyColumn}
            for kind in RemedyKind
        },
    )
