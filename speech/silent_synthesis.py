"""Silence of a plausible length, for tests and for desks without sound."""

from __future__ import annotations

from speech.synthesis import DEFAULT_RATE, Sound

_SAMPLE_RATE = 16_000
_SECONDS_A_CHARACTER = 0.22
"""Mandarin read calmly runs at four to five syllables a second."""


class SilentSynthesiser:
    """Takes as long as a voice would, and says nothing."""

    name = "silent"
    voices: tuple[str, ...] = ("silence",)
    takes_time: bool = False

    async def speak(
        self, text: str, *, voice: str | None = None, rate: float = DEFAULT_RATE
    ) -> Sound:
        """Return silence as long as the text would take; any voice will do."""
        samples = int(_SAMPLE_RATE * _SECONDS_A_CHARACTER * max(1, len(text)) / rate)
        return Sound(bytes(2 * samples), _SAMPLE_RATE)

    async def close(self) -> None:
        """There is nothing to let go of."""
