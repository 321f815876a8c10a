"""The process that sends messages to phones, beside the ones that serve.

It is another process so that WeChat, however slow it is, takes nothing from whoever stands at a
kiosk. Whoever serves starts it, starts it again when it dies, and takes it along when it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from server.settings import Settings
from server.workers import own_command

_SETTLED_S = 10.0
"""A process that lived this long did not die of its start."""
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_PATIENCE_S = 20.0
"""How long it may take to stop: it waits for calls under way."""
_LESS_PRESSING = 5
"""How far it stands back when the processor is short (nice)."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def delivering_beside(settings: Settings) -> AsyncIterator[None]:
    """Have messages sent by a process of its own for as long as the block runs.

    Does nothing where no mini-program is configured.
    """
    if not settings.wechat_app_id:
        yield
        return
    keeping = asyncio.create_task(_keep(), name="delivery process")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


def watch_parent(loop: asyncio.AbstractEventLoop, stop: Callable[[], object]) -> None:
    """Have something called when whoever started this process is gone, whatever became of it.

    Its end of our standard input closes then. Called in the process that was started.
    """

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 64):
                pass
        with contextlib.suppress(RuntimeError):  # The loop is closed: we are ending anyway.
            loop.call_soon_threadsafe(stop)

    if hasattr(os, "nice"):
        os.nice(_LESS_PRESSING)
    threading.Thread(target=wait, name="watching the parent", daemon=True).start()


async def _keep() -> None:
    wait_s = _SHORTEST_WAIT_S
    while True:
        began = time.monotonic()
        try:
            code = await _run_one()
            log.error("delivery process died", exit_code=code)
        except OSError as error:
            # There may be no memory, or no process, to be had for a while.
            log.error("delivery process not started", error=type(error).__name__)
        settled = time.monotonic() - began > _SETTLED_S
        wait_s = _SHORTEST_WAIT_S if settled else min(2 * wait_s, _LONGEST_WAIT_S)
        await asyncio.sleep(wait_s)


async def _run_one() -> int:
    process = await asyncio.create_subprocess_exec(
        *own_command("deliver", "--inherited"), stdin=subprocess.PIPE
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            await asyncio.shield(_end(process))


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE_S)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
