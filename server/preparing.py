"""Speech made before it is asked for, while it is quiet: the page's own sentences, the notices that
kiosks show, and what an answer says first, in the voices and at the rates of the kiosks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import structlog

from models.notice import Notice
from search.entry import Revision
from server.context import Context
from server.speech_desk import PHRASES
from services import notice_board
from services.device_voices import DeviceVoice, used_voices
from services.spoken_openings import REPLIES, Opening, spoken_openings
from speech.errors import SpeechError
from speech.prepared import NOBODY, PreparedSpeech
from speech.reading_text import sentences

_MOST_ANSWERS = 1_000
_MOST_VOICES = 4
"""Different voices and rates that are prepared; kiosks with rarer ones wait a moment longer."""
_QUIET_S = 15.0
"""Seconds since somebody last asked or listened before the machine works for itself."""
_LOOK_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


class _ToSay(NamedTuple):
    """What the prepared speech depends on."""

    revision: Revision
    notices: tuple[int, ...]
    """A notice is never changed: its number says what it says."""
    voices: tuple[DeviceVoice, ...]


async def prepare_speech(context: Context) -> None:
    """Prepare what is likely to be said, and again whenever something is published or settled.

    Runs until it is cancelled. Only ever one sentence at a time, and none while somebody is at
    the kiosk: a visitor waits for one sentence at most. Notices that are over are forgotten.
    """
    synthesiser = context.parts.synthesiser
    if not isinstance(synthesiser, PreparedSpeech):
        return
    prepared_for: _ToSay | None = None
    while True:
        notices = await notice_board.spoken_notices(datetime.now(UTC))
        to_say = await _to_say(context, synthesiser, notices)
        if prepared_for is None or to_say.notices != prepared_for.notices:
            await synthesiser.forget_all_but("notice", to_say.notices)
        if to_say != prepared_for:
            # A phrase is fetched as one sound, all else sentence by sentence.
            shown = [Opening(NOBODY, phrase) for phrase in PHRASES.values()]
            shown += _in_sentences(Opening(NOBODY, reply) for reply in REPLIES)
            shown += _in_sentences(
                Opening(notice_board.owner_of(notice.id), notice_board.as_spoken(notice))
                for notice in notices
            )
            answers = _in_sentences(await spoken_openings(_MOST_ANSWERS))
            # What every kiosk says comes in all voices before the first answer does.
            made = 0
            for pieces in (shown, answers):
                more = await _prepare(context, synthesiser, pieces, to_say)
                if more is None:
                    break  # What was to be said next may have been withdrawn.
                made += more
            if more is None:
                continue
            log.info("speech prepared", sentences=len(shown) + len(answers), made=made)
            prepared_for = to_say
        await asyncio.sleep(_LOOK_AGAIN_S)


def _in_sentences(openings: Iterable[Opening]) -> list[Opening]:
    return [Opening(owner, piece) for owner, text in openings for piece in sentences(text)]


async def _to_say(context: Context, synthesiser: PreparedSpeech, notices: list[Notice]) -> _ToSay:
    voices = await used_voices(synthesiser.voices, _MOST_VOICES)
    return _ToSay(context.library.revision, tuple(notice.id for notice in notices), tuple(voices))


async def _prepare(
    context: Context, synthesiser: PreparedSpeech, pieces: list[Opening], to_say: _ToSay
) -> int | None:
    """Return how many sentences were made, None where something changed before all were."""
    made = 0
    for own in to_say.voices:
        voice, rate = own.voice or context.parts.settings.voice or None, own.rate
        for owner, piece in pieces:
            if synthesiser.is_prepared(piece, voice=voice, rate=rate, owner=owner):
                continue
            # Quiet is the passing of time, which nothing announces.
            while not _quiet(context):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_S)
            notices = await notice_board.spoken_notices(datetime.now(UTC))
            if await _to_say(context, synthesiser, notices) != to_say:
                return None
            try:
                await synthesiser.speak(piece, voice=voice, rate=rate, owner=owner)
            except SpeechError as error:
                log.warning("speech not prepared", error=error.code)
            made += 1
    return made


def _quiet(context: Context) -> bool:
    wanted_at = max(context.speech.wanted_at, context.asked_at)
    return context.listening == 0 and time.monotonic() - wanted_at > _QUIET_S
