"""The engines that are measured, each with its model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bench.bench_zone import SHARED, settings
from bench.report import Skipped
from server.engines import load_recogniser, load_synthesiser, open_model_store
from server.settings import Settings
from speech.errors import SpeechError
from speech.model_catalogue import VOSK
from speech.recognition import Recogniser
from speech.synthesis import Synthesiser


@asynccontextmanager
async def vosk() -> AsyncIterator[Recogniser]:
    """Load Vosk on the configured or cached model, or on the one for tests."""
    if open_model_store(settings()).find(VOSK) is None:
        async with vosk_for_tests() as recogniser:
            yield recogniser
        return
    async with _recogniser(settings(), "vosk") as recogniser:
        yield recogniser


@asynccontextmanager
async def vosk_for_tests() -> AsyncIterator[Recogniser]:
    """Load Vosk on the small model that hears synthetic voices and nobody else."""
    stand_in = SHARED / "speech" / "vosk-model-test-cn"
    if not stand_in.is_dir():
        raise Skipped("there is no Vosk model; name one in OPENZONE_VOSK_MODEL_DIR")
    async with _recogniser(replace(settings(), vosk_model_dir=stand_in), "vosk") as recogniser:
        yield recogniser


@asynccontextmanager
async def whisper() -> AsyncIterator[Recogniser]:
    """Load whisper, fetching its model where that is needed and possible."""
    async with _recogniser(settings(), "whisper") as recogniser:
        yield recogniser


@asynccontextmanager
async def synthesiser(name: str) -> AsyncIterator[Synthesiser]:
    """Load espeak or kokoro, fetching its model where that is needed and possible."""
    try:
        engine, _ = await load_synthesiser(open_model_store(settings()), name)
    except SpeechError as error:
        raise Skipped(str(error)) from error
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def _recogniser(chosen: Settings, name: str) -> AsyncIterator[Recogniser]:
    try:
        engine, _ = await load_recogniser(open_model_store(chosen), name, chosen.kiosk_silence_ms)
    except SpeechError as error:
        raise Skipped(str(error)) from error
    try:
        yield engine
    finally:
        await engine.close()
