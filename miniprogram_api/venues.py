"""Zones: all of them, and one with its areas and hours."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from services import venue_profiles
from services.venue_profiles import VenueInList


class VenuesReply(msgspec.Struct, frozen=True):
    """All zones in use, the higher levels first."""

    venues: list[VenueInList]


async def every(_request: Request) -> HTTPResponse:
    """List the zones."""
    return json(VenuesReply(await venue_profiles.every(now=datetime.now(UTC))))


async def one(_request: Request, code: str) -> HTTPResponse:
    """Show one zone."""
    return json(await venue_profiles.profile(code, now=datetime.now(UTC)))
