"""A clock that can be stopped, set and moved on: every life and every window is told by it."""

from __future__ import annotations

import asyncio
import time

BEIJING = 8 * 3600
"""Seconds that Beijing is ahead of UTC: the platform's days are Beijing's."""


class Clock:
    """Virtual Unix time, in seconds. It runs along with the machine's until it is moved."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._stopped_at: float | None = None
        self._moved = asyncio.Event()

    def now(self) -> float:
        return time.time() + self._ahead if self._stopped_at is None else self._stopped_at

    @property
    def is_frozen(self) -> bool:
        return self._stopped_at is not None

    def freeze(self) -> None:
        self._stopped_at = self.now()
        self._wake()

    def run(self) -> None:
        self._ahead = self.now() - time.time()
        self._stopped_at = None
        self._wake()

    def set(self, now: float) -> None:
        if self._stopped_at is None:
            self._ahead = now - time.time()
        else:
            self._stopped_at = now
        self._wake()

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def reset(self) -> None:
        self._ahead, self._stopped_at = 0.0, None
        self._wake()

    def minute(self) -> int:
        return int(self.now() // 60)

    def day(self) -> int:
        """The number of today in Beijing."""
        return self.day_of(self.now())

    @staticmethod
    def day_of(at: float) -> int:
        return int((at + BEIJING) // 86400)

    def month(self) -> str:
        """This month in Beijing, "2026-03"."""
        return time.strftime("%Y-%m", time.gmtime(self.now() + BEIJING))

    def minute_ends(self) -> float:
        return (self.minute() + 1) * 60.0

    def day_ends(self) -> float:
        return (self.day() + 1) * 86400.0 - BEIJING

    async def wait_until(self, due: float) -> None:
        """Return once it is `due`, however the clock got there."""
        while (left := due - self.now()) > 0:
            moved = self._moved
            if self._stopped_at is not None:
                await moved.wait()
                continue
            try:
                await asyncio.wait_for(moved.wait(), left)
            except TimeoutError:
                continue

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
