"""What must balance in an annual report before it may be closed, and when it is due.

Source: 国办公开办函〔2021〕30号 (the note above the table of section three), Regulation on Open
Government Information (2019 revision), Article 49. Read from them, not written there: that a case is
counted once, and that this year's second row is last year's fourth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum

from models.disclosure_office import AgencyStanding
from services.disclosure.report_other_tables import (
    RESULTS,
    Entry,
    RemedyColumn,
    TableFour,
    TableTwo,
    written,
)
from services.disclosure.report_tables import (
    LEAVES,
    PARTS,
    ReportColumn,
    ReportRow,
    TableThree,
)


class Check(IntEnum):
    """One thing that must hold."""

    BALANCE = 1
    RESULTS_ADD_UP = 2
    COLUMNS_ADD_UP = 3
    CARRIED_OVER = 4
    COUNTED_ONCE = 5
    NOTHING_EMPTY = 6
    TEXT_AGREES = 7

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            Check.BALANCE: "第一项加第二项之和，等于第三项加第四项之和",
            Check.RESULTS_ADD_UP: "“（七）总计”等于各项办理结果之和",
            Check.COLUMNS_ADD_UP: "每行“总计”等于自然人与五类组织之和",
            Check.CARRIED_OVER: "上年结转数等于上一年度的结转下年度数",
            Check.COUNTED_ONCE: "每件申请只计一次，都有办理结果",
            Check.NOTHING_EMPTY: "没有空格，没有数的填 0",
            Check.TEXT_AGREES: "文字里的数与表格一致",
        }[self]


@dataclass(frozen=True)
class Finding:
    """Something that does not hold, in a sentence."""

    check: Check
    sentence: str
    blocks: bool = True
    """False for what has been given a reason."""


@dataclass(frozen=True)
class CaseCounts:
    """What was counted of the cases by another way than the tables."""

    received: int
    """Those whose first day of receipt is in the year."""
    closed: int
    """Those that ended in the year, whether or not a result is noted."""
    without_outcome: int
    """Those among them with no result."""
    closed_before_receipt: int


@dataclass(frozen=True)
class Reported:
    """Everything that the checks look at."""

    two: TableTwo
    three: TableThree
    four: TableFour
    cases: CaseCounts
    entered: frozenset[Entry]
    """The figures of table two that somebody entered."""
    last_year: Mapping[ReportColumn, int]
    """Row four of the year before, as it was reported where that is closed."""
    last_valid: Mapping[Entry, Decimal]
    """How many documents were in force a year before, where that was entered."""
    carried_reason: str
    """Why row two differs from that; "" where nobody said."""
    text: str
    """Section one."""


def check(reported: Reported) -> list[Finding]:
    """Return everything that does not hold."""
    return [
        *_balance(reported.three),
        *_sums(reported),
        *_carried(reported),
        *_once(reported),
        *_filled(reported),
        *_quoted(reported),
    ]


def _balance(three: TableThree) -> Iterator[Finding]:
    for column in ReportColumn:
        new, carried = three[ReportRow.NEW][column], three[ReportRow.CARRIED_IN][column]
        closed, on = three[ReportRow.CLOSED][column], three[ReportRow.CARRIED_ON][column]
        if new + carried != closed + on:
            yield Finding(
                Check.BALANCE,
                f"{column.label}：新收 {new} 加上年结转 {carried}，"
                f"不等于办结 {closed} 加结转下年度 {on}。",
            )


def _sums(reported: Reported) -> Iterator[Finding]:
    three = reported.three
    for column in ReportColumn:
        leaves = sum(three[row][column] for row in LEAVES)
        if three[ReportRow.CLOSED][column] != leaves:
            yield Finding(
                Check.RESULTS_ADD_UP,
                f"{column.label}：总计 {three[ReportRow.CLOSED][column]}，各项之和 {leaves}。",
            )
    for row in ReportRow:
        parts = sum(three[row][column] for column in PARTS)
        if three[row][ReportColumn.TOTAL] != parts:
            yield Finding(
                Check.COLUMNS_ADD_UP,
                f"{row.full_label}：总计 {three[row][ReportColumn.TOTAL]}，各列之和 {parts}。",
            )
    for kind, cells in reported.four.items():
        parts = sum(cells[column] for column in RESULTS)
        if cells[RemedyColumn.TOTAL] != parts:
            yield Finding(
                Check.COLUMNS_ADD_UP,
                f"{kind.label}：总计 {cells[RemedyColumn.TOTAL]}，各列之和 {parts}。",
            )


def _carried(reported: Reported) -> Iterator[Finding]:
    row = reported.three[ReportRow.CARRIED_IN]
    for column in ReportColumn:
        if row[column] != reported.last_year[column]:
            reason = reported.carried_reason
            yield Finding(
                Check.CARRIED_OVER,
                f"{column.label}：上年结转 {row[column]}，上一年度报告结转下年度 "
                f"{reported.last_year[column]}。" + (f"说明：{reason}" if reason else ""),
                blocks=not reason,
            )


def _once(reported: Reported) -> Iterator[Finding]:
    cases, three = reported.cases, reported.three
    if cases.received != three[ReportRow.NEW][ReportColumn.TOTAL]:
        yield Finding(
            Check.COUNTED_ONCE,
            f"本年收到 {cases.received} 件，表中新收 {three[ReportRow.NEW][ReportColumn.TOTAL]} 件。",
        )
    if cases.closed != three[ReportRow.CLOSED][ReportColumn.TOTAL]:
        yield Finding(
            Check.COUNTED_ONCE,
            f"本年办结 {cases.closed} 件，表中办理结果合计 "
            f"{three[ReportRow.CLOSED][ReportColumn.TOTAL]} 件。",
        )
    if cases.without_outcome:
        yield Finding(
            Check.COUNTED_ONCE, f"有 {cases.without_outcome} 件已经办结，但没有记办理结果。"
        )
    if cases.closed_before_receipt:
        yield Finding(
            Check.COUNTED_ONCE, f"有 {cases.closed_before_receipt} 件的办结日早于收到日。"
        )


def _filled(reported: Reported) -> Iterator[Finding]:
    for row in ReportRow:
        for column in ReportColumn:
            if reported.three.get(row, {}).get(column, -1) < 0:
                yield Finding(Check.NOTHING_EMPTY, f"{row.full_label}、{column.label}没有数。")


def hints(reported: Reported, direct_suits_over_refusals: int) -> list[str]:
    """Return what is worth a look and keeps nobody from closing the report."""
    found = [
        f"第二部分“{entry.label}”还没有填，现按 0 计。"
        for entry in Entry
        if entry not in reported.entered
    ]
    for issued, repealed, valid in _STOCKS:
        if valid in reported.last_valid and valid in reported.entered:
            expected = reported.last_valid[valid] + reported.two[issued] - reported.two[repealed]
            if reported.two[valid] != expected:
                found.append(
                    f"第二部分“{valid.label}”填了 {written(reported.two[valid])}，按上年有效数"
                    f"加制发、减废止应为 {written(expected)}，请核对。"
                )
    if direct_suits_over_refusals:
        found.append(
            f"有 {direct_suits_over_refusals} 件对不予公开决定的诉讼登记为“未经复议直接起诉”，"
            "这类决定依法应当先申请行政复议，请核对。"
        )
    return found


_STOCKS = (
    (Entry.RULES_ISSUED, Entry.RULES_REPEALED, Entry.RULES_VALID),
    (Entry.NORMATIVE_ISSUED, Entry.NORMATIVE_REPEALED, Entry.NORMATIVE_VALID),
)
"""Issued, repealed and in force: the last is what it was a year ago, with the first, without the second."""

_QUOTED: tuple[tuple[str, ReportRow], ...] = (
    ("上年(?:度)?结转", ReportRow.CARRIED_IN),
    ("结转(?:至)?(?:下|次)(?:一)?年(?:度)?", ReportRow.CARRIED_ON),
    ("新收", ReportRow.NEW),
    ("办结", ReportRow.CLOSED),
    ("(?<!不)予以公开", ReportRow.GIVEN),
    ("部分公开", ReportRow.PARTLY),
)
_GROUPS = (("不予公开", "3.3"), ("无法提供", "3.4"), ("不予处理", "3.5"), ("其他处理", "3.6"))
_NUMBER = r"[^，。；、：,;:\d增减多少]{0,16}?[：:]?\s*(\d[\d,，]*)\s*件"


def group_total(three: TableThree, group: str) -> int:
    """Return the sum of a group of results: "3.3" for 不予公开."""
    rows = [row for row in LEAVES if row.value.startswith(f"{group}.")]
    return sum(three[row][ReportColumn.TOTAL] for row in rows)


def _quoted(reported: Reported) -> Iterator[Finding]:
    three, four = reported.three, reported.four
    expected = [(words, three[row][ReportColumn.TOTAL]) for words, row in _QUOTED]
    expected += [(words, group_total(three, group)) for words, group in _GROUPS]
    kinds = {kind.value: cells[RemedyColumn.TOTAL] for kind, cells in four.items()}
    expected.append(("行政复议", kinds["review"]))
    expected.append(("行政诉讼", kinds["direct_suit"] + kinds["suit_after_review"]))
    for words, number in expected:
        for found in re.finditer(words + _NUMBER, reported.text):
            quoted = int(re.sub(r"\D", "", found[1]))
            if quoted != number:
                yield Finding(
                    Check.TEXT_AGREES, f"第一部分写着“{found[0]}”，表格里是 {number} 件。"
                )


def due_on(year: int, standing: AgencyStanding) -> date:
    """Return the last day for a year's report.

    A department's goes to the office in charge and to the public by 31 January, a government's is
    published by 31 March. Source: Article 49.
    """
    if standing is AgencyStanding.GOVERNMENT:
        return date(year + 1, 3, 31)
    return date(year + 1, 1, 31)


def planned_on(due: date) -> date:
    """Return the day to plan for: no rule moves a last day that is a Saturday or a Sunday."""
    return due - timedelta(days=max(0, due.weekday() - 4))
