"""Scripted recognition: a recogniser that hears what it was told to, for tests and rehearsals."""

from __future__ import annotations

from collections.abc import Sequence

from speech.errors import EngineBroken
from speech.recognition import Heard
from speech.samples import WholeSamples, milliseconds
from speech.written_text import written_form

_SILENCE_LEVEL = 300
"""Samples below this size, of 32,767, are silence."""
_MS_PER_CHARACTER = 200


class ScriptedRecogniser:
    """Hears one transcript after the other, in turn, whoever speaks; silence stays silence.

    The words appear a character for each 200 ms of sound; `silence_ms` of silence, in milliseconds,
    ends the utterance, as it does with a real engine. `alternatives` is what else may have been said
    each time.
    """

    name = "scripted"
    model = "scripted"
    streams = True

    def __init__(
        self,
        transcripts: Sequence[str],
        *,
        silence_ms: int = 800,
        alternatives: Sequence[str] = (),
    ) -> None:
        self._transcripts = tuple(transcripts)
        self._alternatives = tuple(alternatives)
        self._silence_ms = silence_ms
        self._begun = 0

    def begin(self, phrases: Sequence[str] = ()) -> ScriptedUtterance:
        turn = self._begun
        self._begun += 1
        transcript = self._transcripts[turn % len(self._transcripts)] if self._transcripts else ""
        return ScriptedUtterance(transcript, self._silence_ms, self._alternatives)

    async def close(self) -> None:
        """Nothing is held."""


class ScriptedUtterance:
    """One person speaking once, whatever they say."""

    def __init__(self, transcript: str, silence_ms: int, alternatives: tuple[str, ...]) -> None:
        self._transcript = transcript
        self._silence_limit_ms = silence_ms
        self._whole = WholeSamples()
        self._sound_ms = 0
        self._silence_ms = 0
        self._over = False
        self._alternatives = alternatives
        self.alternatives: tuple[str, ...] = ()

    async def hear(self, pcm: bytes) -> Heard:
        if self._over:
            raise EngineBroken("这一句已经结束，请重新开始。")
        whole = self._whole.take(pcm)
        samples = memoryview(whole).cast("h")
        if max((abs(sample) for sample in samples), default=0) >= _SILENCE_LEVEL:
            self._sound_ms += milliseconds(len(whole))
            self._silence_ms = 0
        else:
            self._silence_ms += milliseconds(len(whole))
        said = written_form(self._transcript[: self._sound_ms // _MS_PER_CHARACTER])
        ended = self._sound_ms > 0 and self._silence_ms >= self._silence_limit_ms
        return Heard(said, ended=ended)

    async def finish(self) -> str:
        if self._over:
            raise EngineBroken("这一句已经结束，请重新开始。")
        self._over = True
        if not self._sound_ms:
            return ""
        self.alternatives = tuple(map(written_form, self._alternatives))
        return written_form(self._transcript)

    async def abandon(self) -> None:
        self._over = True
