"""The public catalogue of 10,000 documents: listed, filtered and searched over HTTP."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec

from bench.bench_zone import ROOT, Plan
from bench.many_documents import AGENCIES, DOCUMENTS, TOPICS, prepare_many
from bench.page_client import Pages, Seen
from bench.report import Row, Skipped, percentile
from bench.serving import serve
from models.category import Category
from models.document import Validity

_AT_ONCE = 8
"""Visitors who look for something at the same time."""
_TARGET_MS = 300


async def measure(plan: Plan) -> list[Row]:
    """Return how long a page of the catalogue takes for one visitor and for several."""
    where = await prepare_many()
    number = plan.times(600, 60)
    async with serve(where) as served:
        lists, searches = _lists(number), _searches(number // 3)
        await _looked_at(Pages(served.url, 1, lists[:20] + searches[:5]))
        alone = await _looked_at(Pages(served.url, 1, lists))
        together = await _looked_at(Pages(served.url, _AT_ONCE, lists))
        sought = await _looked_at(Pages(served.url, 1, searches))
    note = f"{DOCUMENTS:,} documents, {number} pages"
    return [
        Row("catalogue, p50", percentile(alone, 50), "ms", note=note),
        Row("catalogue, p99", percentile(alone, 99), "ms", _TARGET_MS, note=note),
        Row(f"catalogue, {_AT_ONCE} at once, p99", percentile(together, 99), "ms", note=note),
        Row("catalogue, search, p99", percentile(sought, 99), "ms", _TARGET_MS, note=note),
    ]


def _lists(number: int) -> list[str]:
    chance = random.Random(7)
    kinds: list[Callable[[], dict[str, str | int]]] = [
        dict,
        lambda: {"page": chance.randint(1, DOCUMENTS // 25)},
        lambda: {"category": chance.choice(list(Category)).value, "page": chance.randint(1, 9)},
        lambda: {"agency": f"示例区{chance.choice(AGENCIES)}", "year": chance.randint(2010, 2026)},
        lambda: {
            "validity": chance.choice(list(Validity)).value,
            "category": chance.choice(list(Category)).value,
        },
    ]
    return [f"/documents?{urlencode(kinds[n % len(kinds)]())}" for n in range(number)]


def _searches(number: int) -> list[str]:
    chance = random.Random(8)
    asked: list[Callable[[], dict[str, str | int]]] = [
        lambda: {"q": f"{chance.choice(TOPICS)}怎么办理"},
        lambda: {"q": chance.choice(TOPICS), "year": chance.randint(2010, 2026)},
        lambda: {"q": f"〔{chance.randint(2010, 2026)}〕{chance.randint(1, DOCUMENTS)}号"},
    ]
    return [f"/documents?{urlencode(asked[n % len(asked)]())}" for n in range(number)]


async def _looked_at(pages: Pages) -> list[float]:
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.page_client"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await client.communicate(msgspec.json.encode(pages))
    if client.returncode != 0:
        raise Skipped("the client failed")
    seen = msgspec.json.decode(printed, type=Seen)
    if seen.errors:
        raise Skipped(f"pages were not shown: {Counter(seen.errors)}")
    return seen.milliseconds
