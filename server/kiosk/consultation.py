"""What a visitor leaves at a kiosk for the staff, and learns by the number they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import unquote

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from models.rating import Score
from models.venue import Area
from server.context import context_of
from server.same_origin import address_of
from server.speech_desk import PHRASES
from server.visiting import venue_of
from services import left_questions, ratings, suggestions, venues
from services.clock import zone_day


class LeaveWords(msgspec.Struct, forbid_unknown_fields=True):
    """A question or a suggestion left for the staff."""

    text: Annotated[str, msgspec.Meta(max_length=4000)]


class Rate(msgspec.Struct, forbid_unknown_fields=True):
    """How satisfied somebody is."""

    score: Score
    about: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """"question:12" or "document:7", "" for the zone as a whole."""


async def leave_question(request: Request) -> HTTPResponse:
    """Keep a question for the staff; return its number."""
    context = context_of(request)
    form = msgspec.json.decode(request.body, type=LeaveWords)
    context.left_questions_limit.note(address_of(request))
    receipt = await left_questions.leave(
        form.text, venue=await venue_of(request), keys=context.parts.keys, now=datetime.now(UTC)
    )
    reply = {"number": receipt.number, "due_on": receipt.due_on, "sentence": PHRASES["left"]}
    return json(reply, status=201)


async def suggest(request: Request) -> HTTPResponse:
    """Take in a suggestion; return its number."""
    context = context_of(request)
    form = msgspec.json.decode(request.body, type=LeaveWords)
    context.suggestions_limit.note(address_of(request))
    receipt = await suggestions.leave(
        form.text, venue=await venue_of(request), keys=context.parts.keys, now=datetime.now(UTC)
    )
    reply = {
        "number": receipt.number, "due_on": receipt.due_on, "sentence": PHRASES["suggested"],
    }  # fmt: skip
    return json(reply, status=201)


async def rate(request: Request) -> HTTPResponse:
    """Count one touch of a face."""
    context, now = context_of(request), datetime.now(UTC)
    form = msgspec.json.decode(request.body, type=Rate)
    context.ratings_limit.note(address_of(request))
    await ratings.rate(await venue_of(request), form.score, form.about, today=zone_day(now))
    return json({"sentence": PHRASES["rated"]}, status=201)


async def look_up(request: Request, number: str) -> HTTPResponse:
    """Say how a question or a suggestion stands, and what was answered, to read and to hear."""
    context = context_of(request)
    inquiry = await context.look_up(address_of(request), unquote(number))
    spoken: dict[str, Any] = {"speech": context.speech.pieces(inquiry.sentence, keep=False)}
    return json(msgspec.to_builtins(inquiry) | spoken)


async def elsewhere(request: Request) -> HTTPResponse:
    """Say where to go for what this zone has no area for, to read and to hear."""
    venue, now = await venue_of(request), datetime.now(UTC)
    places = [
        {"label": area.label, "sentence": there.sentence(venue)}
        for area in Area
        if area not in venue.areas
        for there in [await venues.instead_of(venue, area, now=now)]
    ]
    said = "".join(dict.fromkeys(place["sentence"] for place in places))
    speech = context_of(request).speech.pieces(said) if said else []
    return json({"places": places, "speech": speech})
