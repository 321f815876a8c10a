"""Recognition: sound to text. The protocols that every recogniser keeps.

Audio is always 16 kHz, 16-bit, little-endian, mono PCM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SAMPLE_RATE = 16_000
"""Hertz, of all audio that goes into a recogniser."""
BYTES_PER_SECOND = SAMPLE_RATE * 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance knows after one more piece of sound."""

    text: str
    """The words so far in written form; "" while nothing was understood (always, where the engine
    does not stream)."""
    ended: bool = False
    """Whether the speaker seems to have finished; the caller should now call finish()."""
    pause_ms: int | None = None
    """How long nobody has spoken by now; None where the engine does not tell."""


class Utterance(Protocol):
    """One person speaking once. Never shared, never used again after finish() or abandon()."""

    alternatives: tuple[str, ...]
    """After finish(): what else may have been said, in written form, the likeliest first; () where
    the engine tells of nothing else."""

    async def hear(self, pcm: bytes) -> Heard:
        """Take the next piece of sound, of any length, and say what is known so far."""
        ...

    async def finish(self) -> str:
        """Return the final words in written form, "" when there was no intelligible speech."""
        ...

    async def abandon(self) -> None:
        """Let go of everything held, without an answer: the speaker went away."""
        ...


class Recogniser(Protocol):
    """An engine with its model loaded; shared by everybody who speaks."""

    name: str
    """What settings, logs and pages call it: "vosk", "whisper" or "scripted"."""
    model: str
    """The model in use, by its name in the catalogue or its folder."""
    streams: bool
    """Whether words appear while the person still speaks."""

    def begin(self, phrases: Sequence[str] = ()) -> Utterance:
        """Start listening to one person.

        `phrases` is all that is expected to be said, () for anything at all. An engine that can be
        held to it is; one that cannot hears freely, and the words are compared by sound later.
        """
        ...

    async def close(self) -> None:
        """Let go of threads and models."""
        ...


_PIECE_MS = 100


async def listen(recogniser: Recogniser, pcm: bytes) -> str:
    """Return what is said in a whole recording, in written form, "" for no speech.

    Raises what the recogniser raises.
    """
    return (await listen_closely(recogniser, pcm))[0]


async def listen_closely(recogniser: Recogniser, pcm: bytes) -> tuple[str, tuple[str, ...]]:
    """Return what is said in a whole recording, and what else it may have been, likeliest first.

    Of a recording in several sentences nothing else is told. Pauses that would end an utterance only divide it here. Raises what the recogniser raises.
    """
    step = BYTES_PER_SECOND * _PIECE_MS // 1000
    said: list[tuple[str, tuple[str, ...]]] = []
    utterance = recogniser.begin()
    try:
        for start in range(0, len(pcm), step):
            heard = await utterance.hear(pcm[start : start + step])
            if heard.ended:
                said.append((await utterance.finish(), utterance.alternatives))
                utterance = recogniser.begin()
        said.append((await utterance.finish(), utterance.alternatives))
    finally:
        await utterance.abandon()
    parts = [part for part in said if part[0]]
    return _joined([text for text, _ in parts]), parts[0][1] if len(parts) == 1 else ()


def _joined(parts: list[str]) -> str:
    text = ""
    for part in parts:
        divided = not text or text[-1] in "，。？！；,.?!;"
        text += part if divided else f"，{part}"
    return text
