"""Asking how an application stands, by its query code and a second fact."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.context import context_of
from server.rate_limit import TooManyRequests
from server.reading.applying import show_applying, spoken
from server.same_origin import address_of
from server.visiting import is_kiosk
from services.application_numbers import WrongQueryCode
from services.application_status import Status

_LONGEST = 60


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(form, "/apply/status", name="apply_status")
    routes.add_route(look_up, "/apply/status", methods={"POST"}, name="look_up_application")


async def form(request: Request) -> HTTPResponse:
    """Ask for the code, which a receipt's code brings along, and for the second fact."""
    return await _page(request, code=request.args.get("code", "")[:_LONGEST])


async def look_up(request: Request) -> HTTPResponse:
    """Show how it stands. What is posted stays out of addresses and histories."""
    code, second_fact = _sent(request, "code"), _sent(request, "second_fact")
    try:
        found = await context_of(request).application_status(
            address_of(request), code, second_fact, now=datetime.now(UTC)
        )
    except WrongQueryCode as wrong:
        return await _page(request, code=code, sentence=wrong.sentence, status=404)
    except TooManyRequests as often:
        return await _page(request, code=code, sentence=often.sentence, status=429)
    return await _page(request, shown=found)


async def _page(
    request: Request,
    *,
    code: str = "",
    sentence: str = "",
    shown: Status | None = None,
    status: int = 200,
) -> HTTPResponse:
    says = shown is not None and await is_kiosk(request) and context_of(request).speech.speaks
    return await show_applying(
        request,
        "reading/apply_status.html",
        status=status,
        code=code,
        sentence=sentence,
        shown=shown,
        # What is said of somebody's application is never kept as a sound.
        speech=spoken(request, f"{shown.sentence}{shown.next_step}", keep=False)
        if says and shown is not None
        else [],
    )


def _sent(request: Request, name: str) -> str:
    return str(request.form.get(name) or "")[:_LONGEST] if request.form else ""
