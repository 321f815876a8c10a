"""Handing a draft over: from a kiosk to the phone, and from the phone to a counter or a kiosk."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.draft_shapes import draft_shown
from miniprogram_api.mp.sessions import signed_in
from models.citizen import Citizen
from models.scan_code import HandOverPlace
from services import handovers, phone_drafts
from services.application_receipts import code_png


class TakeOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was scanned at a kiosk."""

    scene: str
    """As the page got it, decoded: h and at least 22 characters more."""


class HandOverReply(msgspec.Struct, frozen=True, kw_only=True):
    """A code to be shown at a counter or typed in at a kiosk. It is for one use."""

    code: str
    """For who types it."""
    token: str
    """What the picture holds."""
    image: str
    """The picture, as a data: address."""
    expires_in: int
    """Seconds that it lives."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(take, "/handovers", methods={"POST"}, name="mp_take_over")
    routes.add_route(
        offer, "/drafts/<draft_id:int>/handover", methods={"POST"}, name="mp_hand_over"
    )


@signed_in
async def take(request: Request, citizen: Citizen) -> HTTPResponse:
    """Move a draft from a kiosk to this phone. Guessing gets slow."""
    asked = msgspec.json.decode(request.body, type=TakeOver)
    context = request.app.ctx
    who = f"citizen {citizen.id}"
    context.look_up_limit.note(who)
    with context.draft_delay.guarding(who):
        taken = await handovers.take_to_phone(
            asked.scene, citizen.id, keys=context.parts.keys, now=datetime.now(UTC)
        )
    return json(await draft_shown(taken.draft), status=201)


@signed_in
async def offer(request: Request, citizen: Citizen, draft_id: int) -> HTTPResponse:
    """Make a code for a counter or a kiosk. Those that were made for this draft before are void."""
    context = request.app.ctx
    context.drafts_limit.note(f"citizen {citizen.id}")
    keys, now = context.parts.keys, datetime.now(UTC)
    draft = await phone_drafts.one(citizen.id, draft_id, keys=keys, now=now)
    offered = await handovers.offer(draft, HandOverPlace.PHONE, keys=keys, now=now)
    picture = base64.b64encode(code_png(offered.token)).decode()
    return json(
        HandOverReply(
            code=offered.spoken,
            token=offered.token,
            image=f"data:image/png;base64,{picture}",
            expires_in=int((offered.ends_at - now).total_seconds()),
        ),
        status=201,
    )
