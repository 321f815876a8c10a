"""Agencies: the list of them, and the form for one."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from models.agency import Agency
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import agencies
from services.access import Actor, Permission
from services.errors import Invalid

_LIST = "/console/agencies"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/agencies", name="agencies")
    routes.add_route(new, "/agencies/new", name="new_agency")
    routes.add_route(add, "/agencies/new", methods={"POST"}, name="add_agency")
    routes.add_route(one, "/agencies/<agency_id:int>", name="agency")
    routes.add_route(change, "/agencies/<agency_id:int>", methods={"POST"}, name="change_agency")


@staff(Permission.MANAGE_VENUES)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show all agencies."""
    return show(request, actor, "console/agencies.html", agencies=await agencies.every())


@staff(Permission.MANAGE_VENUES)
async def new(request: Request, actor: Actor) -> HTTPResponse:
    """Show the form for another agency."""
    return _form(request, actor, None, {"is_active": "on"}, {})


@staff(Permission.MANAGE_VENUES)
async def add(request: Request, actor: Actor) -> HTTPResponse:
    """Add an agency."""
    return await _keep(request, actor, None)


@staff(Permission.MANAGE_VENUES)
async def one(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Show the form of an agency."""
    agency = await agencies.one(agency_id)
    values = {
        "name": agency.name,
        "other_names": "\n".join(agency.other_names),
        "address": agency.address,
        "phone": agency.phone,
        "is_active": "on" if agency.is_active else "",
    }
    return _form(request, actor, agency, values, {})


@staff(Permission.MANAGE_VENUES)
async def change(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Change an agency."""
    return await _keep(request, actor, await agencies.one(agency_id))


async def _keep(request: Request, actor: Actor, agency: Agency | None) -> HTTPResponse:
    form = Form(request)
    name = form.text("name", "名称", longest=agencies.LONGEST_NAME, required=True)
    others = form.lines(
        "other_names", "别的名称", longest=agencies.LONGEST_NAME, most=agencies.MOST_OTHER_NAMES
    )
    address = form.text("address", "地址", longest=300)
    phone = form.text("phone", "电话", longest=60)
    if not form.errors:
        try:
            kept = await agencies.keep(
                actor,
                agency.id if agency else None,
                name=name,
                other_names=others,
                address=address,
                phone=phone,
                is_active=form.ticked("is_active"),
            )
        except Invalid as wrong:
            form.errors["name"] = wrong.sentence
        else:
            return go_on(request, _LIST, f"已保存{kept.name}。")
    return _form(request, actor, agency, form.values, form.errors)


def _form(
    request: Request,
    actor: Actor,
    agency: Agency | None,
    values: dict[str, str],
    errors: dict[str, str],
) -> HTTPResponse:
    empty = dict.fromkeys(("name", "other_names", "address", "phone", "is_active"), "")
    return show(
        request,
        actor,
        "console/agency.html",
        status=422 if errors else 200,
        agency=agency,
        values=empty | values,
        errors=errors,
    )
