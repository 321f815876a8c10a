"""Synthesis: text to sound. The protocol that every synthesiser keeps."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from typing import Protocol

DEFAULT_RATE = 1.0
"""Speaking rate as a factor of the voice's own."""
SLOWEST_RATE, FASTEST_RATE = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Sound:
    """Spoken text: 16-bit, little-endian, mono PCM."""

    pcm: bytes
    sample_rate: int
    """Hertz."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.sample_rate

    def wav(self) -> bytes:
        """Return the sound as a WAV file."""
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(self.sample_rate)
            out.writeframes(self.pcm)
        return file.getvalue()


class Synthesiser(Protocol):
    """An engine that speaks; shared by everybody who listens."""

    @property
    def name(self) -> str:
        """What settings, logs and pages call it: "kokoro", "espeak" or "silent"."""
        ...

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices to choose from, the default first."""
        ...

    @property
    def takes_time(self) -> bool:
        """Whether a short sentence takes longer to make than a listener gladly waits."""
        ...

    async def speak(
        self, text: str, *, voice: str | None = None, rate: float = DEFAULT_RATE
    ) -> Sound:
        """Return one sentence of ordinary written Chinese, spoken.

        Raises SynthesisFailed when the engine gives no sound, UnknownVoice for a voice it has not.
        """
        ...

    async def close(self) -> None:
        """Let go of threads, processes and models."""
        ...
