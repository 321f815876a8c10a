"""The suggestions page: what people suggest, and the answers to it."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.console.forms import Form
from server.console.pages import PageOfList, go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import suggestion_desk
from services.access import Actor, Permission
from services.errors import EditedMeanwhile, Invalid, OpenZoneError
from services.suggestion_desk import LONGEST_ANSWER

_PATH = "/console/suggestions"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/suggestions/<suggestion_id:int>"
    routes.add_route(listed, "/suggestions", name="suggestions")
    routes.add_route(shown, one, name="suggestion")
    routes.add_route(answer, f"{one}/answer", methods={"POST"}, name="answer_suggestion")
    routes.add_route(close, f"{one}/close", methods={"POST"}, name="close_suggestion")
    routes.add_route(clear, f"{one}/clear", methods={"POST"}, name="clear_suggestion")


@staff(Permission.ANSWER_SUGGESTIONS)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show what waits, or with ?done=1 what is done."""
    is_open = request.args.get("done", "") != "1"
    asked = PageOfList.of(request, 10**6)
    rows, total = await suggestion_desk.work_list(
        actor, is_open=is_open, offset=asked.offset, limit=asked.size
    )
    now = datetime.now(UTC)
    return show(
        request, actor, "console/suggestions.html", rows=rows, is_open=is_open, now=now,
        part=PageOfList.of(request, total), counts=await suggestion_desk.counts(actor, now),
    )  # fmt: skip


@staff(Permission.ANSWER_SUGGESTIONS)
async def shown(request: Request, actor: Actor, suggestion_id: int) -> HTTPResponse:
    """Show one suggestion with its words."""
    return await _page(request, actor, suggestion_id)


@staff(Permission.ANSWER_SUGGESTIONS)
async def answer(request: Request, actor: Actor, suggestion_id: int) -> HTTPResponse:
    """Answer."""
    form = Form(request)
    try:
        await suggestion_desk.answer(
            actor, suggestion_id, form.raw("answer").replace("\r\n", "\n"), edits=form.edits(),
            keys=context_of(request).parts.keys, now=datetime.now(UTC),
        )  # fmt: skip
    except (Invalid, EditedMeanwhile) as refused:
        return await _page(request, actor, suggestion_id, form.raw("answer"), refused)
    return go_on(request, f"{_PATH}/{suggestion_id}", "已答复，群众凭编号就能看到。")


@staff(Permission.ANSWER_SUGGESTIONS)
async def close(request: Request, actor: Actor, suggestion_id: int) -> HTTPResponse:
    """Set it aside."""
    try:
        await suggestion_desk.close(actor, suggestion_id, edits=Form(request).edits())
    except EditedMeanwhile as refused:
        return await _page(request, actor, suggestion_id, "", refused)
    return go_on(request, _PATH, "已办结。")


@staff(Permission.ANSWER_SUGGESTIONS)
async def clear(request: Request, actor: Actor, suggestion_id: int) -> HTTPResponse:
    """Note that somebody looked at it and found it harmless."""
    form = Form(request)
    try:
        await suggestion_desk.clear(actor, suggestion_id, edits=form.edits())
    except EditedMeanwhile as refused:
        return await _page(request, actor, suggestion_id, "", refused)
    return go_on(request, f"{_PATH}/{suggestion_id}", "已记为核看通过。")


async def _page(
    request: Request,
    actor: Actor,
    suggestion_id: int,
    typed: str = "",
    refused: OpenZoneError | None = None,
) -> HTTPResponse:
    opened = await suggestion_desk.open_suggestion(
        actor, suggestion_id, keys=context_of(request).parts.keys, now=datetime.now(UTC)
    )
    status = 200
    if refused is not None:
        status = 409 if isinstance(refused, EditedMeanwhile) else 422
    return show(
        request, actor, "console/suggestion.html", status=status, opened=opened, typed=typed,
        sentence=refused.sentence if refused is not None else "", longest_answer=LONGEST_ANSWER,
    )  # fmt: skip
