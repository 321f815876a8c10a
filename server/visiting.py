"""Which zone a visitor is at, and which kiosk they stand before."""

from __future__ import annotations

from sanic import Request

from models.device import Device
from models.venue import Venue
from server.context import context_of
from server.same_origin import is_this_machine
from services import devices, venues

DEVICE_COOKIE = "openzone_kiosk"


async def device_of(request: Request) -> Device | None:
    """Return the enrolled kiosk that sends a request, None for any other browser.

    Asked of the database each time: a kiosk that was revoked is none at its next request.
    """
    if not hasattr(request.ctx, "device"):
        token = request.cookies.get(DEVICE_COOKIE)
        request.ctx.device = await devices.with_token(token) if token else None
    device: Device | None = request.ctx.device
    return device


async def venue_of(request: Request) -> Venue:
    """Return the zone that a visitor is at: their kiosk's, else the one named in the address
    (?venue=CODE), else this installation's own. A kiosk stands where it stands: its own pages
    do not look at the address.

    Raises NotFound for a code that no zone has.
    """
    device = await device_of(request)
    if device is not None:
        return device.venue
    named = None if _is_kiosk_page(request) else request.args.get("venue")
    return await venues.first(named or context_of(request).parts.settings.venue)


async def is_kiosk(request: Request) -> bool:
    """Return whether a request comes from a kiosk: an enrolled one, or a browser on this machine.

    A kiosk on the machine that serves it needs no enrolment. One that was enrolled and revoked is
    none, wherever it is.
    """
    if request.cookies.get(DEVICE_COOKIE):
        return await device_of(request) is not None
    return is_this_machine(request)


async def kiosk_name(request: Request) -> str:
    """Return what staff call the kiosk that sends a request."""
    device = await device_of(request)
    return device.name if device is not None else context_of(request).parts.settings.kiosk_name


def _is_kiosk_page(request: Request) -> bool:
    return request.path == "/kiosk" or request.path.startswith("/kiosk/")
