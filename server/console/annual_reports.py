"""The annual report: which there are, one as it stands, writing on it, closing it, taking it away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import annual_report_files, annual_reports, register_sight
from services.access import Actor, Permission
from services.annual_entries import LONGEST_REASON, LONGEST_TEXT, Kept, number_of
from services.annual_reports import FIRST_YEAR, YearReport
from services.clock import zone_day
from services.disclosure.report_checks import Check
from services.disclosure.report_layout import layout_four, layout_three, layout_two
from services.disclosure.report_other_tables import TABLE_TWO, Entry, written
from services.disclosure.report_tables import PARTS, ReportColumn
from services.disclosure.report_wording import HEADINGS, Section
from services.errors import NotFound

_YEARS_SHOWN = 3
_FILES: dict[str, tuple[Callable[[YearReport], bytes], str]] = {
    "xlsx": (annual_report_files.workbook, annual_report_files.XLSX),
    "docx": (annual_report_files.word, annual_report_files.DOCX),
    "html": (lambda report: annual_report_files.page(report).encode(), "text/html; charset=utf-8"),
}
_MOST = 10**8


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(listed, "/annual-reports", name="annual_reports")
    one = "/annual-reports/<agency_id:int>/<year:int>"
    routes.add_route(shown, one, name="annual_report")
    routes.add_route(keep, one, methods={"POST"}, name="keep_annual_report")
    routes.add_route(close, f"{one}/closed", methods={"POST"}, name="close_annual_report")
    routes.add_route(send, f"{one}/<form:str>/file", name="annual_report_file")


@staff(Permission.SEE_REGISTER)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show the agencies and years that there are reports of."""
    today = _today()
    agencies = await register_sight.agencies(actor)
    first = max(FIRST_YEAR, today.year - _YEARS_SHOWN + 1)
    return show(
        request,
        actor,
        "console/annual_reports.html",
        agencies=agencies,
        years=list(range(today.year, first - 1, -1)),
        closed=await annual_reports.closed([agency.id for agency in agencies]),
    )


@staff(Permission.SEE_REGISTER)
async def shown(request: Request, actor: Actor, agency_id: int, year: int) -> HTTPResponse:
    """Show a report as it stands, with the forms for who writes on it."""
    report = await annual_reports.report(actor, agency_id, year, today=_today())
    return _page(request, actor, report)


@staff(Permission.WORK_ON_APPLICATIONS)
async def keep(request: Request, actor: Actor, agency_id: int, year: int) -> HTTPResponse:
    """Store the figures and texts that were entered."""
    form = Form(request)
    kept, edits = _kept(form), form.edits()
    if form.errors:
        report = await annual_reports.report(actor, agency_id, year, today=_today())
        return _page(request, actor, report, form)
    await annual_reports.keep(actor, agency_id, year, kept, edits=edits, today=_today())
    return go_on(request, f"/console/annual-reports/{agency_id}/{year}", "已保存。")


@staff(Permission.APPROVE_APPLICATIONS)
async def close(request: Request, actor: Actor, agency_id: int, year: int) -> HTTPResponse:
    """Freeze the figures of a year that is over."""
    edits = Form(request).edits()
    await annual_reports.close(actor, agency_id, year, edits=edits, now=datetime.now(UTC))
    return go_on(request, f"/console/annual-reports/{agency_id}/{year}", "已经定稿，数字不再变动。")


@staff(Permission.SEE_REGISTER)
async def send(
    request: Request, actor: Actor, agency_id: int, year: int, form: str
) -> HTTPResponse:
    """Send a report as a file; that it was taken is recorded."""
    if form not in _FILES:
        raise NotFound(f"There is no {form}.", sentence="年度报告可以下载 xlsx、docx 或者 html。")
    write, content_type = _FILES[form]
    report = await annual_reports.report(actor, agency_id, year, today=_today())
    content = await asyncio.to_thread(write, report)
    await annual_reports.note_export(actor, agency_id, year, form)
    name = f"annual-report-{agency_id}-{year}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return raw(content, content_type=content_type, headers=headers)


def _page(
    request: Request, actor: Actor, report: YearReport, form: Form | None = None
) -> HTTPResponse:
    errors = form.errors if form else {}
    over = report.carried_over or report.counted_carried_in
    values = {
        **{e.value: written(report.two[e]) if e in report.entered else "" for e in Entry},
        **{f"text_{s.value}": report.texts[s] or report.beginnings[s] for s in Section},
        **{f"carried_{column.value}": str(over[column]) for column in PARTS},
        "carried_over": "1" if report.carried_over is not None else "",
        "reason": report.carried_over_reason,
    }
    return show(
        request,
        actor,
        "console/annual_report.html",
        status=422 if errors else 200,
        report=report,
        title=annual_report_files.title(report),
        headings=HEADINGS,
        layouts=(layout_two(report.two), layout_three(report.three), layout_four(report.four)),
        checks=[
            (check, report.holds(check), [f for f in report.findings if f.check is check])
            for check in Check
        ],
        sections=list(Section),
        entries=list(Entry),
        blocks=TABLE_TWO,
        parts=PARTS,
        counted=report.suggested,
        last_year=report.last_year[ReportColumn.TOTAL],
        values=values | ({"carried_over": "", **form.values} if form else {}),
        errors=errors,
        is_over=_today().year > report.year,
        may_write=report.closed_at is None and actor.may(Permission.WORK_ON_APPLICATIONS),
        may_close=report.closed_at is None and actor.may(Permission.APPROVE_APPLICATIONS),
    )


def _kept(form: Form) -> Kept:
    entered: dict[Entry, Decimal] = {}
    for entry in Entry:
        typed = form.raw(entry.value).strip()
        number = number_of(typed) if typed else None
        if typed and number is None:
            form.errors[entry.value] = f"“{entry.label}”请填数字。"
        elif number is not None:
            entered[entry] = number
    texts = {
        section: form.text(f"text_{section.value}", section.label, longest=LONGEST_TEXT)
        for section in Section
    }
    over: dict[ReportColumn, int] | None = {} if form.ticked("carried_over") else None
    if over is not None:
        for column in PARTS:
            over[column] = form.number(f"carried_{column.value}", column.label, least=0, most=_MOST)
    reason = form.text("reason", "原因", longest=LONGEST_REASON)
    if over is not None and not reason:
        form.errors["reason"] = "改动上年结转数，请写明原因。"
    return Kept(entered=entered, texts=texts, carried_over=over, carried_over_reason=reason)


def _today() -> date:
    return zone_day(datetime.now(UTC))
