"""From the text of an answer to its first sound."""

from __future__ import annotations

import asyncio
import csv
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.bench_zone import SAMPLES, Plan, settings
from bench.report import Row
from server.engines import open_model_store
from speech.errors import ModelUnavailable
from speech.kokoro_synthesis import KokoroSynthesiser
from speech.model_catalogue import KOKORO
from speech.prepared import PreparedSpeech
from speech.pyttsx3_synthesis import Pyttsx3Synthesiser
from speech.reading_text import sentences
from speech.synthesis import Synthesiser


async def measure(plan: Plan) -> list[Row]:
    """Return the median time to the first sentence's sound: espeak, Kokoro and prepared."""
    texts = random.Random(2019).sample(_spoken_answers(), plan.times(30, 6))
    note = f"first sentence of {len(texts)} answers"
    espeak = Pyttsx3Synthesiser()
    rows = [await _row("text to first audio, espeak", espeak, texts, 150, note)]
    synthesiser: Synthesiser = espeak
    try:
        folder = await asyncio.to_thread(open_model_store(settings()).obtain, KOKORO)
    except ModelUnavailable:
        note += ", of espeak: Kokoro cannot be had"
    else:
        synthesiser = await KokoroSynthesiser.load(folder)
        rows.append(await _row("text to first audio, Kokoro", synthesiser, texts, 1000, note))
    with tempfile.TemporaryDirectory() as folder_of_sounds:
        prepared = PreparedSpeech(Path(folder_of_sounds), synthesiser, 200_000_000)
        for text in texts:
            await prepared.speak(text)
        rows.append(await _row("text to first audio, prepared", prepared, texts, 50, note))
        await prepared.close()
    if synthesiser is not espeak:
        await espeak.close()
    return rows


async def _row(
    name: str, synthesiser: Synthesiser, texts: list[str], target: float, note: str
) -> Row:
    await synthesiser.speak(texts[0])  # The first one warms it up.
    took = []
    for text in texts:
        began = time.perf_counter()
        await synthesiser.speak(text)
        took.append((time.perf_counter() - began) * 1000)
    return Row(name, statistics.median(took), "ms", target, note=note)


def _spoken_answers() -> list[str]:
    with (SAMPLES / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [sentences(row["short_answer"])[0] for row in csv.DictReader(file)]
