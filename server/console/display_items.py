"""What lies open in the reading area: the list, the form for each, and that it was replaced."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.display_item import DisplayItem, DisplayKind
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.scopes import SHARED, venue_value, zones_of
from server.console.staff_door import staff
from services import display_items, documents
from services.access import Actor, Permission
from services.clock import zone_day
from services.display_items import Wanted
from services.errors import EditedMeanwhile, Invalid, NotFound

_LIST = "/console/display-items"
_LONGEST_WAIT_DAYS = 3660


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/display-items", name="display_items")
    routes.add_route(new, "/display-items/new", name="new_display_item")
    routes.add_route(add, "/display-items/new", name="add_display_item", methods={"POST"})
    routes.add_route(one, "/display-items/<item_id:int>", name="display_item")
    routes.add_route(
        change, "/display-items/<item_id:int>", name="change_display_item", methods={"POST"}
    )
    routes.add_route(
        replaced,
        "/display-items/<item_id:int>/replaced",
        name="replaced_display_item",
        methods={"POST"},
    )
    routes.add_route(
        take_down, "/display-items/<item_id:int>/take-down", name="take_down_item", methods={"POST"}
    )


@staff(Permission.WRITE_DOCUMENTS)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show what is on display, and what is overdue."""
    items = await display_items.kept_by(actor, _today())
    return show(
        request, actor, "console/display_items.html", items=items, keeps=bool(await zones_of(actor))
    )


@staff(Permission.WRITE_DOCUMENTS)
async def new(request: Request, actor: Actor) -> HTTPResponse:
    """Show the form for something else on display."""
    values = {"replace_every_days": "365", "position": "0"}
    return await _form(request, actor, None, values, {}, edits=0)


@staff(Permission.WRITE_DOCUMENTS)
async def add(request: Request, actor: Actor) -> HTTPResponse:
    """Put something on display."""
    form = Form(request)
    wanted = await _wanted(form, actor)
    if wanted is not None:
        try:
            await display_items.put_up(actor, wanted, today=_today())
        except Invalid as wrong:
            form.errors["document"] = wrong.sentence
        else:
            return go_on(request, _LIST, f"已陈列“{wanted.title}”。")
    return await _form(request, actor, None, form.values, form.errors, edits=0)


@staff(Permission.WRITE_DOCUMENTS)
async def one(request: Request, actor: Actor, item_id: int) -> HTTPResponse:
    """Show the form of something on display."""
    item = await display_items.find(actor, item_id)
    return await _form(request, actor, item, _values(item), {}, edits=item.edits)


@staff(Permission.WRITE_DOCUMENTS)
async def change(request: Request, actor: Actor, item_id: int) -> HTTPResponse:
    """Change it. Who comes second sees what the first wrote beside their own."""
    form = Form(request)
    edits = form.edits()
    wanted = await _wanted(form, actor)
    theirs: dict[str, str] | None = None
    if wanted is not None:
        try:
            await display_items.change(actor, item_id, wanted, edits=edits)
        except Invalid as wrong:
            form.errors["document"] = wrong.sentence
        except EditedMeanwhile as meanwhile:
            form.errors["title"] = meanwhile.sentence
            theirs = _values(await display_items.find(actor, item_id))
        else:
            return go_on(request, _LIST, "已保存。")
    item = await display_items.find(actor, item_id)
    return await _form(
        request, actor, item, form.values, form.errors,
        edits=edits if theirs is None else item.edits, theirs=theirs,
    )  # fmt: skip


@staff(Permission.WRITE_DOCUMENTS)
async def replaced(request: Request, actor: Actor, item_id: int) -> HTTPResponse:
    """Note that it was replaced today."""
    await display_items.replaced(actor, item_id, on=_today())
    return go_on(request, _LIST, "已记下今天更换。")


@staff(Permission.WRITE_DOCUMENTS)
async def take_down(request: Request, actor: Actor, item_id: int) -> HTTPResponse:
    """Take it off display."""
    await display_items.take_down(actor, item_id)
    return go_on(request, _LIST, "已不再陈列。")


async def _wanted(form: Form, actor: Actor) -> Wanted | None:
    """Return what a form says, None with errors in the form where it cannot be used."""
    kind = form.choice("kind", "种类", DisplayKind)
    title = form.text("title", "名称", longest=200, required=True)
    every_days = form.number("replace_every_days", "更换周期", least=0, most=_LONGEST_WAIT_DAYS)
    position = form.number("position", "顺序", least=0, most=9999)
    venue = form.raw("venue")
    if venue not in dict(await zones_of(actor)):
        form.errors["venue"] = "请选择陈列在哪个专区。"
    document_id = await _document(form)
    if kind is None or form.errors:
        return None
    venue_id = None if venue == SHARED else int(venue)
    return Wanted(kind, title, venue_id, document_id, every_days, position)


async def _document(form: Form) -> int | None:
    typed = form.text("document", "文件", longest=200)
    if not typed:
        return None
    try:
        return (await documents.published(typed)).id
    except NotFound:
        form.errors["document"] = "没有找到已发布的这份文件，请核对编号或文号。"
        return None


def _values(item: DisplayItem) -> dict[str, str]:
    return {
        "kind": item.kind.value,
        "title": item.title,
        "venue": venue_value(item.venue_id),
        "document": "" if item.document_id is None else str(item.document_id),
        "replace_every_days": str(item.replace_every_days),
        "position": str(item.position),
    }


async def _form(
    request: Request,
    actor: Actor,
    item: DisplayItem | None,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    edits: int,
    theirs: dict[str, str] | None = None,
) -> HTTPResponse:
    names = ("kind", "title", "venue", "document", "replace_every_days", "position")
    status = 409 if theirs else 422 if errors else 200
    return show(
        request, actor, "console/display_item.html", status=status,
        item=item, values=dict.fromkeys(names, "") | values, errors=errors,
        edits_shown=edits, theirs=theirs, works=item is None or actor.works_on(item.venue_id),
        venues=await zones_of(actor), kinds=[(k.value, k.label) for k in DisplayKind],
    )  # fmt: skip


def _today() -> date:
    return zone_day(datetime.now(UTC))
