"""Blocking calls beside the event loop: so many at once, and never longer than a deadline."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class GateFull(Exception):
    """No place came free within the deadline: nothing was begun."""


class DeadlinePassed(Exception):
    """What was begun did not end within the deadline. It may still be done."""


class Gate:
    """Lets a number of calls through at once, each in a thread of its own.

    A place is taken until its *thread* ends: giving up waiting does not stop a thread, and a gate
    that forgot that would start ever more of them while WeChat hangs. The threads are daemons, so
    that a hung one does not keep the process from ending. Belongs to one event loop.
    """

    def __init__(self, name: str, places: int) -> None:
        self._name = name
        self._places = asyncio.Semaphore(places)

    async def run(self, work: Callable[[], T], *, deadline_s: float) -> T:
        """Return what the work returns, or raise what it raises.

        Raises GateFull, DeadlinePassed.
        """
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + deadline_s
        try:
            async with asyncio.timeout_at(ends_at):
                await self._places.acquire()
        except TimeoutError:
            raise GateFull(f"All places of the gate {self._name} are taken.") from None
        done: asyncio.Future[T] = loop.create_future()
        try:
            self._start(work, loop, done)
        except BaseException:
            self._places.release()
            raise
        try:
            async with asyncio.timeout_at(ends_at):
                return await done
        except TimeoutError:
            raise DeadlinePassed(f"A call through the gate {self._name} took too long.") from None

    def _start(
        self, work: Callable[[], T], loop: asyncio.AbstractEventLoop, done: asyncio.Future[T]
    ) -> None:
        def settle(result: T | None, error: BaseException | None) -> None:
            self._places.release()
            if done.done():
                return  # Nobody waits any more.
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(result)  # type: ignore[arg-type]

        def run() -> None:
            result: T | None = None
            error: BaseException | None = None
            try:
                result = work()
            except BaseException as failure:  # noqa: BLE001 - raised again where it is awaited.
                error = failure
            try:
                loop.call_soon_threadsafe(settle, result, error)
            except RuntimeError:
                pass  # The loop is closed: the process is ending.

        threading.Thread(target=run, name=f"wechat-{self._name}", daemon=True).start()
