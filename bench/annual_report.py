"""The annual report over 10,000 cases: counted, checked, and written as files."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date

from bench.bench_zone import RESULTS, Plan
from bench.many_cases import CASES, YEARS, fill
from bench.report import Row, percentile
from models.agency import Agency
from models.application import Application
from models.database import close_database, open_database
from services import annual_report_files, annual_reports
from services.access import system
from services.annual_reports import YearReport

_TARGET_S = 5
_TODAY = date(YEARS[-1] + 1, 1, 15)


async def measure(plan: Plan) -> list[Row]:
    """Return how long a year's report takes to count, and with each kind of file."""
    folder = RESULTS / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    await open_database(f"sqlite://{folder / 'openzone.sqlite3'}")
    try:
        if await Application.all().count() < CASES:
            await fill()
        agency = await Agency.all().order_by("id").first()
        assert agency is not None, "The cases are of an agency"
        times = plan.times(10, 2)
        counted = [await _count(agency.id, year) for year in YEARS for _ in range(times)]
        report = counted[-1][1]
        rows = [_row("counted and checked", [took for took, _ in counted])]
        for name, write in _FILES.items():
            slowest = [await asyncio.to_thread(_written, write, report) for _ in range(times)]
            rows.append(_row(f"written as {name}", slowest))
    finally:
        await close_database()
    return rows


_FILES: dict[str, Callable[[YearReport], bytes | str]] = {
    "XLSX": annual_report_files.workbook,
    "DOCX": annual_report_files.word,
    "HTML": annual_report_files.page,
}


async def _count(agency_id: int, year: int) -> tuple[float, YearReport]:
    began = time.perf_counter()
    report = await annual_reports.report(system(b"seal"), agency_id, year, today=_TODAY)
    return time.perf_counter() - began, report


def _written(write: Callable[[YearReport], bytes | str], report: YearReport) -> float:
    began = time.perf_counter()
    write(report)
    return time.perf_counter() - began


def _row(what: str, took: list[float]) -> Row:
    note = f"{CASES:,} cases of two years, SQLite, {len(took)} times"
    return Row(f"annual report, {what}, slowest", percentile(took, 100), "s", _TARGET_S, note=note)
