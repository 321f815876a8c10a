"""Several processes that serve one socket: a parent that starts them, and starts again what dies.

The parent holds the socket and serves nothing itself. Its children inherit the socket, and with it
the end of a pipe that tells them, whatever happens to the parent, when it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

_SETTLED_S = 10.0
"""A process that lived this long did not die of its start."""
_LONGEST_WAIT_S = 30.0
_PATIENCE_S = 20.0
"""How long processes may take to stop before they are killed."""
_MAIN = "import sys; sys.path[:] = {path!r}; from server.cli import main; main()"

log = structlog.get_logger(__name__)


def own_command(*arguments: str) -> list[str]:
    """Return what starts a command of this program as a process of its own."""
    return [sys.executable, "-c", _MAIN.format(path=sys.path), *arguments]


@dataclass(frozen=True)
class Inherited:
    """File descriptors that a child has from its parent."""

    listening: int
    parent_lives: int
    """A pipe that ends with the parent."""
    ready: int
    """A pipe to which a child writes one byte once it serves."""

    def __str__(self) -> str:
        return f"{self.listening},{self.parent_lives},{self.ready}"

    @classmethod
    def of(cls, text: str) -> Inherited:
        """Read what str() has written."""
        listening, parent_lives, ready = (int(number) for number in text.split(","))
        return cls(listening, parent_lives, ready)

    def socket(self) -> socket.socket:
        """Return the socket to serve."""
        return socket.socket(fileno=self.listening)

    def watch(self, stop: Callable[[], object]) -> None:
        """Have something called when the parent is gone."""
        asyncio.get_running_loop().add_reader(self.parent_lives, stop)

    def say_ready(self) -> None:
        """Tell the parent that this child serves."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self.ready, b".")


class Workers:
    """The children of one parent."""

    def __init__(self, listening: socket.socket, count: int, arguments: list[str]) -> None:
        self._count = count
        self._arguments = arguments
        parent_lives, self._life = os.pipe()
        self._ready, ready = os.pipe()
        self._inherited = Inherited(listening.fileno(), parent_lives, ready)
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._all_ready = asyncio.Event()
        self._exit_code = 0

    async def run(self, announce: Callable[[], object]) -> int:
        """Keep all children running until told to stop; return the exit code.

        A child that cannot even start ends everything with its own code: starting it again would
        not help.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._stopping.set)
        loop.add_reader(self._ready, self._count_ready)
        keeping = [asyncio.create_task(self._keep(place)) for place in range(self._count)]
        try:
            announcing = asyncio.create_task(self._announce(announce))
            await self._stopping.wait()
            announcing.cancel()
        finally:
            loop.remove_reader(self._ready)
            await self._end()
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
        return self._exit_code

    async def _announce(self, announce: Callable[[], object]) -> None:
        await self._all_ready.wait()
        announce()

    def _count_ready(self) -> None:
        self._count -= len(os.read(self._ready, 64))
        if self._count <= 0:
            self._all_ready.set()

    async def _keep(self, place: int) -> None:
        """Run one child, and another after it, until told to stop."""
        wait = 1.0
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._run_one(place)
            if self._stopping.is_set():
                return
            if not self._all_ready.is_set():
                self._exit_code = code if code > 0 else 1
                self._stopping.set()
                return
            log.error("worker died", worker=place, exit_code=code)
            settled = time.monotonic() - began > _SETTLED_S
            wait = 0.5 if settled else min(2 * wait, _LONGEST_WAIT_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    async def _run_one(self, place: int) -> int:
        inherited = self._inherited
        process = await asyncio.create_subprocess_exec(
            *own_command("serve", "--inherited", str(inherited), *self._arguments),
            pass_fds=(inherited.listening, inherited.parent_lives, inherited.ready),
        )
        self._running[place] = process
        try:
            return await process.wait()
        finally:
            self._running.pop(place, None)

    async def _end(self) -> None:
        """Stop all children, and kill those that do not."""
        running = list(self._running.values())
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        ending = asyncio.gather(*(process.wait() for process in running))
        try:
            await asyncio.wait_for(ending, _PATIENCE_S)
        except TimeoutError:
            for process in running:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
