"""Typed questions over HTTP: a real server, and a client in a process of its own."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
from urllib.parse import urlsplit

import msgspec

from bench.asking_client import Outcome
from bench.bench_zone import ROOT, Plan, typed_questions
from bench.report import Row, Skipped, percentile
from bench.serving import Served, serve

CONNECTIONS = 32


async def measure(plan: Plan) -> list[Row]:
    """Return the percentiles of an ask over HTTP at 32 connections, and the asks per second."""
    questions = random.Random(2019).sample(typed_questions(), plan.times(3_000, 500))
    async with serve() as served:
        await _ask(served, questions[:200])
        rounds = [await _ask(served, questions) for _ in range(plan.times(3, 1))]
    failures = sum(outcome.failures for outcome in rounds)
    note = f"{CONNECTIONS} connections, {len(questions)} questions, {len(rounds)} rounds"
    if failures:
        note += f", {failures} FAILED"
    p50, p99 = (
        statistics.median(percentile(outcome.milliseconds, p) for outcome in rounds)
        for p in (50, 99)
    )
    rate = statistics.median(len(outcome.milliseconds) / outcome.seconds for outcome in rounds)
    return [
        Row("typed ask, over HTTP, p50", p50, "ms", note=note),
        Row("typed ask, over HTTP, p99", p99, "ms", 50, note=note),
        Row("typed ask, over HTTP, rate", rate, "asks/s", note=note),
    ]


async def _ask(served: Served, questions: list[str]) -> Outcome:
    address = urlsplit(served.url)
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.asking_client"),
        *(str(address.hostname), str(address.port), str(CONNECTIONS)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await client.communicate("\n".join(questions).encode())
    if client.returncode != 0:
        raise Skipped("the asking client failed")
    return msgspec.json.decode(printed, type=Outcome)
