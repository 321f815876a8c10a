"""Guessing that gets slower: who fails several times in a row must wait, each time twice as long."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from server.rate_limit import TooManyRequests
from services.errors import NotFound

_FREE = 3
"""Mistakes that cost no waiting; people mistype."""
_LONGEST_S = 300
_ADDRESSES = 1000


class MustWait(TooManyRequests):
    """Too many mistakes in a row; the sentence says how long to wait."""

    code = "must_wait"
    sentence = "输错的次数太多了，请过一会儿再试。"


class GrowingDelay:
    """Remembers the mistakes of each address since it last got it right."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._mistakes: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """By address: how many, and until when it must wait."""

    def require(self, address: str) -> None:
        """Raise MustWait while an address must wait."""
        waits = self._mistakes.get(address, (0, 0.0))[1] - self._clock()
        if waits > 0:
            seconds = int(waits) + 1
            raise MustWait(f"{seconds} s", sentence=f"输错的次数太多了，请等 {seconds} 秒再试。")

    def note_mistake(self, address: str) -> None:
        """Count a mistake."""
        count = self._mistakes.get(address, (0, 0.0))[0] + 1
        delay = min(_LONGEST_S, 2.0 ** (count - _FREE)) if count > _FREE else 0.0
        self._mistakes[address] = (count, self._clock() + delay)
        self._mistakes.move_to_end(address)
        while len(self._mistakes) > _ADDRESSES:
            self._mistakes.popitem(last=False)

    def forget(self, address: str) -> None:
        """Forget the mistakes of an address that got it right."""
        self._mistakes.pop(address, None)

    @contextmanager
    def guarding(self, address: str) -> Iterator[None]:
        """Let an address look for something by a number; what is not found is a mistake.

        Raises MustWait.
        """
        self.require(address)
        try:
            yield
        except NotFound:
            self.note_mistake(address)
            raise
        self.forget(address)
