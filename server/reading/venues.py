"""The page of each zone, and the list of all."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.context import context_of
from services import venue_profiles


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/venues", name="venues")
    routes.add_route(one, "/venues/<code:str>", name="venue")


async def every(request: Request) -> HTTPResponse:
    """Show all zones."""
    shown = await venue_profiles.every(now=datetime.now(UTC))
    return context_of(request).pages.show("reading/venues.html", venues=shown)


async def one(request: Request, code: str) -> HTTPResponse:
    """Show a zone: its areas, where it is, when it is open, and where to go for what it has not."""
    shown = await venue_profiles.profile(code, now=datetime.now(UTC))
    return context_of(request).pages.show("reading/venue.html", venue=shown)
