"""A typed question and its reply."""

from __future__ import annotations

import time

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from models.ledger_count import Counted
from services import ledger, refused_questions, venues
from services.handing_on import as_offered
from services.replies import Answer, Decision


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody wants to know."""

    text: str
    """In one's own words; at most 2,000 characters."""
    venue: str = ""
    """The code of the zone that is asked; without one, everything counts, whoever keeps it."""


class AskReply(msgspec.Struct, frozen=True):
    """What a question gets back."""

    transcript: str
    """The question as it was understood."""
    decision: Decision
    answers: tuple[Answer, ...]
    """The answer first and related ones after it; the choices; or none."""
    spoken: str
    """To be said at once, at most 60 characters."""
    spoken_more: tuple[str, ...]
    """To be said on 继续, piece by piece."""
    timings_ms: dict[str, float]


async def ask(request: Request) -> HTTPResponse:
    """Answer one question."""
    question = msgspec.json.decode(request.body, type=Question)
    venue = await venues.by_code(question.venue) if question.venue else None
    began = time.perf_counter()
    reply = await request.app.ctx.library.ask(question.text, venue and venue.id)
    if venue is not None:
        if reply.decision is Decision.HANDOFF:
            refused_questions.note(question.text, venue)
        reply = as_offered(reply, venue.areas)
    venue_id = venue.id if venue is not None else None
    ledger.note(Counted.QUESTION, venue_id)
    ledger.note_decision(reply.decision, venue_id)
    milliseconds = round((time.perf_counter() - began) * 1000, 3)
    request.ctx.decision = reply.decision  # Counted by whoever counts.
    return json(
        AskReply(
            transcript=question.text,
            decision=reply.decision,
            answers=reply.answers,
            spoken=reply.spoken,
            spoken_more=reply.spoken_more,
            timings_ms={"answering": milliseconds, "total": milliseconds},
        )
    )
