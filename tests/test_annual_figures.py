"""The annual report over ten thousand cases of two years: its figures are counted here once more."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from datetime import date
from typing import Any, TypeVar

import pytest

from bench.many_cases import CASES, YEARS, fill
from models.application import Application
from models.database import close_database, open_database
from models.remedy import Remedy
from services import annual_figures, annual_reports
from services.access import system
from services.annual_reports import YearReport
from services.disclosure.report_checks import Check
from services.disclosure.report_other_tables import RemedyColumn
from services.disclosure.report_tables import LEAVES, ReportColumn, ReportRow
from tests.databases import database_url

T = TypeVar("T")
TODAY = date(2027, 1, 15)
COLUMNS = {
    ("natural_person", None): 0,
    ("legal_or_other", "business"): 1,
    ("legal_or_other", "research"): 2,
    ("legal_or_other", "public_welfare"): 3,
    ("legal_or_other", "legal_service"): 4,
    ("legal_or_other", "other"): 5,
}
LEAF_OF = dict(
    zip(
        "G1 G2 P1 D1 D2 D3 D4 D5 D6 D7 D8 U1 U2 U3 U4 N1 N2 N3 N4 N5 O1 O2 O3".split(),
        (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20),
        strict=True,
    )
)
"""Written down a second time, by the place of the row among the results."""


class Filled:
    """A database with the cases in it, opened for one look at a time."""

    def __init__(self, url: str) -> None:
        self._url = url

    def look(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        async def looked() -> T:
            await open_database(self._url)
            try:
                return await work()
            finally:
                await close_database()

        return asyncio.run(looked())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    found = Filled(database_url(tmp_path_factory.mktemp("cases")))
    found.look(fill)
    return found


@pytest.fixture(scope="module")
def rows(filled: Filled) -> list[dict[str, Any]]:
    """Every case of the agency as it is stored."""
    return filled.look(lambda: Application.filter(agency_id=1).order_by("id").values())


@pytest.fixture(scope="module", params=YEARS)
def report(request: pytest.FixtureRequest, filled: Filled) -> Iterator[YearReport]:
    year: int = request.param
    yield filled.look(lambda: annual_reports.report(system(b"seal"), 1, year, today=TODAY))


def counted_again(rows: list[dict[str, Any]], year: int) -> list[list[int]]:
    """Return 25 rows of 7, by walking through a year's days case by case."""
    table = [[0] * 7 for _ in range(25)]
    for row in rows:
        came, went = row["first_received_on"], row["closed_on"]
        if came is None or came.year > year or (went is not None and went.year < year):
            continue
        category = row["org_category"]
        column = COLUMNS[str(row["applicant_kind"].value), category and category.value]
        lines = [0 if came.year == year else 1]
        if went is not None and went.year == year:
            lines += [2 + LEAF_OF[row["outcome"].value], 23]
        else:
            lines.append(24)
        for line in lines:
            table[line][column] += 1
            table[line][6] += 1
    return table


def test_every_figure_is_what_a_walk_through_all_cases_comes_to(
    report: YearReport, rows: list[dict[str, Any]]
) -> None:
    assert len(rows) == CASES
    table = [[report.three[row][column] for column in ReportColumn] for row in ReportRow]
    again = counted_again(rows, report.year)
    assert table == again
    assert all(line[6] > 0 for line in again), "every row was met"


def test_everything_balances_in_both_years(report: YearReport) -> None:
    assert {check: report.holds(check) for check in Check} == dict.fromkeys(Check, True)
    assert report.findings == []


def test_the_year_begins_with_what_the_year_before_left(filled: Filled) -> None:
    first, second = YEARS

    async def both() -> list[Any]:
        return [await annual_figures.applications(1, year) for year in (first, second)]

    before, after = filled.look(both)
    assert after[ReportRow.CARRIED_IN] == before[ReportRow.CARRIED_ON]
    assert before[ReportRow.CARRIED_ON][ReportColumn.TOTAL] > 100


def test_a_figure_opens_as_many_cases_as_it_says(report: YearReport, filled: Filled) -> None:
    async def opened() -> dict[tuple[ReportRow, ReportColumn], int]:
        found = {}
        for row in (ReportRow.NEW, ReportRow.CARRIED_IN, *LEAVES[:4], ReportRow.CARRIED_ON):
            for column in ReportColumn:
                which = annual_figures.counted_in(row, report.year)
                whose = annual_figures.from_whom(column)
                found[row, column] = await Application.filter(which, whose, agency_id=1).count()
        return found

    for (row, column), number in filled.look(opened).items():
        assert number == report.three[row][column], (row, column)


def test_reviews_and_lawsuits_are_those_decided_in_the_year_or_waiting_at_its_end(
    report: YearReport, filled: Filled
) -> None:
    async def everything() -> list[dict[str, Any]]:
        return await Remedy.filter(application__agency_id=1).order_by("id").values()

    again: Counter[tuple[str, str]] = Counter()
    for row in filled.look(everything):
        if row["closed_on"] is not None and row["closed_on"].year == report.year:
            again[row["kind"].value, row["result"].value] += 1
        elif row["lodged_on"].year <= report.year and (
            row["closed_on"] is None or row["closed_on"].year > report.year
        ):
            again[row["kind"].value, "pending"] += 1
    table = {
        (kind.value, column.value): number
        for kind, cells in report.four.items()
        for column, number in cells.items()
        if number and column.value != "total"
    }
    assert table == dict(again)
    assert sum(again.values()) == sum(cells[RemedyColumn.TOTAL] for cells in report.four.values())


def test_the_statistics_are_of_the_cases_that_ended(
    report: YearReport, rows: list[dict[str, Any]]
) -> None:
    ended = [
        row
        for row in rows
        if row["first_received_on"] and row["closed_on"] and row["closed_on"].year == report.year
    ]
    shown = report.statistics
    assert shown.all.closed == len(ended)
    assert shown.all.in_time == sum(row["days_used"] <= 20 for row in ended)
    assert shown.corrected == sum(row["received_on"] != row["first_received_on"] for row in ended)
    assert shown.oral == sum(row["filed_by"].value == "oral" for row in ended)
    assert sum(part.closed for part in shown.by_channel.values()) == len(ended)
    assert sum(part.closed for part in shown.by_applicant.values()) == len(ended)
    slowest = sorted(row["days_used"] for row in ended)
    within = sum(days <= shown.all.p90_days for days in slowest)
    assert within >= 0.9 * len(slowest) > sum(days < shown.all.p90_days for days in slowest)
