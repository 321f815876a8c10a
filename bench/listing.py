"""A page of 10,000 documents in the console: listed, filtered, searched and counted over HTTP."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from urllib.parse import urlencode

import httpx

from bench.bench_zone import Plan
from bench.many_documents import AGENCIES, DOCUMENTS, PASSWORD, TOPICS, USERNAME, prepare_many
from bench.report import Row, Skipped, percentile
from bench.serving import serve
from models.category import Category
from models.document import Validity
from services.staff_documents import Standing

_AT_ONCE = 4
"""Members of staff who look for something at the same time."""
_TARGET_MS = 300


async def measure(plan: Plan) -> list[Row]:
    """Return how long a page of the list takes, alone and with others."""
    where = await prepare_many()
    async with (
        serve(where) as served,
        httpx.AsyncClient(base_url=served.url, timeout=60, trust_env=False) as client,
    ):
        entered = await client.post(
            "/console/sign-in", data={"username": USERNAME, "password": PASSWORD}
        )
        if entered.status_code != 303:
            raise Skipped(f"signing in answered {entered.status_code}")
        wanted = _addresses(plan.times(400, 40))
        await _look(client, wanted[:10])
        alone = await _look(client, wanted)
        began = time.perf_counter()
        shares = [wanted[n::_AT_ONCE] for n in range(_AT_ONCE)]
        together = [
            ms for some in await asyncio.gather(*(_look(client, s) for s in shares)) for ms in some
        ]
        rate = len(together) / (time.perf_counter() - began)
    note = f"{DOCUMENTS:,} documents, {len(wanted)} pages"
    return [
        Row("console list, p50", percentile(alone, 50), "ms", note=note),
        Row("console list, p99", percentile(alone, 99), "ms", _TARGET_MS, note=note),
        Row(f"console list, {_AT_ONCE} at once, p99", percentile(together, 99), "ms", note=note),
        Row("console list, rate", rate, "pages/s", note=note),
    ]


def _addresses(number: int) -> list[str]:
    chance = random.Random(2026)
    kinds: list[Callable[[], dict[str, str | int]]] = [
        lambda: {"page": chance.randint(1, DOCUMENTS // 50)},
        lambda: {"category": chance.choice(list(Category)).value},
        lambda: {"state": chance.choice(list(Standing)).value, "page": chance.randint(1, 5)},
        lambda: {
            "validity": chance.choice(list(Validity)).value,
            "agency": chance.choice(AGENCIES),
        },
        lambda: {"words": chance.choice(TOPICS), "category": chance.choice(list(Category)).value},
        lambda: {"words": f"〔{chance.randint(2010, 2026)}〕{chance.randint(1, DOCUMENTS)}号"},
    ]
    return [f"/console/documents?{urlencode(kinds[n % len(kinds)]())}" for n in range(number)]


async def _look(client: httpx.AsyncClient, addresses: list[str]) -> list[float]:
    took = []
    for address in addresses:
        began = time.perf_counter()
        page = await client.get(address, headers={"Accept": "text/html"})
        took.append((time.perf_counter() - began) * 1000)
        if page.status_code != 200 or not re.search(r"共 \d+ (?:项|页)", page.text):
            raise Skipped(f"a page of the list answered {page.status_code}")
    return took
