"""Going on with the phone, or at the counter: a kiosk shows a code for one use, and forgets the draft."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime
from urllib.parse import urlencode

import segno
import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, redirect

from models.scan_code import HandOverPlace
from server import draft_cookie
from server.context import context_of
from server.public_address import public_address
from server.rate_limit import TooManyRequests
from server.reading.applying import applying, show_applying
from server.reading.pages import link
from server.same_origin import address_of
from server.visiting import is_kiosk, venue_of
from services import handovers
from services.application_drafts import Draft
from services.clock import ZONE
from services.errors import NotFound
from services.handovers import Offered
from services.wechat import WeChatFailed

PAGE = "pages/draft/draft"
"""Of the mini-program: takes the draft over."""
_WAITS_S = 4.0
"""How long a visitor waits for WeChat to draw its code, before a plain one is shown."""
_REFERENCE = "hand over "

log = structlog.get_logger(__name__)


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(offer, "/apply/phone", methods={"POST"}, name="hand_over_to_phone")
    routes.add_route(state, "/apply/phone/state", name="hand_over_state")
    routes.add_route(done, "/apply/phone/done", name="handed_over")


@applying
async def offer(request: Request, draft: Draft) -> HTTPResponse:
    """Show a code for the phone, and the same in letters for the counter."""
    context = context_of(request)
    if not await is_kiosk(request):
        return redirect(link(request, "/apply/next"), status=303)
    try:
        context.drafts_limit.note(address_of(request))
    except TooManyRequests as often:
        return await show_applying(
            request, "reading/apply_phone.html", status=429, sentence=often.sentence, offered=None
        )
    offered = await handovers.offer(
        draft, HandOverPlace.KIOSK, keys=context.parts.keys, now=datetime.now(UTC)
    )
    image, is_mini_program = await _picture(request, offered)
    reference = context.parts.keys.encrypt(f"{_REFERENCE}{offered.id}").decode()
    response = await show_applying(
        request,
        "reading/apply_phone.html",
        sentence="",
        offered=offered,
        ends_at=offered.ends_at.astimezone(ZONE),
        image=image,
        is_mini_program=is_mini_program,
        reference=reference,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def state(request: Request) -> HTTPResponse:
    """Say whether somebody took it over, for the page that shows the code."""
    taken = await handovers.was_taken(_hand_over_in(request))
    return json({"taken": taken}, headers={"Cache-Control": "no-store"})


async def done(request: Request) -> HTTPResponse:
    """Say that it went on elsewhere, and forget it; while it did not, go on here."""
    if not await handovers.was_taken(_hand_over_in(request)):
        return redirect(link(request, "/apply/next"), status=303)
    response = await show_applying(request, "reading/apply_handed_over.html")
    draft_cookie.forget(request, response)
    return response


def _hand_over_in(request: Request) -> int:
    """Return which hand-over a page asks after. Raises NotFound for what is none of ours."""
    sealed = str(request.args.get("ref") or "")
    text = context_of(request).parts.keys.decrypt(sealed.encode()) if sealed.isascii() else ""
    number = text.removeprefix(_REFERENCE)
    if not (text.startswith(_REFERENCE) and number.isdigit()):
        raise NotFound("It is no hand-over.")
    return int(number)


async def _picture(request: Request, offered: Offered) -> tuple[str, bool]:
    """Return the code as a data: address, and whether it opens the mini-program."""
    wechat = context_of(request).parts.wechat
    if wechat is not None:
        try:
            async with asyncio.timeout(_WAITS_S):
                drawn = await wechat.code_image(offered.token, PAGE)
        except (WeChatFailed, TimeoutError) as failed:
            log.warning("hand-over code drawn plainly", why=type(failed).__name__)
        else:
            data = base64.b64encode(drawn.data).decode()
            return f"data:{drawn.media_type};base64,{data}", True
    query = {"venue": (await venue_of(request)).code, "code": offered.token}
    address = f"{public_address(request)}/apply/resume?{urlencode(query)}"
    plain = segno.make_qr(address, error="m").svg_data_uri(
        scale=6, border=4, dark="#000", light="#fff"
    )
    return plain, False
