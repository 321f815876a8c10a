"""A voice and an ear: what is heard of a sentence that somebody else than the recorded says."""

from __future__ import annotations

from dataclasses import dataclass

from bench.voice.hearing import Ear, Hearing
from bench.voice.kept_sound import Speaker, was_said


@dataclass
class Mouth:
    """Says sentences with Kokoro to an engine."""

    ear: Ear
    speaker: Speaker | None
    """None where nothing is to be said."""
    known_only: bool = False

    async def may_say(self, text: str) -> bool:
        """Return whether a sentence is to be said: any, or only one that was heard before."""
        if not self.known_only:
            return True
        assert self.speaker is not None, "a voice is loaded where one is needed"
        return was_said(text) and self.ear.knows(await self.speaker.say(text))

    async def said(self, text: str) -> Hearing:
        """Return what is heard of a sentence."""
        assert self.speaker is not None, "a voice is loaded where one is needed"
        return await self.ear.hear(await self.speaker.say(text))
