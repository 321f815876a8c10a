"""Which draft of an application a browser is filling in.

The cookie holds the draft's code, encrypted and signed: no script reads it, nobody can make one up,
so that the page on which a code is typed stays the only place to guess at. It ends with the browser.
At a kiosk it counts for a while only, and the kiosk's first page takes it away: the next visitor
finds nothing, even where no script asked whether anybody is there. An address would stay in the
browser's history and could be read over somebody's shoulder.
"""

from __future__ import annotations

import time

from sanic import HTTPResponse, Request

from server.context import context_of
from server.same_origin import is_https
from server.visiting import is_kiosk

_COOKIE = "openzone_draft"
_PATH = "/"
_AT_A_KIOSK_S = 15 * 60
"""How long a page at a kiosk may stay open before it is taken for left."""


async def code_in(request: Request) -> str | None:
    """Return the code of the draft that a browser is filling in, None where there is none."""
    sealed = request.cookies.get(_COOKIE)
    if not sealed or not sealed.isascii():
        return None
    code, _, since = context_of(request).parts.keys.decrypt(sealed.encode()).partition(" ")
    if not since.isdigit():
        return None
    is_left = time.time() - int(since) > _AT_A_KIOSK_S and await is_kiosk(request)
    return None if is_left else code


def is_filling_in(request: Request) -> bool:
    """Return whether a browser may be filling in an application; pages then lead back to it."""
    return bool(request.cookies.get(_COOKIE))


def remember(request: Request, response: HTTPResponse, code: str) -> None:
    """Let a browser fill a draft in."""
    sealed = context_of(request).parts.keys.encrypt(f"{code} {int(time.time())}")
    response.add_cookie(
        _COOKIE, sealed.decode(), path=_PATH, httponly=True, samesite="Strict",
        secure=is_https(request), host_prefix=False,
    )  # fmt: skip


def forget(request: Request, response: HTTPResponse) -> None:
    """Let a browser know of no draft any more."""
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, path=_PATH)
