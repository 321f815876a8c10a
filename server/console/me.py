"""What everybody keeps of their own account: password, second factor, where they are signed in."""

from __future__ import annotations

from datetime import UTC, datetime

import segno
from sanic import Blueprint, HTTPResponse, Request

from models.staff import Staff
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from server.same_origin import address_of
from services import second_factor, staff_sessions
from services.access import Actor
from services.errors import Invalid
from services.second_factor import Offer

_PAGE = "/console/me"
_QR_SCALE = 6


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(me, "/me", name="me")
    routes.add_route(offer, "/me/second-factor", name="offer_second_factor")
    routes.add_route(confirm, "/me/second-factor", methods={"POST"}, name="confirm_second_factor")
    routes.add_route(
        turn_off, "/me/second-factor/off", methods={"POST"}, name="turn_second_factor_off"
    )
    routes.add_route(end_sessions, "/me/sessions/ended", methods={"POST"}, name="end_sessions")


@staff(None)
async def me(request: Request, actor: Actor) -> HTTPResponse:
    """Show one's own account."""
    return await _page(request, actor)


@staff(None)
async def offer(request: Request, actor: Actor) -> HTTPResponse:
    """Show a new secret, for the phone to take in."""
    made = await second_factor.offer(actor, keys=context_of(request).parts.keys)
    return _offer_page(request, actor, made)


@staff(None)
async def confirm(request: Request, actor: Actor) -> HTTPResponse:
    """Set up the secret that was shown."""
    context, form = context_of(request), Form(request)
    context.sign_in_limit.note(address_of(request))
    keys, sealed = context.parts.keys, form.raw("sealed")
    try:
        await second_factor.confirm(
            actor,
            sealed,
            form.raw("code")[:20],
            form.raw("password"),
            keys=keys,
            now=datetime.now(UTC),
        )
    except Invalid as wrong:
        who = await Staff.get(id=actor.staff_id)
        again = second_factor.offered_again(actor, sealed, who.username, keys=keys)
        return _offer_page(request, actor, again, wrong.sentence)
    return go_on(request, _PAGE, "动态口令已经设置好，下次登录时要用。")


@staff(None)
async def turn_off(request: Request, actor: Actor) -> HTTPResponse:
    """Do without the second factor."""
    context_of(request).sign_in_limit.note(address_of(request))
    try:
        await second_factor.turn_off(actor, Form(request).raw("password"))
    except Invalid as wrong:
        return await _page(request, actor, wrong.sentence)
    return go_on(request, _PAGE, "动态口令已经取消。")


@staff(None)
async def end_sessions(request: Request, actor: Actor) -> HTTPResponse:
    """End one other session of one's own, or all others."""
    chosen = Form(request).numbers("session")
    ended = await staff_sessions.end_own(
        actor, chosen or None, keep=request.ctx.staff_session.id, now=datetime.now(UTC)
    )
    return go_on(request, _PAGE, f"已经退出别处的 {ended} 个登录。")


async def _page(request: Request, actor: Actor, sentence: str = "") -> HTTPResponse:
    return show(
        request,
        actor,
        "console/me.html",
        status=422 if sentence else 200,
        sentence=sentence,
        who=await Staff.get(id=actor.staff_id),
        sessions=await staff_sessions.open_of(actor, now=datetime.now(UTC)),
        this_session=request.ctx.staff_session.id,
    )


def _offer_page(request: Request, actor: Actor, made: Offer, sentence: str = "") -> HTTPResponse:
    code = segno.make(made.address, error="m").svg_inline(
        scale=_QR_SCALE, border=4, dark="#000", light="#fff", svgclass="qr", title="动态口令二维码"
    )
    return show(
        request,
        actor,
        "console/second_factor.html",
        status=422 if sentence else 200,
        sentence=sentence,
        offer=made,
        code=code,
    )
