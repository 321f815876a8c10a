"""How a machine becomes a kiosk: a short code typed once, a token in a cookie from then on."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import structlog
from sanic import HTTPResponse, Request
from sanic.response import empty, redirect

from models.ledger_count import Counted
from server.context import context_of
from server.rate_limit import TooManyRequests
from server.same_origin import address_of, is_https
from server.visiting import DEVICE_COOKIE, device_of, is_kiosk, venue_of
from services import devices, ledger
from services.devices import CODE_DIGITS, Fault, NotEnrolled, WrongCode

_TEN_YEARS_S = 10 * 365 * 24 * 3600
"""A kiosk is not to be enrolled again because of a date; it is revoked when it goes."""
_EVERYBODY = "everybody"
_OPEN_TO_ALL = {"page", "enrol", "speech"}
"""Routes that are no kiosk's alone. Sounds have addresses that nobody can guess."""


class ReportFault(msgspec.Struct, forbid_unknown_fields=True):
    """What a kiosk says is wrong with it; null when it is well again."""

    fault: Fault | None


async def require_kiosk(request: Request) -> None:
    """Let only kiosks use what is for kiosks. Raises NotEnrolled."""
    name = request.route.name.rpartition(".")[2] if request.route is not None else ""
    if name not in _OPEN_TO_ALL and not await is_kiosk(request):
        raise NotEnrolled("No valid token came with it.")


def enrolment_page(request: Request, sentence: str = "", status: int = 200) -> HTTPResponse:
    """Show the number pad."""
    return context_of(request).pages.show(
        "enrolment.html", status=status, sentence=sentence, digits=CODE_DIGITS
    )


async def enrol(request: Request) -> HTTPResponse:
    """Take a code; with the right one this browser is a kiosk from now on."""
    context, address = context_of(request), address_of(request)
    code = "".join(str(request.form.get("code") or "").split()) if request.form else ""
    try:
        context.enrolment_delay.require(address)
        context.enrolment_limit.note(_EVERYBODY)
        enrolled = await devices.enrol(code, keys=context.parts.keys, now=datetime.now(UTC))
    except WrongCode as error:
        context.enrolment_delay.note_mistake(address)
        return enrolment_page(request, error.sentence, status=403)
    except TooManyRequests as error:
        return enrolment_page(request, error.sentence, status=429)
    context.enrolment_delay.forget(address)
    structlog.get_logger().info("kiosk enrolled", device_id=enrolled.device.id)
    response = redirect("/kiosk", status=303)
    response.add_cookie(
        DEVICE_COOKIE,
        enrolled.token,
        path="/",
        max_age=_TEN_YEARS_S,
        httponly=True,
        samesite="Strict",
        secure=is_https(request),
    )
    return response


async def presence(request: Request) -> HTTPResponse:
    """Note that a kiosk is there. It learns within two seconds that it was revoked."""
    device = await device_of(request)
    if device is not None:
        await devices.note_seen(device, now=datetime.now(UTC))
    return empty()


async def report_fault(request: Request) -> HTTPResponse:
    """Note what a kiosk says is wrong with it."""
    report = msgspec.json.decode(request.body, type=ReportFault)
    device, venue = await device_of(request), await venue_of(request)
    # One that says it again has not broken again.
    if report.fault is not None and (device is None or device.last_fault != report.fault):
        ledger.note(Counted.DEVICE_FAULT, venue.id)
    if device is not None:
        await devices.note_fault(device, report.fault, now=datetime.now(UTC))
    return empty()
