"""Browsers that look at one page after the other.

Runs as a process of its own, `python -m bench.page_client`, with one JSON object (Pages) on its
standard input, and prints one (Seen).
"""

from __future__ import annotations

import asyncio
import sys
import time

import httpx
import msgspec


class Pages(msgspec.Struct, frozen=True):
    """What to look at."""

    url: str
    at_once: int
    paths: list[str]


class Seen(msgspec.Struct):
    """What came back."""

    milliseconds: list[float] = []
    errors: list[str] = []


async def look(pages: Pages) -> Seen:
    """Look at every page once, so many at a time."""
    seen, waiting = Seen(), iter(pages.paths)

    async def in_turn(client: httpx.AsyncClient) -> None:
        for path in waiting:
            began = time.perf_counter()
            page = await client.get(path, headers={"Accept": "text/html"})
            seen.milliseconds.append((time.perf_counter() - began) * 1000)
            if page.status_code != 200:
                seen.errors.append(str(page.status_code))

    async with httpx.AsyncClient(base_url=pages.url, timeout=60, trust_env=False) as client:
        await asyncio.gather(*(in_turn(client) for _ in range(pages.at_once)))
    return seen


if __name__ == "__main__":
    outcome = asyncio.run(look(msgspec.json.decode(sys.stdin.buffer.read(), type=Pages)))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
