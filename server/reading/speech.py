"""The sound of one sentence of a published document.

Nothing is remembered between two sentences: any process can make any of them, and a document that
was withdrawn falls silent at once.
"""

from __future__ import annotations

import asyncio
import time

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from models.index_change import Subject
from server.context import context_of
from services import reading
from services.errors import Conflict, EngineMissing, Invalid, NotFound
from services.projection import owner_of

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
    text = await reading.sentence(document_id, sentence, version=version)
    synthesiser = context.parts.synthesiser
    if synthesiser is None:
        raise EngineMissing("There is no synthesiser.")
    context.speech.wanted_at = time.monotonic()
    began = time.perf_counter()
    owner = owner_of(Subject.DOCUMENT, document_id)
    sound = await synthesiser.speak(
        text, voice=context.parts.settings.voice or None, rate=float(rate), owner=owner
    )
    context.metrics.synthesis_seconds.labels(synthesiser.name).observe(time.perf_counter() - began)
    try:
        # It may have been withdrawn while its sound was made.
        await reading.require_version(document_id, version)
    except (NotFound, Conflict):
        await synthesiser.forget(owner)
        raise
    return raw(await asyncio.to_thread(sound.wav), content_type="audio/wav")
