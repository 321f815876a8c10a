"""What is wrong with a sound, judged by its samples alone: dead, far too loud, far too quiet.

No model is asked: it costs some microseconds for each tenth of a second.
"""

from __future__ import annotations

from enum import Enum, auto

import numpy as np

from speech.samples import WholeSamples, milliseconds

DEAD_AFTER_MS = 3_000
"""Sound without any movement for so long comes from a microphone that is broken or switched off."""
_DEAD_RANGE = 4
"""Samples of a piece that all lie this close together, of 65,536 values: the air is never so still,
and the cheapest converter makes more noise of its own."""
_CLIPPED = 32_000
"""Size from which a sample counts as cut off, of 32,767."""
_CLIPPED_SHARE = 0.02
"""Share of cut samples from which words are lost. A loud voice that is recorded well has none; one
that is made ten times too loud has 5 to 20 %."""
_QUIET = 700
"""Size of the loudest samples, of 32,767, below which words get lost in the hall (-33 dB)."""
_LOUDEST_SHARE = 0.001
"""Share of the samples that may be louder than what is called loudest: a click is no voice."""
_BINS = 512
_JUDGED_AT_ONCE = 9_600
"""Bytes, 300 ms of sound: what a judgement costs hardly depends on how much is judged."""


class Fault(Enum):
    """What is wrong with the sound of an utterance."""

    DEAD_MICROPHONE = auto()
    TOO_LOUD = auto()
    TOO_QUIET = auto()


class SoundQuality:
    """Judges one stream of 16 kHz, 16-bit PCM, piece by piece."""

    def __init__(self) -> None:
        self._whole = WholeSamples()
        self._unjudged = b""
        self._count = 0
        self._clipped = 0
        self._sizes = np.zeros(_BINS, dtype=np.int64)
        self._still_ms = 0
        self._moved = False

    def hear(self, pcm: bytes) -> None:
        """Take the next piece of sound, of any length."""
        self._unjudged += self._whole.take(pcm)
        if len(self._unjudged) >= _JUDGED_AT_ONCE:
            self._judge()

    def _judge(self) -> None:
        samples, self._unjudged = np.frombuffer(self._unjudged, dtype="<i2"), b""
        if not len(samples):
            return
        self._count += len(samples)
        if int(samples.max()) - int(samples.min()) <= _DEAD_RANGE:
            self._still_ms += milliseconds(2 * len(samples))
            self._sizes[0] += len(samples)  # A constant is no sound, however large.
            return
        self._moved, self._still_ms = True, 0
        sizes = np.abs(samples.astype(np.int32))
        self._clipped += int(np.count_nonzero(sizes >= _CLIPPED))
        self._sizes += np.bincount(np.minimum(sizes >> 6, _BINS - 1), minlength=_BINS)

    @property
    def is_dead(self) -> bool:
        """Whether nothing has moved since the beginning, for long enough to know; it is known some
        tenths of a second later."""
        return not self._moved and self._still_ms >= DEAD_AFTER_MS

    @property
    def fault(self) -> Fault | None:
        """What is wrong with the sound so far; None where it is as it should be."""
        self._judge()
        if self.is_dead:
            return Fault.DEAD_MICROPHONE
        if not self._count:
            return None
        if self._clipped >= self._count * _CLIPPED_SHARE:
            return Fault.TOO_LOUD
        if self._loudest < _QUIET:
            return Fault.TOO_QUIET
        return None

    @property
    def _loudest(self) -> int:
        """Return the size that all but the loudest samples stay below."""
        below = np.cumsum(self._sizes) < self._count * (1 - _LOUDEST_SHARE)
        return (int(np.count_nonzero(below)) + 1) << 6
