"""节假日安排: importing the yearly notice, what is known of each year, and which deadlines moved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from models.agency import Agency
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import application_dates, holiday_notices, work_calendars
from services.access import Actor, Permission
from services.clock import zone_day
from services.disclosure.holiday_files import BadHolidayFile

_PATH = "/console/holiday-notices"
_LONGEST_NUMBER = 80


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(notices, "/holiday-notices", name="holiday_notices")
    routes.add_route(
        import_notice, "/holiday-notices", methods={"POST"}, name="import_holiday_notice"
    )


@staff(Permission.MANAGE_VENUES)
async def notices(request: Request, actor: Actor) -> HTTPResponse:
    """Show what is known, what moved, and the form."""
    return await _page(request, actor)


@staff(Permission.MANAGE_VENUES)
async def import_notice(request: Request, actor: Actor) -> HTTPResponse:
    """Take a notice in; open applications are counted by it before the next page shows."""
    form = Form(request)
    number = form.text("number", "文号", longest=_LONGEST_NUMBER)
    announced_on = form.day("announced_on", "印发日期")
    agency_id = form.number("agency_id", "适用范围", least=1, most=999_999_999) or None
    sent = request.files.get("file") if request.files else None
    if sent is None or not sent.body:
        form.errors["file"] = "请选择文件。"
    if form.errors or sent is None:
        return await _page(request, actor, 422, form.values, form.errors)
    try:
        done = await holiday_notices.import_notice(
            actor,
            sent.body,
            number=number,
            announced_on=announced_on,
            agency_id=agency_id,
            keys=context_of(request).parts.keys,
            now=datetime.now(UTC),
        )
    except BadHolidayFile as error:
        return await _page(request, actor, 422, form.values, {"file": error.sentence})
    moved = (
        f"{done.moved} 件申请的最迟答复日变了，列在下面。" if done.moved else "没有期限因此变动。"
    )
    return go_on(request, _PATH, f"{done.notice.year}年的安排已导入。{moved}")


async def _page(
    request: Request,
    actor: Actor,
    status: int = 200,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> HTTPResponse:
    agencies: list[Any] = list(await Agency.all().order_by("name").values_list("id", "name"))
    this_year = zone_day(datetime.now(UTC)).year
    calendar = await work_calendars.current()
    return show(
        request,
        actor,
        "console/holiday_notices.html",
        status=status,
        values=values or {},
        errors=errors or {},
        agencies=[("", "全国（国务院办公厅的通知）"), *agencies],
        agency_names={f"agency:{agency_id}": name for agency_id, name in agencies},
        imported=await holiday_notices.imported(),
        years=[(year, calendar.is_announced(year)) for year in (this_year, this_year + 1)],
        moved=await application_dates.moved_lately(),
        longest_number=_LONGEST_NUMBER,
    )
