"""The notices of a zone, on a plain page."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.reading.pages import show
from server.visiting import venue_of
from services import notice_board
from services.cards.sources import moment_words


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/notices", name="public_notices")
    routes.add_route(one, "/notices/<notice_id:int>", name="public_notice")


async def every(request: Request) -> HTTPResponse:
    """Show what is public now: emergencies first, then the newest."""
    venue = await venue_of(request)
    rows = await notice_board.on_page(venue.id, datetime.now(UTC))
    return await show(request, "reading/notices.html", notices=rows, moment_words=moment_words)


async def one(request: Request, notice_id: int) -> HTTPResponse:
    """Show one. Raises Withdrawn, NotFound."""
    notice = await notice_board.find(notice_id, datetime.now(UTC))
    return await show(request, "reading/notice.html", notice=notice, moment_words=moment_words)
