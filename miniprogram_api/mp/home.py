"""The home of the zone whose code was scanned."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.sessions import open_to_all
from miniprogram_api.mp.venues_scanned import venue_of
from services import scanned_home


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(home, "/home", name="home")


@open_to_all
async def home(request: Request) -> HTTPResponse:
    """Show the zone that was scanned (?scene=), or chosen (?venue=)."""
    scene, now = request.args.get("scene", ""), datetime.now(UTC)
    if scene:
        return json(await scanned_home.of_scene(scene, now=now))
    return json(await scanned_home.of_venue(await venue_of(request), now=now))
