"""The public page on which somebody makes a suggestion on openness work."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.venue import Area
from server.context import context_of
from server.rate_limit import TooManyRequests
from server.same_origin import address_of
from server.visiting import venue_of
from services import suggestions, venues
from services.errors import AreaMissing, Invalid, OpenZoneError
from services.left_questions import Receipt
from services.visitors_words import LONGEST_TEXT


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(form, "/suggestions", name="suggestions")
    routes.add_route(leave, "/suggestions", methods={"POST"}, name="leave_suggestion")


async def form(request: Request) -> HTTPResponse:
    """Show the form."""
    return await _page(request)


async def leave(request: Request) -> HTTPResponse:
    """Take it in, and show the number to ask after it."""
    context = context_of(request)
    text = str(request.form.get("text") or "") if request.form else ""
    try:
        context.suggestions_limit.note(address_of(request))
        receipt = await suggestions.leave(
            text.replace("\r\n", "\n"), venue=await venue_of(request), keys=context.parts.keys,
            now=datetime.now(UTC),
        )  # fmt: skip
    except TooManyRequests as often:
        return await _page(request, text=text, refused=often, status=429)
    except AreaMissing as missing:
        return await _page(request, text=text, refused=missing, status=403)
    except Invalid as wrong:
        return await _page(request, text=text, refused=wrong, status=422)
    return await _page(request, receipt=receipt, status=201)


async def _page(
    request: Request,
    *,
    text: str = "",
    refused: OpenZoneError | None = None,
    receipt: Receipt | None = None,
    status: int = 200,
) -> HTTPResponse:
    venue = await venue_of(request)
    instead = ""
    if Area.APPLICATIONS not in venue.areas:
        there = await venues.instead_of(venue, Area.APPLICATIONS, now=datetime.now(UTC))
        instead = there.sentence(venue)
    return context_of(request).pages.show(
        "reading/suggestions.html", status=status, text=text, receipt=receipt,
        sentence=refused.sentence if refused is not None else "", longest=LONGEST_TEXT,
        venue=venue, instead=instead,
    )  # fmt: skip
