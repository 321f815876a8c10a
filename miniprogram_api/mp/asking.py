"""Asking by text, or by tapping one of the choices that were offered, or 是 or 不是."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.replies import reply_to
from miniprogram_api.mp.sessions import open_to_all
from miniprogram_api.mp.venues_scanned import venue_of
from models.venue import Venue
from services import turns
from services.conversation import Conversation
from services.errors import Invalid
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE

Rate = Annotated[float, msgspec.Meta(ge=SLOWEST_RATE, le=FASTEST_RATE)]
TurnText = Annotated[str, msgspec.Meta(max_length=turns.LONGEST_TURN)]


class AskOnPhone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question (`text`), the choice at a place (`place` with the `turn` that offered it), or 是 or
    不是 (`agrees` with the `turn` that asked).
    """

    text: str = ""
    """In one's own words; at most 2,000 characters."""
    place: Annotated[int, msgspec.Meta(ge=0, le=9)] | None = None
    """Which of the choices offered last, counted from 0."""
    agrees: bool | None = None
    """Whether what the last reply has as `meant` is what was meant."""
    turn: TurnText = ""
    """As the reply before gave it."""
    venue: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """The code of the zone; without one, the installation's own."""
    rate: Rate = DEFAULT_RATE
    """How fast the answer is going to be played, so that its sound is made ahead."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(ask, "/ask", methods={"POST"}, name="ask")


@open_to_all
async def ask(request: Request) -> HTTPResponse:
    """Answer one question, or a choice."""
    asked = msgspec.json.decode(request.body, type=AskOnPhone)
    context, venue = request.app.ctx, await venue_of(request, asked.venue)
    conversation = await conversation_of(asked.turn, venue, context)
    if asked.place is not None:
        turn = await conversation.choose(asked.place)
    elif asked.agrees is not None:
        turn = await conversation.confirm(agrees=asked.agrees)
    elif asked.text.strip():
        turn = await conversation.ask(asked.text)
    else:
        raise Invalid("There is neither text nor place.", sentence="请先写下您想问的事。")
    return json(await reply_to(turn, conversation, venue, context, rate=asked.rate))


async def conversation_of(turn: str, venue: Venue, context: Any) -> Conversation:
    """Return a conversation that goes on from a turn. Raises TurnUnknown, NotFound."""
    if not turn:
        return Conversation(context.library, venue)
    offer, last = await turns.resume(
        turn, context.library, venue, keys=context.parts.keys, now=datetime.now(UTC)
    )
    return Conversation(context.library, venue, offer, last)
