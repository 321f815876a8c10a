"""Which zone a phone is at: the one whose code it scanned."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from sanic import Request

from miniprogram_api.operation import Parameter
from models.venue import Venue
from services import venues

VENUE = Parameter(
    *("venue", "query", "专区代码（扫码得到）；不写就是本系统的专区", "zone"),
    schema={"type": "string", "default": ""},
)


class _Place(msgspec.Struct):
    venue: str = ""


async def venue_of(request: Request, code: str = "") -> Venue:
    """Return the zone that a phone is at: that of a code, else the one that the address or the JSON
    body names (venue), else this installation's own.

    Raises NotFound for a code that no zone has.
    """
    named = code or request.args.get("venue") or _named_in_body(request)
    return await venues.first(named or request.app.ctx.parts.settings.venue)


def _named_in_body(request: Request) -> str:
    if "json" in request.headers.get("content-type", ""):
        # Whatever cannot be read names no zone; a body without a floor ends in a RecursionError.
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return msgspec.json.decode(request.body, type=_Place).venue
    return ""
