"""How long until what is published is found, and what is withdrawn is gone."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import UTC, datetime
from uuid import uuid4

from bench.bench_zone import Plan, open_zone, settings
from bench.report import Row, percentile
from models.index_change import Subject
from server.cli.recording import command_line
from services.access import Actor
from services.document_content import DocumentContent, ParagraphContent
from services.library import Library
from services.publication import publish_directly, withdraw

_TARGET_S = 2.0
_LOOK_AGAIN_S = 0.01
_GIVE_UP_S = 30.0


async def measure(plan: Plan) -> list[Row]:
    """Return the seconds from the commit to the answer, median and 99th percentile."""
    appeared, gone = [], []
    async with open_zone() as library:
        actor = await command_line(settings())
        await library.start_following()
        for turn in range(plan.times(40, 4)):
            # The follower looks twice a second: start at every part of its half second.
            await asyncio.sleep(0.037 * (turn % 14))
            times = await _published_and_withdrawn(library, actor)
            appeared.append(times[0])
            gone.append(times[1])
    note = f"{len(appeared)} documents of 60 paragraphs, one after the other"
    return [
        *_rows("publish to searchable", appeared, note),
        *_rows("withdraw to gone", gone, note),
    ]


def _rows(name: str, seconds: list[float], note: str) -> list[Row]:
    return [
        Row(f"{name}, median", statistics.median(seconds), "s", _TARGET_S, note=note),
        Row(f"{name}, p99", percentile(seconds, 99), "s", _TARGET_S, note=note),
    ]


async def _published_and_withdrawn(library: Library, actor: Actor) -> tuple[float, float]:
    name = uuid4().hex
    content = DocumentContent(
        f"测量用的通知{name}",
        tuple(ParagraphContent(f"第{place}段说明测量的办法和要求。") for place in range(60)),
        document_number=f"测办发〔2026〕{int(name[:6], 16)}号",
    )
    now = datetime.now(UTC)
    version = await publish_directly(actor, content, external_id=name, now=now)
    appeared = await _until(library, content.document_number, version.subject_id, found=True)
    await withdraw(
        actor, Subject.DOCUMENT, version.subject_id, reason="测量完毕", now=datetime.now(UTC)
    )
    gone = await _until(library, content.document_number, version.subject_id, found=False)
    return appeared, gone


async def _until(library: Library, number: str, document_id: int, *, found: bool) -> float:
    began = time.perf_counter()
    while True:
        hits = await library.search(number, 3)
        seconds = time.perf_counter() - began
        is_found = document_id in {hit.id for hit in hits if hit.kind == "document"}
        if is_found is found or seconds > _GIVE_UP_S:
            return seconds
        await asyncio.sleep(_LOOK_AGAIN_S)
