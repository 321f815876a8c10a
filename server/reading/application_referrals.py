"""The way to an agency that the zone takes no applications for: no receipt, and no clock."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from server.context import context_of
from server.reading.applying import show_applying
from server.same_origin import address_of
from server.visiting import venue_of
from services import referrals
from services.errors import Invalid


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(choose, "/apply/referral", name="apply_referral")
    routes.add_route(refer, "/apply/referral", methods={"POST"}, name="refer")


async def choose(request: Request) -> HTTPResponse:
    """Show the agencies that the zone takes no applications for."""
    others = await referrals.others_than_accepted(await venue_of(request))
    return await show_applying(request, "reading/apply_referral.html", others=others, way=None)


async def refer(request: Request) -> HTTPResponse:
    """Show the way to one of them, and note that it was shown."""
    context_of(request).drafts_limit.note(address_of(request))
    given = str(request.form.get("answer") or "") if request.form else ""
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Invalid("No agency.", sentence="请选一个机关。")
    way = await referrals.refer(await venue_of(request), int(given))
    return await show_applying(request, "reading/apply_referral.html", others=[], way=way)
