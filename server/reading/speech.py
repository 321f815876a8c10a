"""The sound of one sentence of a published document.

Nothing is remembered between two sentences: any process can make any of them, and a document that
was withdrawn falls silent at once.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from server.context import context_of
from services.errors import Invalid

RATES = ("0.7", "0.8", "0.9", "1.0", "1.1", "1.2", "1.3")
"""The only ones: each is prepared, and kept, apart."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(
        speech, "/documents/<document_id:int>/speech/<sentence:str>", name="document_speech"
    )


async def speech(request: Request, document_id: int, sentence: str) -> HTTPResponse:
    """Send a sentence as WAV: ?version= is the one that is read, ?rate= one of RATES."""
    context = context_of(request)
    rate, version = request.args.get("rate", "1.0"), request.args.get("version", "")
    if rate not in RATES:
        raise Invalid(f"The rate must be one of {', '.join(RATES)}.")
    sound = await context.speech.sentence(document_id, sentence, version=version, rate=float(rate))
    return raw(await asyncio.to_thread(sound.wav), content_type="audio/wav")
