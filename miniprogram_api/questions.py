"""A question left for the staff, and its answer by the number."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from services import left_questions, venues
from services.inquiries import Kind


class LeaveQuestion(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody wants staff to answer."""

    text: str
    """In one's own words; at most 500 characters, without numbers of identity or bank cards."""
    venue: str = ""
    """The code of the zone whose staff answer; without one, the installation's own zone."""


class Receipt(msgspec.Struct, frozen=True):
    """What to keep for asking after it."""

    number: str
    due_on: str
    """ISO date of the day by which staff answer."""


async def leave(request: Request) -> HTTPResponse:
    """Keep a question for the staff of a zone."""
    form = msgspec.json.decode(request.body, type=LeaveQuestion)
    context = request.app.ctx
    context.left_questions_limit.note(request.ctx.address)
    venue = await venues.first(form.venue or context.parts.settings.venue)
    receipt = await left_questions.leave(
        form.text, venue=venue, keys=context.parts.keys, now=datetime.now(UTC)
    )
    return json(Receipt(receipt.number, receipt.due_on.isoformat()), status=201)


async def show(request: Request, number: str) -> HTTPResponse:
    """Say how a question stands, and what was answered."""
    inquiry = await request.app.ctx.look_up(request.ctx.address, unquote(number), Kind.QUESTION)
    return json(inquiry)
