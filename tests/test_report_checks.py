"""What must balance before an annual report is closed: each mistake is found, and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from models.disclosure_office import AgencyStanding
from models.remedy import RemedyKind
from services.disclosure.report_checks import (
    CaseCounts,
    Check,
    Reported,
    check,
    due_on,
    hints,
    planned_on,
)
from services.disclosure.report_other_tables import (
    TABLE_TWO,
    Entry,
    RemedyColumn,
    table_four,
    table_two,
    written,
)
from services.disclosure.report_tables import ReportColumn, ReportRow, table_three
from services.disclosure.report_wording import Section, beginning

PERSON, FIRM, TOTAL = (
    ReportColumn.NATURAL_PERSON,
    ReportColumn.BUSINESS,
    ReportColumn.TOTAL,
)
THREE = table_three(
    {
        (ReportRow.NEW, PERSON): 10,
        (ReportRow.NEW, FIRM): 2,
        (ReportRow.CARRIED_IN, PERSON): 3,
        (ReportRow.GIVEN, PERSON): 7,
        (ReportRow.STATE_SECRET, PERSON): 2,
        (ReportRow.PROCESS, FIRM): 1,
        (ReportRow.CARRIED_ON, PERSON): 4,
        (ReportRow.CARRIED_ON, FIRM): 1,
    }
)
FOUR = table_four(
    {
        (RemedyKind.REVIEW, RemedyColumn.UPHELD): 2,
        (RemedyKind.DIRECT_SUIT, RemedyColumn.PENDING): 1,
    }
)
GOOD = Reported(
    two=table_two({}),
    three=THREE,
    four=FOUR,
    cases=CaseCounts(received=12, closed=10, without_outcome=0, closed_before_receipt=0),
    entered=frozenset(Entry),
    last_year=THREE[ReportRow.CARRIED_IN],
    last_valid={},
    carried_reason="",
    text="",
)


def with_cell(row: ReportRow, column: ReportColumn, number: int) -> Reported:
    return replace(GOOD, three={**THREE, row: {**THREE[row], column: number}})


def test_a_good_report_has_nothing_wrong() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("row", "column", "number", "found"),
    [
        pytest.param(ReportRow.NEW, TOTAL, 13, {1, 3, 5}, id="the total of the first row"),
        pytest.param(ReportRow.CARRIED_ON, FIRM, 0, {1, 3}, id="one case less carried on"),
        pytest.param(ReportRow.GIVEN, PERSON, 8, {2, 3}, id="a result more than the total"),
        pytest.param(ReportRow.CLOSED, PERSON, 8, {1, 2, 3}, id="a total of results too low"),
        pytest.param(ReportRow.CARRIED_IN, PERSON, 2, {1, 3, 4}, id="not what last year left"),
        pytest.param(ReportRow.REPEATED, FIRM, -1, {2, 3, 6}, id="less than nothing"),
    ],
)
def test_a_wrong_cell_is_found(
    row: ReportRow, column: ReportColumn, number: int, found: set[int]
) -> None:
    assert {finding.check for finding in check(with_cell(row, column, number))} == found


def test_a_difference_from_last_year_may_be_given_a_reason() -> None:
    last_year = {**GOOD.last_year, PERSON: 2, TOTAL: 2}
    without = check(replace(GOOD, last_year=last_year))
    assert [(f.check, f.blocks) for f in without] == [(Check.CARRIED_OVER, True)] * 2
    with_reason = check(replace(GOOD, last_year=last_year, carried_reason="上年漏报一件。"))
    assert [f.blocks for f in with_reason] == [False, False]
    assert "上年漏报一件" in with_reason[0].sentence


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(CaseCounts(11, 10, 0, 0), id="one was received that is not in the table"),
        pytest.param(CaseCounts(12, 11, 0, 0), id="one ended that is not in the table"),
        pytest.param(CaseCounts(12, 10, 1, 0), id="one ended without a result"),
        pytest.param(CaseCounts(12, 10, 0, 1), id="one ended before it was received"),
    ],
)
def test_a_case_that_is_not_counted_once_is_found(cases: CaseCounts) -> None:
    assert {f.check for f in check(replace(GOOD, cases=cases))} == {Check.COUNTED_ONCE}


def test_a_row_of_the_fourth_table_that_does_not_add_up_is_found() -> None:
    cells = {**FOUR[RemedyKind.REVIEW], RemedyColumn.TOTAL: 3}
    found = check(replace(GOOD, four={**FOUR, RemedyKind.REVIEW: cells}))
    assert [f.check for f in found] == [Check.COLUMNS_ADD_UP]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("本年新收政府信息公开申请12件，上年结转 3 件，办结10件，结转下年度继续办理5件。", 0),
        ("新收申请 13 件。", 1),
        ("新收 1,012 件。", 1),
        ("予以公开7件，不予公开3件；行政复议案件2件，行政诉讼 1 件。", 0),
        ("予以公开7件，不予公开2件。", 1),
        ("部分公开 1 件；行政诉讼案件 2 件。", 2),
        ("新收较上年增加 3 件，平均 9 日办结。", 0),
        ("主动公开信息 900 件。", 0),
    ],
)
def test_numbers_in_the_text_agree_with_the_tables(text: str, wrong: int) -> None:
    found = check(replace(GOOD, text=text))
    assert [f.check for f in found] == [Check.TEXT_AGREES] * wrong


def test_what_a_section_begins_with_agrees_with_the_tables() -> None:
    text = beginning(Section.OVERALL, 2026, THREE, FOUR, fees=0, yuan=0)
    assert "新收政府信息公开申请 12 件" in text
    assert "不予公开 3 件" in text
    assert check(replace(GOOD, text=text)) == []
    other = beginning(Section.OTHER, 2026, THREE, FOUR, fees=2, yuan=4300)
    assert "收费通知 2 件，收取信息处理费 4300 元" in other


def test_stocks_and_gaps_of_the_second_table_are_pointed_out() -> None:
    entered = {"normative_issued": "4", "normative_repealed": "1", "normative_valid": "20"}
    two = table_two(entered)
    reported = replace(GOOD, two=two, last_valid={Entry.NORMATIVE_VALID: Decimal(16)})
    (hint,) = hints(reported, 0)
    assert "应为 19" in hint
    assert hints(replace(reported, last_valid={Entry.NORMATIVE_VALID: Decimal(17)}), 0) == []
    missing = hints(replace(GOOD, entered=frozenset(Entry) - {Entry.LICENCES}), 0)
    assert missing == ["第二部分“行政许可本年处理决定数量”还没有填，现按 0 计。"]
    assert "未经复议直接起诉" in hints(GOOD, 2)[0]


def test_the_second_table_is_that_of_the_form() -> None:
    assert [(block.title, block.headings) for block in TABLE_TWO] == [
        ("第二十条第（一）项", ("本年制发件数", "本年废止件数", "现行有效件数")),
        ("第二十条第（五）项", ("本年处理决定数量",)),
        ("第二十条第（六）项", ("本年处理决定数量",)),
        ("第二十条第（八）项", ("本年收费金额（单位：万元）",)),
    ]
    assert [line.label for block in TABLE_TWO for line in block.lines] == (
        "规章 行政规范性文件 行政许可 行政处罚 行政强制 行政事业性收费".split()
    )
    assert sorted(e for b in TABLE_TWO for line in b.lines for e in line.entries) == sorted(Entry)
    assert (written(Decimal("3.50")), written(Decimal(120)), written(Decimal(0))) == (
        *("3.5", "120", "0"),
    )


@pytest.mark.parametrize(
    ("year", "standing", "due", "planned"),
    [
        pytest.param(2024, "department", "2025-01-31", "2025-01-31", id="a Friday"),
        pytest.param(2025, "department", "2026-01-31", "2026-01-30", id="a Saturday"),
        pytest.param(2026, "vertical", "2027-01-31", "2027-01-29", id="a Sunday"),
        pytest.param(2025, "government", "2026-03-31", "2026-03-31", id="a government"),
    ],
)
def test_a_report_is_due(year: int, standing: str, due: str, planned: str) -> None:
    found = due_on(year, AgencyStanding(standing))
    assert (found, planned_on(found)) == (date.fromisoformat(due), date.fromisoformat(planned))
