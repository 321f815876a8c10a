"""So many a second, evenly: a token bucket."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Lets so many things begin in a second, and a few at once after a rest."""

    def __init__(
        self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._there = burst
        self._at = clock()

    def take(self, wanted: int) -> int:
        """Take room for as many as are wanted and there is room for."""
        self._fill()
        taken = min(wanted, int(self._there))
        self._there -= taken
        return taken

    def give_back(self, unused: int) -> None:
        """Return room that was not used."""
        self._there = min(self._burst, self._there + unused)

    def wait_s(self, wanted: int = 1) -> float:
        """Return the seconds until there is room for so many."""
        self._fill()
        return max(0.0, (min(wanted, self._burst) - self._there) / self._per_second)

    def _fill(self) -> None:
        now = self._clock()
        self._there = min(self._burst, self._there + (now - self._at) * self._per_second)
        self._at = now
