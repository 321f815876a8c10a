"""Pages of the console: the frame around each, messages after a deed, and pages of long lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode

from sanic import HTTPResponse, Request
from sanic.response import redirect

from server.console.navigation import navigation
from server.context import context_of
from services.access import Actor
from services.clock import ZONE

_MESSAGE = "openzone_message"
_PAGE_SIZE = 50


def show(
    request: Request, actor: Actor, template: str, *, status: int = 200, **values: Any
) -> HTTPResponse:
    """Return a page in the console's frame.

    The template extends "console/layout.html" and may use what is named here besides its values.
    """
    message = unquote(request.cookies.get(_MESSAGE) or "")
    response = context_of(request).pages.show(
        template,
        status=status,
        actor=actor,
        navigation=navigation(actor, request.path),
        form_token_value=request.ctx.staff_session.form_token,
        message=message,
        local_time=local_time,
        local_day=local_day,
        **values,
    )
    if message:
        response.delete_cookie(_MESSAGE, path="/console")
    return response


def go_on(request: Request, path: str, message: str = "") -> HTTPResponse:
    """Return a redirect after a deed was done, with a sentence to show on the next page."""
    response = redirect(path, status=303)
    if message:
        response.add_cookie(
            _MESSAGE,
            quote(message),
            path="/console",
            httponly=True,
            samesite="Strict",
            secure=is_https(request),
        )
    return response


def is_https(request: Request) -> bool:
    """Return whether the browser came over HTTPS, be it to a proxy in front of this server."""
    return request.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"


def local_time(moment: datetime | None) -> str:
    """Return a moment as staff read it: 2026年11月24日 18:30."""
    return f"{moment.astimezone(ZONE):%Y年%m月%d日 %H:%M}" if moment else ""


def local_day(day: date | None) -> str:
    """Return a day as staff read it."""
    return f"{day:%Y年%m月%d日}" if day else ""


@dataclass(frozen=True)
class PageOfList:
    """Which part of a long list is shown, and how to get to the others."""

    number: int
    """Counts from 1."""
    total: int
    """Items in all."""
    query: dict[str, str]
    """The filters of the address, without the page."""
    size: int = _PAGE_SIZE

    @classmethod
    def of(cls, request: Request, total: int, size: int = _PAGE_SIZE) -> PageOfList:
        """Return the part that an address asks for with ?page=, the nearest that there is."""
        wanted = request.args.get("page", "1")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 1
        query = {name: request.args.get(name) for name in request.args if name != "page"}
        last = max(1, -(-total // size))
        return cls(min(max(1, number), last), total, query, size)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    def address(self, number: int) -> str:
        """Return the query that leads to another part of the same list."""
        return "?" + urlencode(self.query | {"page": str(number)})

    def leading_to(self, **changed: str) -> str:
        """Return the query that leads to the first part of a list with other filters."""
        query = {name: value for name, value in (self.query | changed).items() if value}
        return "?" + urlencode(query)
