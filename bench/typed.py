"""Typed questions, asked of the library in this process."""

from __future__ import annotations

import random
import statistics
import time

from bench.bench_zone import Plan, open_zone, typed_questions
from bench.report import Row, percentile
from services.library import Library

WARM_UP = 50


async def measure(plan: Plan) -> list[Row]:
    """Return the 50th and 99th percentile of Library.ask, medians of several rounds."""
    questions = random.Random(2019).sample(typed_questions(), WARM_UP + plan.times(2_000, 300))
    rounds = plan.times(3, 1)
    async with open_zone() as library:
        await _ask_all(library, questions[:WARM_UP])
        took = [await _ask_all(library, questions[WARM_UP:]) for _ in range(rounds)]
    note = f"{len(questions) - WARM_UP} questions, {rounds} rounds"
    p50, p99 = (statistics.median(percentile(ms, p) for ms in took) for p in (50, 99))
    return [
        Row("typed ask, in process, p50", p50, "ms", note=note),
        Row("typed ask, in process, p99", p99, "ms", 30, note=note),
    ]


async def _ask_all(library: Library, questions: list[str]) -> list[float]:
    """Return how long each question took, in milliseconds."""
    took = []
    for question in questions:
        began = time.perf_counter()
        await library.ask(question)
        took.append((time.perf_counter() - began) * 1000)
    return took
