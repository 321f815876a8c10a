"""The lock of the console: who is signed in, what they may do, and that the form is ours."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import quote

from sanic import HTTPResponse, Request
from sanic.response import redirect

from models.staff import StaffSession
from server.context import context_of
from server.errors import wants_html
from services import staff_sessions
from services.access import Actor, Permission, actor_of
from services.errors import NotAllowed, NotSignedIn

COOKIE = "openzone_staff"
FORM_TOKEN = "form_token"
FORM_TOKEN_HEADER = "x-form-token"
NEW_PASSWORD = "/console/new-password"

StaffHandler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


class ForeignForm(NotAllowed):
    """A form without this session's token: from another page, or from a session that ended."""

    code = "foreign_form"
    sentence = "页面已经过期，请返回上一页，刷新后再提交一次。"


def staff(
    permission: Permission | None,
    *,
    is_active: bool = True,
    with_any_password: bool = False,
) -> Callable[[StaffHandler], StaffHandler]:
    """Let a handler be called by signed-in staff with a permission, as handler(request, actor, …).

    None lets every role in. `is_active=False` is for what a page fetches by itself: it does not
    keep a session from ending. Whoever must change their password gets to nothing else, apart from
    handlers `with_any_password`. Everything but GET and HEAD needs the session's form token.
    """

    def lock(handler: StaffHandler) -> StaffHandler:
        @wraps(handler)
        async def locked(request: Request, **rest: Any) -> HTTPResponse | None:
            session = await session_of(request, is_active=is_active)
            if session is None:
                if request.method in {"GET", "HEAD"} and wants_html(request):
                    return redirect(f"/console/sign-in?next={quote(_address(request))}", status=303)
                raise NotSignedIn("There is no session.")
            request.ctx.staff_session = session
            if request.method not in {"GET", "HEAD"}:
                _require_form_token(request, session)
            if session.staff.must_change_password and not with_any_password:
                return redirect(NEW_PASSWORD, status=303)
            actor = await actor_of(session.staff, context_of(request).parts.keys.sealing)
            if permission is not None:
                actor.require(permission)
            return await handler(request, actor, **rest)

        locked.permission = permission  # type: ignore[attr-defined]
        return locked

    return lock


async def session_of(request: Request, *, is_active: bool = False) -> StaffSession | None:
    """Return the session of whoever sends a request, None where nobody is signed in."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    return await staff_sessions.find(token, now=datetime.now(UTC), is_active=is_active)


def is_permitted(actor: Actor, permission: Permission | None) -> bool:
    """Return whether a link is worth showing."""
    return permission is None or actor.may(permission)


def _require_form_token(request: Request, session: StaffSession) -> None:
    # A body that streams is not read yet: what sends one says its token in a header.
    given = request.headers.get(FORM_TOKEN_HEADER, "")
    if not given and request.form is not None:
        given = str(request.form.get(FORM_TOKEN, ""))
    if not hmac.compare_digest(given.encode(), session.form_token.encode()):
        raise ForeignForm("The form token is not this session's.")


def _address(request: Request) -> str:
    return f"{request.path}?{request.query_string}" if request.query_string else request.path
