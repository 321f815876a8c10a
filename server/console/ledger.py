"""The ledger as staff read it: pages with charts, and a workbook to take away."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from models.ledger_count import Counted
from server.console import charts
from server.console.charts import Chart
from server.console.pages import show
from server.console.staff_door import staff
from services import ledger_reports, ledger_sheets
from services.access import Actor, Permission
from services.clock import zone_day
from services.errors import NotFound
from services.ledger_periods import Period, Step
from services.ledger_reports import Report

E = TypeVar("E", Step, Counted)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_VENUES = 30
"""Rows of the chart; the table has them all."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(ledger, "/ledger", name="ledger")
    routes.add_route(export, "/ledger/workbook", name="export_ledger")


@staff(Permission.SEE_LEDGER)
async def ledger(request: Request, actor: Actor) -> HTTPResponse:
    """Show what the ledger says of a period."""
    now = datetime.now(UTC)
    period, venue_id = _period(request, now), _venue(request)
    step = _chosen(request, "step", Step, Step.DAY)
    counted = _chosen(request, "counted", Counted, Counted.VISIT)
    report = await ledger_reports.report(actor, period, step, venue_id=venue_id, now=now)
    places = await ledger_reports.places(actor)
    return show(
        request,
        actor,
        "console/ledger.html",
        report=report,
        kinds=list(Counted),
        charts=_charts(report, counted, step),
        steps=[(one.value, one.label) for one in Step],
        step=step,
        counted=counted,
        counteds=[(one.value, one.label) for one in Counted],
        places=[("", "全部专区"), *((place.id, place.place) for place in places)],
        venue_id=venue_id or "",
        workbook_address="/console/ledger/workbook?" + urlencode(_asked(period, venue_id)),
    )


@staff(Permission.SEE_LEDGER)
async def export(request: Request, actor: Actor) -> HTTPResponse:
    """Send the ledger of a period as a workbook; that it was taken is recorded."""
    now = datetime.now(UTC)
    period, venue_id = _period(request, now), _venue(request)
    report = await ledger_reports.report(actor, period, Step.DAY, venue_id=venue_id, now=now)
    content = await asyncio.to_thread(ledger_sheets.workbook, report)
    await ledger_reports.note_export(actor, period, venue_id)
    name = f"ledger-{period.first}-{period.last}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return raw(content, content_type=_XLSX, headers=headers)


def _charts(report: Report, counted: Counted, step: Step) -> list[Chart]:
    names = [part.label for part, _ in report.by_part]
    of = [counts for _, counts in report.by_part]
    most = sorted(report.by_venue, key=lambda row: -row[1][counted])[:_MOST_VENUES]
    return [
        charts.columns(
            f"{counted.label}（{step.label}）", names, {counted.label: [c[counted] for c in of]}
        ),
        charts.columns(
            f"咨询的结果（{step.label}）",
            names,
            {
                kind.label: [counts[kind] for counts in of]
                for kind in (Counted.ANSWERED, Counted.HANDOFF)
            },
        ),
        charts.rows(
            f"{counted.label}（按专区）",
            [venue.place for venue, _ in most],
            [counts[counted] for _, counts in most],
        ),
    ]


def _period(request: Request, now: datetime) -> Period:
    first, last = (_day(request.args.get(name, "")) for name in ("from", "to"))
    return Period.of(first, last, today=zone_day(now))


def _venue(request: Request) -> int | None:
    """Return the zone that is asked for. Raises NotFound for what is no number of any."""
    text = request.args.get("venue", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound("The venue is no number.")
    return int(text) if text else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _asked(period: Period, venue_id: int | None) -> dict[str, str]:
    asked = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return asked if venue_id is None else asked | {"venue": str(venue_id)}


def _chosen(request: Request, name: str, of: type[E], usual: E) -> E:
    try:
        return of(request.args.get(name, usual.value))
    except ValueError:
        return usual
