"""Who may call: every route of the mini-program is for those who signed in, or open to all.

A phone carries its token in the header Authorization, as Bearer; also where it opens a socket. It
has no cookies, so that no page of another site can use what it may do.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from sanic import Request

from models.citizen import Citizen
from services import citizen_sessions
from services.errors import NotSignedIn

Handler = Callable[..., Coroutine[Any, Any, Any]]
_SCHEME = "bearer "
_MARK = "for_signed_in"


def signed_in(handler: Handler) -> Handler:
    """Let only those call it who signed in; they are its second argument."""

    @wraps(handler)
    async def admitted(request: Request, *arguments: Any, **path: Any) -> Any:
        citizen: Citizen = request.ctx.citizen
        return await handler(request, citizen, *arguments, **path)

    setattr(admitted, _MARK, True)
    return admitted


def open_to_all(handler: Handler) -> Handler:
    """Let everybody call it, signed in or not."""
    setattr(handler, _MARK, False)
    return handler


def is_for_signed_in(handler: Callable[..., Any]) -> bool:
    """Return whether a route is for those who signed in. Raises AttributeError if it does not say."""
    # Sanic wraps what takes up a socket.
    own = getattr(handler, "args", (handler,))[0]
    return bool(getattr(own, _MARK))


async def admit(request: Request) -> None:
    """Find out who calls, where that matters. Raises NotSignedIn, SessionEnded."""
    if request.route is not None and is_for_signed_in(request.route.handler):
        request.ctx.citizen = await citizen_sessions.find(token_of(request), now=datetime.now(UTC))


async def visitor_of(request: Request) -> Citizen | None:
    """Return who calls what is open to all, None for whoever did not sign in.

    Raises NotSignedIn, SessionEnded for a token that is worth nothing.
    """
    if "authorization" not in request.headers:
        return None
    return await citizen_sessions.find(token_of(request), now=datetime.now(UTC))


def token_of(request: Request) -> str:
    """Return the token that a request carries. Raises NotSignedIn."""
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(_SCHEME) or not given.isascii():
        raise NotSignedIn("There is no bearer token.")
    return given[len(_SCHEME) :].strip()
