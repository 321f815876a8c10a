"""How fast the search index is made anew from the database."""

from __future__ import annotations

import statistics
import time

from bench.bench_zone import Plan, open_zone
from bench.report import Row


async def measure(plan: Plan) -> list[Row]:
    """Return the entries indexed per second, the median of several rebuilds."""
    rates, seconds = [], []
    async with open_zone() as library:
        for _ in range(plan.times(3, 1)):
            began = time.perf_counter()
            entries = await library.rebuild()
            seconds.append(time.perf_counter() - began)
            rates.append(entries / seconds[-1])
    note = f"{entries:,} entries in {statistics.median(seconds):.1f} s, {len(rates)} rebuilds"
    return [Row("index build", statistics.median(rates), "entries/s", note=note)]
