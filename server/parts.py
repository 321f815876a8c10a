"""The one place that puts the parts of an installation together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from models.database import close_database, open_database
from server.engines import load_recogniser, load_synthesiser, open_model_store
from server.settings import Settings
from services import venues
from services.library import Library
from services.secret_key import SecretKeys, obtain_keys
from services.voice_places import VoiceLimits
from services.wechat import WeChat
from speech.errors import SpeechError
from speech.prepared import PreparedSpeech
from speech.recognition import Recogniser
from speech.recognition_speed import FEWEST, people_at_once

log = structlog.get_logger(__name__)


@dataclass
class Parts:
    """What the doors of one process work with."""

    settings: Settings
    keys: SecretKeys
    library: Library
    recogniser: Recogniser | None
    recogniser_note: str
    """One Chinese sentence: which recogniser is used, and why."""
    synthesiser: PreparedSpeech | None
    synthesiser_note: str
    listening_at_once: int = VoiceLimits.listening_at_once
    """People who may speak at the same time to this process."""
    wechat: WeChat | None = None
    """None where no mini-program is configured."""


async def assemble(settings: Settings, *, hearing: bool = True, speaking: bool = True) -> Parts:
    """Open the database and the library, and load the engines that are wanted.

    A kiosk without a voice is still a kiosk: an engine that cannot be had is None, and its note
    says so. Raises whatever keeps the database or the index from opening.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keys = await asyncio.to_thread(obtain_keys, settings.key_file)
    await open_database(settings.database_url)
    try:
        await venues.ensure_first(settings.venue)
        library = await Library.open(settings.index_dir)
    except BaseException:
        await close_database()
        raise
    parts = Parts(settings, keys, library, None, "未启用语音识别。", None, "未启用语音朗读。")
    store = open_model_store(settings)
    if hearing:
        try:
            parts.recogniser, parts.recogniser_note = await load_recogniser(
                store, settings.recogniser, settings.kiosk_silence_ms
            )
            parts.listening_at_once = await _listening_at_once(settings, parts.recogniser)
        except SpeechError as error:
            parts.recogniser_note = f"语音识别暂时不能用，可以打字提问。{error}"
        log.info(
            "recogniser chosen",
            note=parts.recogniser_note,
            listening_at_once=parts.listening_at_once,
        )
    if speaking:
        try:
            synthesiser, parts.synthesiser_note = await load_synthesiser(
                store, settings.synthesiser, settings.voice
            )
            parts.synthesiser = PreparedSpeech(
                settings.speech_cache_dir, synthesiser, settings.speech_cache_mb * 1_000_000
            )
        except SpeechError as error:
            parts.synthesiser_note = f"语音朗读暂时不能用，请看屏幕上的文字。{error}"
        log.info("synthesiser chosen", note=parts.synthesiser_note)
    return parts


async def _listening_at_once(settings: Settings, recogniser: Recogniser) -> int:
    if settings.listening_at_once:
        return settings.listening_at_once
    # Each process measures alone, and all of them share the processors.
    return max(FEWEST, await people_at_once(recogniser) // settings.workers)


async def dismantle(parts: Parts) -> None:
    """Let go of everything that assemble took, in the reverse order."""
    await parts.library.stop_following()
    if parts.wechat is not None:
        await parts.wechat.close()
    if parts.synthesiser is not None:
        await parts.synthesiser.close()
    if parts.recogniser is not None:
        await parts.recogniser.close()
    await close_database()
