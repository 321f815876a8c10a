"""The offices of agencies that handle applications: what their letters print, and how they work."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from models.agency import Agency
from models.disclosure_office import AgencyStanding
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import disclosure_offices
from services.access import Actor, Permission
from services.disclosure_offices import OfficeContent
from services.errors import EditedMeanwhile, Invalid, NotFound

PATH = "/console/disclosure-offices"
_KEEP = Permission.KEEP_OFFICES
_NUMBERS = {
    "correction_days": ("补正期限（工作日）", 5, 30),
    "keep_decided_years": ("答复过的保管几年", 1, 100),
    "keep_abandoned_years": ("撤回、视为放弃的保管几年", 1, 100),
    "review_withheld_months": ("不予公开的几个月以后再审查", 1, 120),
}

_TICKS = {
    "auto_confirm": "网上提交的当天就算收到",
    "late_correction_restarts": "过了七个工作日才通知补正的，收到补正后期限也重新计算",
    "fee_restarts": "缴费以后期限重新计算（不勾的，扣除等缴费的日子，接着算）",
}


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/disclosure-offices", name="disclosure_offices")
    one_office = "/disclosure-offices/<agency_id:int>"
    routes.add_route(one, one_office, name="disclosure_office")
    routes.add_route(change, one_office, methods={"POST"}, name="change_disclosure_office")


async def agency_of(actor: Actor, agency_id: int) -> Agency:
    """Return an agency whose office somebody keeps. Raises NotFound, NotAllowed."""
    disclosure_offices.require_keeper(actor, agency_id)
    agency = await Agency.get_or_none(id=agency_id)
    if agency is None:
        raise NotFound(f"There is no agency {agency_id}.")
    return agency


@staff(_KEEP)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show the agencies whose offices somebody keeps, and what each lacks."""
    agencies = Agency.filter(is_active=True).order_by("name", "id")
    if actor.acts_for_agencies:
        agencies = agencies.filter(id__in=list(actor.agency_ids))
    rows = [(agency, await disclosure_offices.of_agency(agency.id)) for agency in await agencies]
    return show(request, actor, "console/disclosure_offices.html", rows=rows)


@staff(_KEEP)
async def one(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Show the form of an office."""
    return await _page(request, actor, agency_id)


@staff(_KEEP)
async def change(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Keep what was typed."""
    form = Form(request)
    typed: dict[str, Any] = {
        name: form.number(name, label, least=least, most=most)
        for name, (label, least, most) in _NUMBERS.items()
    }
    standing = form.choice("standing", "机关的性质", AgencyStanding)
    try:
        if form.errors or standing is None:
            raise Invalid("The form has mistakes.", sentence=next(iter(form.errors.values())))
        typed |= {name: form.raw(name) for name in disclosure_offices.NAMES}
        typed |= {name: form.ticked(name) for name in _TICKS}
        content = OfficeContent(standing=standing, **typed)
        await disclosure_offices.save(actor, agency_id, content, edits=form.edits())
    except (Invalid, EditedMeanwhile) as refused:
        return await _page(request, actor, agency_id, form, refused)
    return go_on(request, f"{PATH}/{agency_id}", "已保存。")


async def _page(
    request: Request,
    actor: Actor,
    agency_id: int,
    form: Form | None = None,
    refused: Invalid | EditedMeanwhile | None = None,
) -> HTTPResponse:
    agency = await agency_of(actor, agency_id)
    office = await disclosure_offices.of_agency(agency_id)
    values: dict[str, Any] = {
        name: getattr(office, name) for name in (*disclosure_offices.NAMES, *_NUMBERS, *_TICKS)
    }
    values["standing"] = office.standing.value
    status = 200
    if form is not None and refused is not None:
        values |= dict.fromkeys(_TICKS, "") | form.values
        status = 409 if isinstance(refused, EditedMeanwhile) else 422
    return show(
        request, actor, "console/disclosure_office.html", status=status, agency=agency,
        office=office, values=values, sentence=refused.sentence if refused is not None else "",
        standings=[(one.value, one.label) for one in AgencyStanding], labels=disclosure_offices.NAMES,
        numbers=_NUMBERS, ticks=_TICKS,
    )  # fmt: skip
