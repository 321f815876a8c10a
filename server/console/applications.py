"""Applications at the console: the list by what is due next, one application, and who applies."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.agency import Agency
from models.application import ApplicationState
from server.console.application_page import Refused, case_page
from server.console.forms import Form
from server.console.pages import PageOfList, show
from server.console.staff_door import staff
from server.context import context_of
from services import applicants, application_work_list
from services.access import Actor, Permission
from services.applicants import Reason
from services.application_work_list import Filter, Pile
from services.clock import zone_day
from services.errors import NotAllowed

_TAKE = Permission.TAKE_APPLICATIONS


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/applications/<application_id:int>"
    routes.add_route(listed, "/applications", name="applications")
    routes.add_route(shown, one, name="application")
    routes.add_route(show_person, f"{one}/applicant", methods={"POST"}, name="show_applicant")


@staff(_TAKE)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show one part of the list."""
    keys, today = context_of(request).parts.keys, zone_day(datetime.now(UTC))
    narrowed = _filter(request)
    asked = PageOfList.of(request, 10**6)
    rows, total = await application_work_list.work_list(
        actor, narrowed, keys=keys, today=today, offset=asked.offset, limit=asked.size
    )
    agencies = Agency.filter(is_active=True).order_by("name")
    if actor.acts_for_agencies:
        agencies = agencies.filter(id__in=list(actor.agency_ids))
    return show(
        request, actor, "console/applications.html", rows=rows, narrowed=narrowed,
        piles=_piles(actor),
        part=PageOfList.of(request, total), states=list(ApplicationState),
        agencies=await agencies, counts=await application_work_list.counts(actor, today),
    )  # fmt: skip


@staff(_TAKE)
async def shown(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Show one application."""
    return await case_page(request, actor, application_id)


@staff(_TAKE)
async def show_person(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Show who applies in full, once, for a reason that goes on the record."""
    form, keys = Form(request), context_of(request).parts.keys
    reason = form.choice("reason", "查看的事由", Reason)
    if reason is None:
        again = Refused("applicant", "请选择查看的事由。", 422, form.values, form.errors)
        return await case_page(request, actor, application_id, refused=again)
    sees = applicants.shown if form.raw("part") == "identity" else applicants.contact_shown
    try:
        person = await sees(actor, application_id, reason, keys=keys)
    except NotAllowed as refused:
        again = Refused.of("applicant", refused, form.values, {})
        return await case_page(request, actor, application_id, refused=again)
    return await case_page(request, actor, application_id, person=person)


def _piles(actor: Actor) -> list[Pile]:
    """Return the parts that are anything to somebody."""
    hidden = set() if actor.acts_for_agencies else {Pile.MINE}
    if not actor.may(Permission.APPROVE_APPLICATIONS):
        hidden.add(Pile.EXTENSIONS)
    return [pile for pile in Pile if pile not in hidden]


def _filter(request: Request) -> Filter:
    pile, state = request.args.get("pile", ""), request.args.get("state", "")
    agency = request.args.get("agency", "")
    return Filter(
        Pile(pile) if pile in set(Pile) else Pile.OPEN,
        ApplicationState(state) if state in set(ApplicationState) else None,
        int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 9 else None,
        request.args.get("number", "").strip()[:40],
    )
