"""Speech made before it is asked for: what a newly imported answer says first, while it is quiet."""

from __future__ import annotations

import asyncio
import time

import structlog

from search.entry import Revision
from server.context import Context
from server.speech_desk import PHRASES
from services.spoken_openings import Opening, spoken_openings
from speech.errors import SpeechError
from speech.prepared import NOBODY, PreparedSpeech
from speech.reading_text import sentences

_MOST_ANSWERS = 1_000
_QUIET_S = 15.0
"""Seconds since somebody last asked or listened before the machine works for itself."""
_LOOK_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


async def prepare_speech(context: Context) -> None:
    """Prepare the page's own sentences and the library's answers, and again whenever it changes.

    Runs until it is cancelled. Only ever one sentence at a time, and none while somebody is at
    the kiosk: a visitor waits for one sentence at most.
    """
    synthesiser = context.parts.synthesiser
    if not isinstance(synthesiser, PreparedSpeech):
        return
    voice = context.parts.settings.voice or None
    prepared_for = None
    while True:
        revision = context.library.revision
        if revision != prepared_for:
            openings = [Opening(NOBODY, phrase) for phrase in PHRASES.values()]
            openings += await spoken_openings(_MOST_ANSWERS)
            made = await _prepare(context, synthesiser, voice, openings, revision)
            if made is None:
                continue  # What was to be said next may have been withdrawn.
            log.info("speech prepared", texts=len(openings), made=made)
            prepared_for = revision
        await asyncio.sleep(_LOOK_AGAIN_S)


async def _prepare(
    context: Context,
    synthesiser: PreparedSpeech,
    voice: str | None,
    openings: list[Opening],
    revision: Revision,
) -> int | None:
    """Return how many sentences were made, None where the library changed before all were."""
    made = 0
    for owner, text in openings:
        for piece in sentences(text):
            if synthesiser.is_prepared(piece, voice=voice, owner=owner):
                continue
            # Quiet is the passing of time, which nothing announces.
            while not _quiet(context):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_S)
            if context.library.revision != revision:
                return None
            try:
                await synthesiser.speak(piece, voice=voice, owner=owner)
            except SpeechError as error:
                log.warning("speech not prepared", error=error.code)
            made += 1
    return made


def _quiet(context: Context) -> bool:
    wanted_at = max(context.speech.wanted_at, context.asked_at)
    return context.listening == 0 and time.monotonic() - wanted_at > _QUIET_S
