"""Pages of the console: the frame around each, messages after a deed, and pages of long lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import quote, unquote

from sanic import HTTPResponse, Request
from sanic.response import redirect

from server.console.navigation import navigation
from server.context import context_of
from server.paging import PageOfList
from server.same_origin import is_https
from services.access import Actor
from services.clock import ZONE

__all__ = ["PageOfList", "go_on", "local_day", "local_time", "show"]

_MESSAGE = "openzone_message"


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


def local_time(moment: datetime | None) -> str:
    """Return a moment as staff read it: 2026年11月24日 18:30."""
    return f"{moment.astimezone(ZONE):%Y年%m月%d日 %H:%M}" if moment else ""


def local_day(day: date | None) -> str:
    """Return a day as staff read it."""
    return f"{day:%Y年%m月%d日}" if day else ""
