"""Zones: the tree of them, and the form for one with its hours, areas and closures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.venue import Area, Venue, VenueLevel, VenueType
from server.console.forms import Form
from server.console.hours_form import (
    HOLIDAY_CHOICES,
    MAKE_UP_CHOICES,
    SEASONS,
    WEEKDAYS,
    hours_values,
    read_hours_form,
)
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import agencies, devices, venue_editing, venues
from services.access import Actor, Permission
from services.clock import zone_day
from services.errors import EditedMeanwhile, Invalid
from services.hours_keeping import read_hours
from services.opening_words import days_written, open_now
from services.venue_editing import VenueContent

_LIST = "/console/venues"
_SHOWN_AGAIN = {
    "place": "所在场所",
    "type": "类型",
    "level": "级别",
    "parent_id": "上级专区",
    "address": "地址",
    "phone": "电话",
    "directions": "怎么去",
}
"""The fields whose other writing is shown to whoever comes second, with their labels."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/venues", name="venues")
    routes.add_route(new, "/venues/new", name="new_venue")
    routes.add_route(create, "/venues/new", methods={"POST"}, name="create_venue")
    routes.add_route(one, "/venues/<venue_id:int>", name="venue")
    routes.add_route(change, "/venues/<venue_id:int>", methods={"POST"}, name="change_venue")
    routes.add_route(
        close, "/venues/<venue_id:int>/closures", methods={"POST"}, name="announce_closure"
    )
    routes.add_route(
        call_off,
        "/venues/<venue_id:int>/closures/<closure_id:int>/called-off",
        methods={"POST"},
        name="call_off_closure",
    )


@dataclass(frozen=True)
class Line:
    """One zone in the list."""

    venue: Venue
    depth: int
    open_now: str
    kiosks: int


@staff(Permission.MANAGE_VENUES)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show the tree of the zones that somebody keeps."""
    now = datetime.now(UTC)
    own = {venue.id: venue for venue in await venue_editing.visible_to(actor)}
    times = await venues.timetables_of(list(own.values()))
    kiosks = Counter(device.venue_id for device in await devices.visible_to(actor))
    lines = [
        Line(own[venue_id], depth, open_now(times[venue_id], now), kiosks[venue_id])
        for venue_id, depth in _as_tree(own)
    ]
    return show(request, actor, "console/venues.html", lines=lines)


def _as_tree(own: dict[int, Venue]) -> Iterator[tuple[int, int]]:
    """Yield ids with their depth, each zone before those below it."""
    children: dict[int | None, list[int]] = {}
    for venue in own.values():
        above = venue.parent_id if venue.parent_id in own else None
        children.setdefault(above, []).append(venue.id)
    waiting = [(venue_id, 0) for venue_id in children.get(None, [])]
    while waiting:
        venue_id, depth = waiting.pop(0)
        yield venue_id, depth
        waiting[:0] = [(child, depth + 1) for child in children.get(venue_id, [])]


@staff(Permission.MANAGE_VENUES)
async def new(request: Request, actor: Actor) -> HTTPResponse:
    """Show the form for another zone."""
    content = VenueContent("", VenueType.SERVICE_HALL, VenueLevel.DISTRICT)
    return await _form(request, actor, None, _values(content), content)


@staff(Permission.MANAGE_VENUES)
async def create(request: Request, actor: Actor) -> HTTPResponse:
    """Set up another zone."""
    form = Form(request)
    code = form.text("code", "代码", longest=40, required=True).lower()
    content = _content(form)
    if not form.errors:
        try:
            venue = await venue_editing.create(actor, code, content)
        except Invalid as wrong:
            form.errors["code"] = wrong.sentence
        else:
            return go_on(request, f"{_LIST}/{venue.id}", f"已建立{venue.title}。")
    return await _form(request, actor, None, form.values, content, form.errors)


@staff(Permission.MANAGE_VENUES)
async def one(request: Request, actor: Actor, venue_id: int) -> HTTPResponse:
    """Show the form of a zone."""
    venue = await venue_editing.one(actor, venue_id)
    content = _content_of(venue)
    return await _form(request, actor, venue, _values(content), content)


@staff(Permission.MANAGE_VENUES)
async def change(request: Request, actor: Actor, venue_id: int) -> HTTPResponse:
    """Change a zone. Who comes second sees what the first wrote beside their own."""
    venue = await venue_editing.one(actor, venue_id)
    form = Form(request)
    content = _content(form)
    theirs: dict[str, str] = {}
    if not form.errors:
        try:
            await venue_editing.change(actor, venue_id, content, edits=form.edits())
        except Invalid as wrong:
            form.errors["place"] = wrong.sentence
        except EditedMeanwhile as meanwhile:
            form.errors["place"] = meanwhile.sentence
            theirs = await _theirs(venue, form.values)
        else:
            return go_on(request, f"{_LIST}/{venue_id}", "已保存。")
    status = 409 if theirs else 422
    return await _form(
        request, actor, venue, form.values, content, form.errors, theirs=theirs, status=status
    )


@staff(Permission.MANAGE_VENUES)
async def close(request: Request, actor: Actor, venue_id: int) -> HTTPResponse:
    """Announce a closure."""
    form = Form(request)
    first = form.day("first_day", "第一天", required=True)
    last = form.day("last_day", "最后一天") or first
    reason = form.text("reason", "原因", longest=200, required=True)
    venue = await venue_editing.one(actor, venue_id)
    if first is not None and last is not None and not form.errors:
        today = zone_day(datetime.now(UTC))
        try:
            await venue_editing.announce_closure(actor, venue_id, first, last, reason, today=today)
        except Invalid as wrong:
            form.errors["first_day"] = wrong.sentence
        else:
            return go_on(request, f"{_LIST}/{venue_id}", "闭馆公告已发布。")
    content = _content_of(venue)
    values = _values(content) | form.values
    return await _form(request, actor, venue, values, content, form.errors)


@staff(Permission.MANAGE_VENUES)
async def call_off(request: Request, actor: Actor, venue_id: int, closure_id: int) -> HTTPResponse:
    """Take a closure back."""
    await venue_editing.call_off_closure(actor, venue_id, closure_id)
    return go_on(request, f"{_LIST}/{venue_id}", "闭馆公告已撤回。")


def _content(form: Form) -> VenueContent:
    """Return what was typed; mistakes are noted in the form."""
    parent = form.raw("parent_id")
    extra = [area for area in Area if area.value in form.chosen("extra_areas")]
    return VenueContent(
        place=form.text("place", "所在场所", longest=200, required=True),
        type=form.choice("type", "类型", VenueType) or VenueType.SERVICE_HALL,
        level=form.choice("level", "级别", VenueLevel) or VenueLevel.DISTRICT,
        parent_id=int(parent) if parent.isascii() and parent.isdigit() else None,
        extra_areas=tuple(extra),
        address=form.text("address", "地址", longest=300),
        phone=form.text("phone", "电话", longest=60),
        directions=form.text("directions", "怎么去", longest=2000),
        hours=read_hours_form(form),
        is_open_to_public=form.ticked("is_open_to_public"),
        accepts_for=tuple(form.numbers("accepts_for")),
    )


def _content_of(venue: Venue) -> VenueContent:
    return VenueContent(
        place=venue.place,
        type=venue.type,
        level=venue.level,
        parent_id=venue.parent_id,
        extra_areas=tuple(Area(value) for value in venue.extra_areas),
        address=venue.address,
        phone=venue.phone,
        directions=venue.directions,
        hours=read_hours(venue.hours),
        is_open_to_public=venue.is_open_to_public,
        accepts_for=tuple(agency.id for agency in venue.accepts_for),
    )


def _values(content: VenueContent) -> dict[str, str]:
    """Return a zone as the fields of its form, boxes to tick left aside."""
    return {
        "place": content.place,
        "type": content.type.value,
        "level": content.level.value,
        "parent_id": str(content.parent_id or ""),
        "address": content.address,
        "phone": content.phone,
        "directions": content.directions,
        **hours_values(content.hours),
    }


async def _theirs(venue: Venue, typed: dict[str, str]) -> dict[str, str]:
    """Return what is kept by now and differs from what was typed, by label."""
    names = {str(other.id): other.title for other in await Venue.all()}
    kept = _values(_content_of(venue))
    labels = _SHOWN_AGAIN | {name: "开放时间" for name in kept if name not in _SHOWN_AGAIN}
    return {
        f"{labels[name]}（{name}）" if name not in _SHOWN_AGAIN else labels[name]: (
            names.get(value, "无") if name == "parent_id" else value or "（空）"
        )
        for name, value in kept.items()
        if typed.get(name, "") != value
    }


async def _form(
    request: Request,
    actor: Actor,
    venue: Venue | None,
    values: dict[str, str],
    content: VenueContent,
    errors: dict[str, str] | None = None,
    *,
    theirs: dict[str, str] | None = None,
    status: int = 0,
) -> HTTPResponse:
    now = datetime.now(UTC)
    # A field that was left empty is not sent at all.
    shown = dict.fromkeys(("code", "first_day", "last_day", "reason", *_values(content)), "")
    others = [one for one in await venue_editing.visible_to(actor) if one is not venue]
    top = [("", "没有上级")] if actor.venue_ids is None else []
    return show(
        request,
        actor,
        "console/venue.html",
        status=status or (422 if errors else 200),
        venue=venue,
        values=shown | values,
        content=content,
        errors=errors or {},
        theirs=theirs or {},
        open_now=open_now(await venues.timetable_of(venue), now) if venue else "",
        closures=await venue_editing.closures_of(venue) if venue else [],
        days_written=days_written,
        types=[(kind.value, kind.label) for kind in VenueType],
        levels=[(level.value, level.label) for level in VenueLevel],
        parents=[*top, *((str(v.id), v.title) for v in others if not venue or v.id != venue.id)],
        extra_areas=[
            (area.value, area.label)
            for area in Area
            if area in VenueType.VILLAGE_STATION.optional_areas
        ],
        agencies=[(a.id, a.name) for a in await agencies.every() if a.is_active],
        weekdays=WEEKDAYS,
        seasons=range(SEASONS),
        holiday_choices=HOLIDAY_CHOICES,
        make_up_choices=MAKE_UP_CHOICES,
    )
