"""Accounts of staff, as an administrator keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from models.agency import Agency
from models.staff import Role
from models.venue import Venue
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import staff as accounts
from services import staff_keeping
from services.access import Actor, Permission
from services.errors import Conflict, Invalid

_LIST = "/console/staff"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/staff", name="staff")
    routes.add_route(new, "/staff/new", name="new_staff")
    routes.add_route(create, "/staff/new", methods={"POST"}, name="create_staff")
    one_address = "/staff/<staff_id:int>"
    routes.add_route(one, one_address, name="one_staff")
    routes.add_route(change, one_address, methods={"POST"}, name="change_staff")
    for deed, handler in (
        ("password", reset_password),
        ("second-factor", reset_second_factor),
        ("closed", deactivate),
        ("opened", reactivate),
    ):
        routes.add_route(handler, f"{one_address}/{deed}", methods={"POST"}, name=handler.__name__)


@staff(Permission.MANAGE_STAFF)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show all accounts."""
    everybody = await staff_keeping.everybody(actor)
    return show(request, actor, "console/staff.html", everybody=everybody, now=datetime.now(UTC))


@staff(Permission.MANAGE_STAFF)
async def new(request: Request, actor: Actor) -> HTTPResponse:
    """Show an empty form."""
    return await _form(request, actor, {"role": Role.CLERK.value})


@staff(Permission.MANAGE_STAFF)
async def create(request: Request, actor: Actor) -> HTTPResponse:
    """Make an account, and show its first password this once."""
    form = Form(request)
    username = form.text("username", "用户名", longest=40, required=True)
    display_name = form.text("display_name", "姓名", longest=60, required=True)
    role = form.choice("role", "岗位", Role)
    venue_ids, agency_ids = form.numbers("venues"), form.numbers("agencies")
    password = staff_keeping.first_password()
    if role is not None and not form.errors:
        try:
            staff_keeping.require_binding(role, venue_ids, agency_ids)
            made = await accounts.create(
                actor,
                username=username,
                display_name=display_name,
                role=role,
                password=password,
                venue_ids=venue_ids,
                agency_ids=agency_ids,
            )
            return show(request, actor, "console/staff_password.html", who=made, password=password)
        except (Invalid, Conflict) as wrong:
            field = "username" if isinstance(wrong, Conflict) else "role"
            form.errors[field] = wrong.sentence
    return await _form(request, actor, form.values, form=form, status=422)


@staff(Permission.MANAGE_STAFF)
async def one(request: Request, actor: Actor, staff_id: int) -> HTTPResponse:
    """Show one account."""
    who = await staff_keeping.one(actor, staff_id)
    values = {"username": who.username, "display_name": who.display_name, "role": who.role.value}
    return await _form(request, actor, values, staff_id=staff_id)


@staff(Permission.MANAGE_STAFF)
async def change(request: Request, actor: Actor, staff_id: int) -> HTTPResponse:
    """Change somebody's name, role, zones and agencies."""
    form = Form(request)
    display_name = form.text("display_name", "姓名", longest=60, required=True)
    role = form.choice("role", "岗位", Role)
    if role is not None and not form.errors:
        try:
            await staff_keeping.change(
                actor,
                staff_id,
                display_name=display_name,
                role=role,
                venue_ids=form.numbers("venues"),
                agency_ids=form.numbers("agencies"),
            )
            return go_on(request, _LIST, f"{display_name}的账号已经修改。")
        except (Invalid, Conflict) as wrong:
            form.errors["role"] = wrong.sentence
    return await _form(request, actor, form.values, form=form, staff_id=staff_id, status=422)


@staff(Permission.MANAGE_STAFF)
async def reset_password(request: Request, actor: Actor, staff_id: int) -> HTTPResponse:
    """Give somebody a new first password, and show it this once."""
    password = await staff_keeping.reset_password(actor, staff_id, now=datetime.now(UTC))
    who = await staff_keeping.one(actor, staff_id)
    return show(request, actor, "console/staff_password.html", who=who, password=password)


@staff(Permission.MANAGE_STAFF)
async def reset_second_factor(request: Request, actor: Actor, staff_id: int) -> HTTPResponse:
    """Take away a second factor whose device was lost."""
    await staff_keeping.reset_second_factor(actor, staff_id, now=datetime.now(UTC))
    return go_on(request, f"{_LIST}/{staff_id}", "动态口令已经取消，本人登录后可以重新设置。")


@staff(Permission.MANAGE_STAFF)
async def deactivate(request: Request, actor: Actor, staff_id: int) -> HTTPResponse:
    """Close an account."""
    try:
        await staff_keeping.deactivate(actor, staff_id, now=datetime.now(UTC))
    except Conflict as last:
        return go_on(request, f"{_LIST}/{staff_id}", last.sentence)
    return go_on(request, _LIST, "账号已经停用，已登录的也退出了。")


@staff(Permission.MANAGE_STAFF)
async def reactivate(request: Request, actor: Actor, staff_id: int) -> HTTPResponse:
    """Open a closed account again."""
    await staff_keeping.reactivate(actor, staff_id)
    return go_on(request, f"{_LIST}/{staff_id}", "账号已经重新启用。")


async def _form(
    request: Request,
    actor: Actor,
    values: dict[str, Any],
    *,
    form: Form | None = None,
    staff_id: int | None = None,
    status: int = 200,
) -> HTTPResponse:
    who = None if staff_id is None else await staff_keeping.one(actor, staff_id)
    if form is not None:
        venue_ids, agency_ids = form.numbers("venues"), form.numbers("agencies")
    elif who is not None:
        venue_ids = [venue.id for venue in who.venues]
        agency_ids = [agency.id for agency in who.agencies]
    else:
        venue_ids, agency_ids = [], []
    return show(
        request,
        actor,
        "console/staff_form.html",
        status=status,
        who=who,
        values=values,
        errors=form.errors if form is not None else {},
        roles=[(role.value, role.label) for role in Role],
        venues=[(venue.id, venue.place) for venue in await Venue.all().order_by("id")],
        venue_ids=venue_ids,
        agencies=[(agency.id, agency.name) for agency in await Agency.all().order_by("id")],
        agency_ids=agency_ids,
    )
