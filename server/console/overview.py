"""What staff see first: what is loaded, which engines run, what was left."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.console.pages import show
from server.console.staff_door import staff
from server.context import context_of
from server.engines import open_model_store
from server.readiness import readiness
from services import display_items, holdings, question_desk
from services.access import Actor, Permission
from services.clock import zone_day


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(overview, "/", name="overview", strict_slashes=False)


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
        overdue=await display_items.overdue(actor, zone_day(datetime.now(UTC)))
        if actor.may(Permission.WRITE_DOCUMENTS)
        else [],
        waiting=await question_desk.counts(actor, datetime.now(UTC)) if may_read else None,
    )
