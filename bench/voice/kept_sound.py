"""Sound that is made for the benchmark with Kokoro, and kept so that it is made once.

Only the folder bench/.cache holds it; nothing of it is committed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from bench.bench_zone import ROOT
from bench.engines import synthesiser
from bench.voice.accent import accented
from bench.voice.conditions import SEED
from bench.voice.sound import resampled, to_pcm
from speech.kokoro_synthesis import SAMPLE_RATE as KOKORO_RATE
from speech.kokoro_synthesis import KokoroSynthesiser, _windows
from speech.mandarin_symbols import symbols
from speech.pronunciation import words
from speech.reading_text import spoken_form
from speech.recognition import SAMPLE_RATE

CACHE = ROOT / "bench" / ".cache"
VOICES = ("zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunyang")
"""Men and women; zf_xiaoni is heard badly whatever is said, and would measure the voice."""


class Speaker:
    """Says a text as somebody would, in a voice that its own words choose."""

    def __init__(self, kokoro: KokoroSynthesiser) -> None:
        self._kokoro = kokoro

    async def say(self, text: str, *, accent: bool = False, rate: float = 1.0) -> bytes:
        """Return a text spoken, 16 kHz PCM; made where it was not made before."""
        digest = _digest(text, accent, rate)
        file = _file(digest)
        if file.is_file():
            return file.read_bytes()
        voice = VOICES[digest[0] % len(VOICES)]
        pcm = await asyncio.to_thread(_said, self._kokoro, text, voice, rate, accent, digest[1] % 2)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pcm)
        return pcm


def was_said(text: str, *, accent: bool = False, rate: float = 1.0) -> bool:
    """Return whether a text is there already as it would be said."""
    return _file(_digest(text, accent, rate)).is_file()


def _digest(text: str, accent: bool, rate: float) -> bytes:
    return hashlib.sha256(f"{text}|{accent}|{rate}|{SEED}".encode()).digest()


def _file(digest: bytes) -> Path:
    return CACHE / "sound" / f"{digest.hex()[:24]}.pcm"


@asynccontextmanager
async def speaker() -> AsyncIterator[Speaker]:
    """Load Kokoro. Raises Skipped where it cannot be had."""
    async with synthesiser("kokoro") as kokoro:
        assert isinstance(kokoro, KokoroSynthesiser)
        yield Speaker(kokoro)


def _said(
    kokoro: KokoroSynthesiser, text: str, voice: str, rate: float, accent: bool, f_for_hu: int
) -> bytes:
    said = words(spoken_form(text))
    if accent:
        said = accented(said, f_for_hu=bool(f_for_hu))
    vocabulary = kokoro._model.vocabulary
    parts = [
        kokoro._run(tokens, voice, rate) for tokens in _windows([*map(symbols, said)], vocabulary)
    ]
    samples = np.concatenate(parts).astype(np.float64)
    return to_pcm(resampled(samples, KOKORO_RATE, SAMPLE_RATE))
