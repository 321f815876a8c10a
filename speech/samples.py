"""Samples: pieces of a byte stream made into whole 16-bit samples."""

from __future__ import annotations

import numpy as np

from speech.recognition import SAMPLE_RATE


class WholeSamples:
    """Joins pieces of a stream so that every piece that comes out holds whole samples only.

    A network cuts where it likes; an engine given half a sample hears noise from there on.
    """

    def __init__(self) -> None:
        self._odd = b""

    def take(self, pcm: bytes) -> bytes:
        """Return the whole samples there are by now; an odd last byte waits for its other half."""
        joined = self._odd + pcm
        whole = len(joined) - len(joined) % 2
        self._odd = joined[whole:]
        return joined[:whole]


def milliseconds(pcm_bytes: int) -> int:
    """Return how long that many bytes of 16 kHz, 16-bit, mono PCM last, in milliseconds."""
    return pcm_bytes * 1000 // (SAMPLE_RATE * 2)


def bytes_of(duration_ms: int) -> int:
    """Return how many bytes of 16 kHz, 16-bit, mono PCM last that long; always whole samples."""
    return duration_ms * SAMPLE_RATE // 1000 * 2


def loudest(pcm: bytes) -> int:
    """Return the size of the loudest of whole 16-bit samples, 0 to 32,768; 0 where there is none."""
    samples = np.frombuffer(pcm, dtype="<i2")
    return int(np.abs(samples.astype(np.int32)).max()) if samples.size else 0
