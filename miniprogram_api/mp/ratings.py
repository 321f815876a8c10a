"""How satisfied somebody is (满意度), touched on a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.idempotency import key_of
from miniprogram_api.mp.sessions import signed_in
from miniprogram_api.mp.venues_scanned import venue_of
from models.citizen import Citizen
from models.rating import Score
from services import ratings
from services.clock import zone_day


class RateOnPhone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How satisfied somebody is."""

    score: Score
    """1 unsatisfied, 2 fair, 3 satisfied."""
    about: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """"question:12" (an entry of the question library) or "document:7", "" for the zone."""
    venue: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """The code of the zone; without one, the installation's own."""


class Thanks(msgspec.Struct, frozen=True):
    """That it was counted."""

    sentence: str


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(rate, "/ratings", methods={"POST"}, name="rate")


@signed_in
async def rate(request: Request, citizen: Citizen) -> HTTPResponse:
    """Count one touch of a face. Who it was is not kept."""
    key = key_of(request)
    form = msgspec.json.decode(request.body, type=RateOnPhone)
    context, now = request.app.ctx, datetime.now(UTC)
    context.ratings_limit.note(f"citizen {citizen.id}")
    venue = await venue_of(request, form.venue)
    names = context.parts.keys.keyed_hashes(f"rating {citizen.id} {key}")
    await ratings.rate(venue, form.score, form.about, today=zone_day(now), names=names)
    return json(Thanks("谢谢您的评价。"), status=201)
