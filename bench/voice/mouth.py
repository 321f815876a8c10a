"""A voice and an ear: what is heard of a sentence that somebody else than the recorded says."""

from __future__ import annotations

from dataclasses import dataclass

from bench.voice.hearing import Ear, Hearing
from bench.voice.kept_sound import Speaker


@dataclass
class Mouth:
    """Says sentences with Kokoro to an engine."""

    ear: Ear
    speaker: Speaker | None
    """None where nothing is to be said."""

    async def said(self, text: str) -> Hearing:
        """Return what is heard of a sentence."""
        assert self.speaker is not None, "a voice is loaded where one is needed"
        return await self.ear.hear(await self.speaker.say(text))
