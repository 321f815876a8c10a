"""The satisfaction page: how many touched which face, and which entries people are unhappy with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sanic import Blueprint, HTTPResponse, Request

from models.rating import Score
from server.console.pages import show
from server.console.staff_door import staff
from services import ratings
from services.access import Actor, Permission
from services.clock import zone_day

_DAYS = 30


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(listed, "/ratings", name="ratings")


@staff(Permission.SEE_LEDGER)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show the last days."""
    since = zone_day(datetime.now(UTC)) - timedelta(days=_DAYS - 1)
    return show(
        request, actor, "console/ratings.html", days=await ratings.by_day(actor, since),
        entries=await ratings.often_unsatisfying(actor, since),
        scores=sorted(Score, reverse=True), number_of_days=_DAYS,
    )  # fmt: skip
