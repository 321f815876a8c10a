"""How many people a machine can listen to at the same time, measured when its engine is loaded."""

from __future__ import annotations

import os
from typing import Protocol, runtime_checkable

import numpy as np

from speech.recognition import SAMPLE_RATE, Recogniser

REHEARSAL_S = 1.0
"""Seconds of sound that a rehearsal takes."""
FEWEST, MOST = 2, 32
_WITHOUT_MEASURE = 8
_LOAD = 0.6
"""Share of the processors that listening may take; the rest is for answering and speaking."""
_LONGEST_WAIT_S = 4.0
"""Seconds that somebody may wait for their words when all stop speaking at the same moment."""


@runtime_checkable
class Rehearsing(Protocol):
    """A recogniser that can tell how much work listening is."""

    async def rehearse(self, pcm: bytes) -> float:
        """Hear a sound as if it were speech; return the seconds that it took. Nobody is heard."""
        ...


async def people_at_once(recogniser: Recogniser, processors: int | None = None) -> int:
    """Return how many people may speak at once, from a rehearsal of about a second.

    `processors` is how many there are; all of this machine unless told otherwise.
    Raises EngineBroken as the recogniser does.
    """
    if not isinstance(recogniser, Rehearsing):
        return _WITHOUT_MEASURE
    # A streaming engine takes a fraction of a second: what disturbs it once is not its speed.
    times = 3 if recogniser.streams else 1
    took = max(min([await recogniser.rehearse(_murmur()) for _ in range(times)]), 0.001)
    if recogniser.streams:
        # The work is spread over the time of speaking.
        places = (processors or os.cpu_count() or 1) * _LOAD * REHEARSAL_S / took
    else:
        # The work begins when somebody stops, and is done for one after the other.
        places = _LONGEST_WAIT_S / took
    return max(FEWEST, min(MOST, int(places)))


def _murmur() -> bytes:
    """Return noise that swells and falls as syllables do: an engine searches it as it does speech."""
    time = np.arange(int(REHEARSAL_S * SAMPLE_RATE)) / SAMPLE_RATE
    noise = np.random.default_rng(1).standard_normal(len(time))
    swelling = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * time)
    return bytes((noise * swelling * 3000).clip(-32768, 32767).astype("<i2").tobytes())
