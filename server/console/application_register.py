"""The register of applications as staff read it, and the workbook to take away."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from enum import Enum
from typing import TypeVar
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from models.application import Channel
from models.remedy import RemedyKind
from server.console.pages import PageOfList, show
from server.console.staff_door import staff
from server.context import context_of
from services import application_register, register_sheet, register_sight
from services.access import Actor, Permission
from services.application_register import Standing, Wanted
from services.clock import zone_day
from services.disclosure.register_lines import Column, groups
from services.disclosure.report_other_tables import RemedyColumn
from services.disclosure.report_tables import ReportColumn, ReportRow

E = TypeVar("E", bound=Enum)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILTERS = ("agency", "number", "standing", "channel", "from", "to")
_OF_A_REPORT = ("year", "row", "column", "remedy", "result")


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(listed, "/application-register", name="application_register")
    routes.add_route(export, "/application-register/workbook", name="export_application_register")


@staff(Permission.SEE_REGISTER)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show the cases that fit; that they were looked at is recorded."""
    wanted, today = _wanted(request), zone_day(datetime.now(UTC))
    keys = context_of(request).parts.keys
    part = PageOfList.of(request, await application_register.count(actor, wanted, today=today))
    lines = await application_register.find(
        actor, wanted, keys=keys, today=today, offset=part.offset, limit=part.size
    )
    await application_register.note_seen(actor, wanted, page=part.number, found=part.total)
    agencies = await register_sight.agencies(actor)
    given = {name: request.args.get(name, "") for name in (*_FILTERS, *_OF_A_REPORT)}
    return show(
        request,
        actor,
        "console/application_register.html",
        lines=lines,
        part=part,
        groups=groups(),
        columns=list(Column),
        given=given,
        figure=_figure(wanted),
        kept={name: given[name] for name in _OF_A_REPORT if given[name]},
        opens_cases=actor.may(Permission.TAKE_APPLICATIONS),
        agencies=[("", "所有机关"), *((agency.id, agency.name) for agency in agencies)],
        standings=[("", "全部"), *((one.value, one.label) for one in Standing)],
        channels=[("", "所有渠道"), *((one.value, one.label) for one in Channel)],
        workbook_address="/console/application-register/workbook?"
        + urlencode({name: value for name, value in given.items() if value}),
    )


@staff(Permission.SEE_REGISTER)
async def export(request: Request, actor: Actor) -> HTTPResponse:
    """Send the cases that fit as a workbook; that it was taken is recorded."""
    today = zone_day(datetime.now(UTC))
    lines = await application_register.everything(
        actor, _wanted(request), keys=context_of(request).parts.keys, today=today
    )
    content = await asyncio.to_thread(register_sheet.workbook, lines)
    headers = {"Content-Disposition": f'attachment; filename="register-{today}.xlsx"'}
    return raw(content, content_type=_XLSX, headers=headers)


def _wanted(request: Request) -> Wanted:
    """Read the filters of an address; what cannot be read filters nothing."""
    return Wanted(
        agency_id=_number(request.args.get("agency", "")),
        number=request.args.get("number", "").strip()[:40],
        standing=_chosen(request, "standing", Standing),
        channel=_chosen(request, "channel", Channel),
        first_day=_day(request.args.get("from", "")),
        last_day=_day(request.args.get("to", "")),
        year=_year(request.args.get("year", "")),
        row=_chosen(request, "row", ReportRow),
        column=_chosen(request, "column", ReportColumn),
        remedy=_chosen(request, "remedy", RemedyKind),
        result=_chosen(request, "result", RemedyColumn),
    )


def _figure(wanted: Wanted) -> str:
    """Return which figure of an annual report the list is behind, "" for none."""
    if wanted.year is None:
        return ""
    if wanted.row is not None:
        column = wanted.column or ReportColumn.TOTAL
        return f"{wanted.year}年度报告“{wanted.row.full_label}”（{column.label}）"
    if wanted.remedy is not None:
        result = wanted.result or RemedyColumn.TOTAL
        return f"{wanted.year}年度报告“{wanted.remedy.label}”（{result.label}）"
    return ""


def _chosen(request: Request, name: str, of: type[E]) -> E | None:
    try:
        return of(request.args.get(name, ""))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _year(text: str) -> int | None:
    number = _number(text)
    return number if number is not None and 1900 < number < 9000 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
