"""From the text of an answer to its first sound."""

from __future__ import annotations

import csv
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.bench_zone import SAMPLES, Plan
from bench.engines import synthesiser
from bench.report import Row
from speech.prepared import PreparedSpeech
from speech.reading_text import sentences
from speech.synthesis import Synthesiser


async def measure(plan: Plan) -> list[Row]:
    """Return the median time to the first piece's sound: espeak, Kokoro and prepared."""
    texts = random.Random(2019).sample(_spoken_answers(), plan.times(30, 6))
    note = f"first piece of {len(texts)} answers"
    async with synthesiser("espeak") as espeak:
        rows = [await _row("text to first audio, espeak", espeak, texts, 100, note)]
    async with synthesiser("kokoro") as kokoro:
        rows.append(await _row("text to first audio, Kokoro", kokoro, texts, 600, note))
        with tempfile.TemporaryDirectory() as folder:
            prepared = PreparedSpeech(Path(folder), kokoro, 200_000_000)
            for text in texts:
                await prepared.speak(text)
            rows.append(await _row("text to first audio, prepared", prepared, texts, 50, note))
    return rows


async def _row(name: str, engine: Synthesiser, texts: list[str], target: float, note: str) -> Row:
    await engine.speak(texts[0])  # The first one warms it up.
    took = []
    for text in texts:
        began = time.perf_counter()
        await engine.speak(text)
        took.append((time.perf_counter() - began) * 1000)
    return Row(name, statistics.median(took), "ms", target, note=note)


def _spoken_answers() -> list[str]:
    with (SAMPLES / "questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [sentences(_as_answered(row))[0] for row in rows]


def _as_answered(row: dict[str, str]) -> str:
    """Return an answer with its source named first, as the kiosk says it."""
    title = row["source_title"].removeprefix("中华人民共和国")
    lead = f"根据《{title}》{row['article']}，" if title else ""
    return lead + row["short_answer"]
