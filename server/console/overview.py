"""What staff see first: who waits for help, what is loaded, which engines run."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from models.help_call import HelpCall
from server.console.pages import show
from server.console.staff_door import staff
from server.context import context_of
from server.engines import open_model_store
from server.readiness import readiness
from services import help_calls, holdings, left_questions
from services.access import Actor, Permission


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(overview, "/", name="overview", strict_slashes=False)
    routes.add_route(calls, "/help-calls", name="calls")
    routes.add_route(
        take_call, "/help-calls/<call_id:int>/taken", methods={"POST"}, name="take_call"
    )


@staff(None)
async def overview(request: Request, actor: Actor) -> HTTPResponse:
    """Show everything at once."""
    context = context_of(request)
    store = open_model_store(context.parts.settings)
    may_read = actor.may(Permission.ANSWER)
    return show(
        request,
        actor,
        "console/overview.html",
        readiness=await readiness(context),
        holdings=await holdings.count(),
        recogniser_note=context.parts.recogniser_note,
        synthesiser_note=context.parts.synthesiser_note,
        models=await asyncio.to_thread(store.status),
        left=await left_questions.newest(keys=context.parts.keys) if may_read else [],
        **await _calls(),
    )


@staff(None, is_active=False)
async def calls(request: Request, actor: Actor) -> HTTPResponse:
    """Show the open calls only; the overview fetches this every other second."""
    return show(request, actor, "console/calls.html", **await _calls())


@staff(Permission.TAKE_CALLS)
async def take_call(request: Request, _actor: Actor, call_id: int) -> HTTPResponse:
    """Note that somebody goes to the kiosk."""
    await help_calls.take(call_id, taken_at=datetime.now(UTC))
    return redirect("/console", status=303)


async def _calls() -> dict[str, Any]:
    waiting: list[HelpCall] = await help_calls.waiting()
    now = datetime.now(UTC)
    minutes = {call.id: int((now - call.called_at).total_seconds() // 60) for call in waiting}
    return {"calls": waiting, "minutes": minutes}
