"""Writing off the request path: what is noted in memory goes to the database each second."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

FLUSH_SECONDS = 1.0


@contextlib.asynccontextmanager
async def flushed_each_second(
    flush: Callable[[], Awaitable[None]], name: str
) -> AsyncIterator[None]:
    """Flush for as long as the block runs, and once more at its end.

    `flush` deals with its own failures: one that it raises ends the flushing.
    """
    ending = asyncio.Event()

    async def write() -> None:
        while not ending.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), FLUSH_SECONDS)
            await flush()

    writing = asyncio.create_task(write(), name=name)
    try:
        yield
    finally:
        ending.set()
        await writing
