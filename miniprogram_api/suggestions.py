"""A suggestion on openness work, and its answer by the number."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from miniprogram_api.questions import Receipt
from services import suggestions, venues
from services.inquiries import Kind


class LeaveSuggestion(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody suggests."""

    text: str
    """At most 500 characters, without numbers of identity or bank cards."""
    venue: str = ""
    """The code of the zone that it is for; without one, the installation's own zone."""


async def leave(request: Request) -> HTTPResponse:
    """Take in a suggestion."""
    form = msgspec.json.decode(request.body, type=LeaveSuggestion)
    context = request.app.ctx
    context.suggestions_limit.note(request.ctx.address)
    venue = await venues.first(form.venue or context.parts.settings.venue)
    receipt = await suggestions.leave(
        form.text, venue=venue, keys=context.parts.keys, now=datetime.now(UTC)
    )
    return json(Receipt(receipt.number, receipt.due_on.isoformat()), status=201)


async def show(request: Request, number: str) -> HTTPResponse:
    """Say how a suggestion stands, and what was answered."""
    inquiry = await request.app.ctx.look_up(request.ctx.address, unquote(number), Kind.SUGGESTION)
    return json(inquiry)
