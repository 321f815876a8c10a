"""The synonyms page: everyday words for official terms."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import synonyms
from services.access import Actor, Permission
from services.errors import Invalid

_PATH = "/console/synonyms"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(listed, "/synonyms", name="synonyms")
    routes.add_route(add, "/synonyms", methods={"POST"}, name="add_synonym")
    routes.add_route(
        remove, "/synonyms/<synonym_id:int>/remove", methods={"POST"}, name="remove_synonym"
    )


@staff(Permission.WRITE_QUESTIONS)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show every synonym and the form for one more."""
    return await _page(request, actor, {}, "")


@staff(Permission.WRITE_QUESTIONS)
async def add(request: Request, actor: Actor) -> HTTPResponse:
    """Add one."""
    form = Form(request)
    note = form.text("note", "说明", longest=synonyms.LONGEST_NOTE)
    try:
        row = await synonyms.add(
            actor, everyday=form.raw("everyday"), official=form.raw("official"), note=note
        )
    except Invalid as mistake:
        return await _page(request, actor, form.values, mistake.sentence)
    return go_on(request, _PATH, f"以后说“{row.everyday}”，也会按“{row.official}”查找。")


@staff(Permission.WRITE_QUESTIONS)
async def remove(request: Request, actor: Actor, synonym_id: int) -> HTTPResponse:
    """Remove one."""
    await synonyms.remove(actor, synonym_id)
    return go_on(request, _PATH, "已删除。")


async def _page(
    request: Request, actor: Actor, values: dict[str, str], mistake: str
) -> HTTPResponse:
    return show(
        request,
        actor,
        "console/synonyms.html",
        status=422 if mistake else 200,
        rows=await synonyms.kept(actor),
        may_keep=synonyms.may_keep(actor),
        values=values,
        mistake=mistake,
        longest=synonyms.LONGEST_WORD,
        longest_note=synonyms.LONGEST_NOTE,
    )
