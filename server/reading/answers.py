"""The public page on which somebody reads the answer by the number they were given."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from server.context import context_of
from server.rate_limit import TooManyRequests
from server.same_origin import address_of
from services.inquiries import Inquiry
from services.query_numbers import WrongNumber

_LONGEST_NUMBER = 30


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(form, "/answers", name="answers")
    routes.add_route(read, "/answers", methods={"POST"}, name="read_answer")


async def form(request: Request) -> HTTPResponse:
    """Show the form."""
    return _page(request)


async def read(request: Request) -> HTTPResponse:
    """Show how it stands. A number that is posted stays out of addresses and histories."""
    number = str(request.form.get("number") or "")[:_LONGEST_NUMBER] if request.form else ""
    try:
        inquiry = await context_of(request).look_up(address_of(request), number)
    except WrongNumber as wrong:
        return _page(request, number=number, sentence=wrong.sentence, status=404)
    except TooManyRequests as often:
        return _page(request, number=number, sentence=often.sentence, status=429)
    return _page(request, inquiry=inquiry)


def _page(
    request: Request,
    *,
    number: str = "",
    sentence: str = "",
    inquiry: Inquiry | None = None,
    status: int = 200,
) -> HTTPResponse:
    return context_of(request).pages.show(
        "reading/answers.html", status=status, number=number, sentence=sentence, inquiry=inquiry
    )
