"""Calls for help: the list, what a page is told of them, and who goes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from server.call_bell import look, own_venues
from server.console.pages import go_on, show
from server.console.staff_door import session_of, staff
from server.context import context_of
from services import help_calls
from services.access import Actor, Permission, actor_of
from services.errors import Conflict

_LOOK_AT_SESSION_SECONDS = 5.0
"""A stream ends this long after its session at the latest. It is its heartbeat, too."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(page, "/help-calls", name="calls")
    routes.add_route(listed, "/help-calls/open", name="open_calls")
    routes.add_route(state, "/help-calls/state", name="calls_state")
    routes.add_route(stream, "/help-calls/stream", name="calls_stream")
    routes.add_route(
        take_call, "/help-calls/<call_id:int>/taken", methods={"POST"}, name="take_call"
    )
    routes.add_route(
        close_call, "/help-calls/<call_id:int>/closed", methods={"POST"}, name="close_call"
    )


@staff(Permission.TAKE_CALLS)
async def page(request: Request, actor: Actor) -> HTTPResponse:
    """Show who waits, who went, and how long the last ones waited."""
    return show(
        request,
        actor,
        "console/help_calls.html",
        closed=await help_calls.closed_lately(actor),
        **await _open(actor),
    )


@staff(Permission.TAKE_CALLS, is_active=False)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show the open calls alone, for a page to put in its place."""
    return show(request, actor, "console/calls.html", **await _open(actor))


@staff(Permission.TAKE_CALLS, is_active=False)
async def state(_request: Request, actor: Actor) -> HTTPResponse:
    """Tell a page that cannot hold a stream what rings."""
    return json((await look()).told_to(actor, await own_venues(actor)))


@staff(Permission.TAKE_CALLS, is_active=False)
async def stream(request: Request, actor: Actor) -> None:
    """Tell a page of every change for as long as its session lasts, as server-sent events."""
    bell = context_of(request).calls
    seal_key = context_of(request).parts.keys.sealing
    # Proxies hold events back unless told not to.
    response = await request.respond(
        content_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
    assert response is not None, "respond() returns a response unless one was sent already"
    async with bell.listening():
        own, told, looked_at = await own_venues(actor), None, time.monotonic()
        while not bell.is_closing:
            seen = bell.snapshot
            telling = seen.told_to(actor, own)
            if telling != told:
                await response.send(_event("calls", telling))
                told = telling
            await bell.next(seen, _LOOK_AT_SESSION_SECONDS)
            if time.monotonic() - looked_at >= _LOOK_AT_SESSION_SECONDS:
                looked_at = time.monotonic()
                session = await session_of(request)
                if session is None:
                    await response.send(_event("ended", None))
                    break
                # Roles and zones change, too.
                actor = await actor_of(session.staff, seal_key)
                own = await own_venues(actor)
                if not actor.may(Permission.TAKE_CALLS):
                    break
                await response.send(":\n\n")
    await response.eof()


@staff(Permission.TAKE_CALLS)
async def take_call(request: Request, actor: Actor, call_id: int) -> HTTPResponse:
    """Note that somebody goes to the kiosk."""
    try:
        await help_calls.take(actor, call_id, now=datetime.now(UTC))
    except Conflict as late:
        return go_on(request, "/console/help-calls", late.sentence)
    return go_on(request, "/console/help-calls", "已经告诉群众有人过来了。办完以后请点“办结”。")


@staff(Permission.TAKE_CALLS)
async def close_call(request: Request, actor: Actor, call_id: int) -> HTTPResponse:
    """Note that a call is done with."""
    await help_calls.close(actor, call_id, now=datetime.now(UTC))
    return go_on(request, "/console/help-calls", "这次呼叫已经办结。")


async def _open(actor: Actor) -> dict[str, Any]:
    calls = [c for c in await help_calls.open_calls() if actor.works_on(c.venue_id)]
    return {"calls": calls, "now": datetime.now(UTC)}


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {msgspec.json.encode(data).decode()}\n\n"
