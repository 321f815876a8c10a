"""The recognisers that are measured, each with its model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.bench_zone import SHARED, settings
from bench.report import Skipped
from server.engines import open_model_store
from speech.errors import ModelUnavailable
from speech.model_catalogue import VOSK, WHISPER
from speech.recognition import Recogniser
from speech.vosk_recognition import VoskRecogniser
from speech.whisper_recognition import WhisperRecogniser


@asynccontextmanager
async def vosk() -> AsyncIterator[Recogniser]:
    """Load Vosk on the configured or cached model, or on the one for tests."""
    folder = await asyncio.to_thread(open_model_store(settings()).find, VOSK)
    folder = folder or SHARED / "speech" / "vosk-model-test-cn"
    if not folder.is_dir():
        raise Skipped("there is no Vosk model; name one in OPENZONE_VOSK_MODEL_DIR")
    recogniser = await VoskRecogniser.load(
        folder, model=_named(folder), silence_ms=settings().kiosk_silence_ms
    )
    try:
        yield recogniser
    finally:
        await recogniser.close()


@asynccontextmanager
async def whisper() -> AsyncIterator[Recogniser]:
    """Load whisper, fetching its model where that is needed and possible."""
    try:
        folder = await asyncio.to_thread(open_model_store(settings()).obtain, WHISPER)
    except ModelUnavailable as error:
        raise Skipped(str(error)) from error
    recogniser = await WhisperRecogniser.load(
        folder, model=WHISPER, silence_ms=settings().kiosk_silence_ms
    )
    try:
        yield recogniser
    finally:
        await recogniser.close()


def _named(folder: Path) -> str:
    return folder.resolve().name
