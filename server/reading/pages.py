"""The frame of the public pages: plain on a phone, with the kiosk's own controls at a kiosk."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from sanic import HTTPResponse, Request

from models.venue import Area
from server.context import context_of
from server.draft_cookie import is_filling_in
from server.visiting import device_of, is_kiosk, kiosk_name, venue_of

SIZES = ("1", "2", "3")
"""Steps of the letters' size: 28, 36 and 48 pixels at a kiosk, 18, 22 and 28 elsewhere."""
_KEPT = ("venue", "size")
"""What goes along from page to page."""


async def show(
    request: Request, template: str, *, status: int = 200, **values: object
) -> HTTPResponse:
    """Return a page in the frame.

    The template extends "reading/layout.html" and may use what is named here besides its values.
    """
    response = context_of(request).pages.show(
        template,
        status=status,
        venue=await venue_of(request),
        at_kiosk=await is_kiosk(request),
        is_enrolled=await device_of(request) is not None,
        kiosk_name=await kiosk_name(request),
        size=size_of(request),
        sizes=SIZES,
        link=lambda path, **query: link(request, path, **query),
        kept=_kept(request),
        is_applying=is_filling_in(request),
        takes_applications=Area.APPLICATIONS in (await venue_of(request)).areas,
        same=lambda **query: same(request, **query),
        day=day,
        **values,
    )
    response.headers["Vary"] = "Cookie"
    return response


def size_of(request: Request) -> str:
    """Return the size of the letters that was chosen."""
    size = request.args.get("size", "1")
    return size if size in SIZES else "1"


def link(request: Request, path: str, **query: object) -> str:
    """Return an address within these pages that keeps the zone and the size of the letters."""
    return _address(path, _kept(request) | query)


def same(request: Request, **query: object) -> str:
    """Return the address of this page with something else in its query; None takes it out."""
    present = {name: request.args.get(name) for name in request.args}
    return _address(request.path, present | query)


def day(value: date | None) -> str:
    """Return a day as people read it."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def _kept(request: Request) -> dict[str, object]:
    return {name: request.args.get(name) for name in _KEPT if request.args.get(name)}


def _address(path: str, query: dict[str, object]) -> str:
    path, mark, fragment = path.partition("#")
    wanted = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{path}{'?' if wanted else ''}{urlencode(wanted)}{mark}{fragment}"
