"""What an engine writes down for a sound, asked once and kept.

Recognition is nearly all of the time of the benchmark and depends on nothing but the engine, its
model and the sound, so that is what it is kept by. Repair and retrieval are measured anew every
time. `--hear-again` asks the engine once more, as is right after a change to the engine itself.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.voice.kept_sound import CACHE
from speech.recognition import BYTES_PER_SECOND, Recogniser, Utterance
from speech.written_text import written_form

_PIECE = BYTES_PER_SECOND // 2


class Hearing(msgspec.Struct, frozen=True):
    """What was heard of one utterance."""

    text: str
    alternatives: tuple[str, ...]
    seconds: float
    """From the end of the speech to the words; of several utterances, the longest."""


@dataclass
class Ear:
    """An engine with a memory."""

    recogniser: Recogniser
    again: bool = False
    """Whether the engine is asked anew about what it was asked before."""
    keeps: bool = True
    """Whether what is heard is kept for the next run, and what was kept is used."""

    def knows(self, pcm: bytes) -> bool:
        """Return whether this sound was heard before."""
        return self._file(pcm).is_file()

    async def hear(self, pcm: bytes) -> Hearing:
        """Return what is heard of a sound."""
        file = self._file(pcm)
        if self.keeps and not self.again and file.is_file():
            kept = msgspec.json.decode(file.read_bytes(), type=Hearing)
            # The rules of writing may have changed since; they leave written text as it is.
            return msgspec.structs.replace(kept, text=written_form(kept.text))
        hearing = await hear(self.recogniser, pcm)
        if self.keeps:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(msgspec.json.encode(hearing))
        return hearing

    def _file(self, pcm: bytes) -> Path:
        engine = f"{self.recogniser.name}-{self.recogniser.model}"
        return CACHE / "heard" / engine / f"{hashlib.sha256(pcm).hexdigest()[:24]}.json"


async def hear(recogniser: Recogniser, pcm: bytes) -> Hearing:
    """Give a recording to an engine half a second at a time.

    Pauses that would end an utterance only divide it here; when an utterance ends is measured
    elsewhere. Alternatives are those of a recording in one utterance.
    """
    parts: list[Hearing] = []
    utterance = recogniser.begin()
    try:
        for start in range(0, len(pcm), _PIECE):
            if (await utterance.hear(pcm[start : start + _PIECE])).ended:
                parts.append(await _finished(utterance))
                utterance = recogniser.begin()
        parts.append(await _finished(utterance))
    finally:
        await utterance.abandon()
    said = [part for part in parts if part.text]
    return Hearing(
        "，".join(part.text for part in said),
        said[0].alternatives if len(said) == 1 else (),
        max(part.seconds for part in parts),
    )


async def _finished(utterance: Utterance) -> Hearing:
    began = time.perf_counter()
    text = await utterance.finish()
    return Hearing(text, tuple(utterance.alternatives), time.perf_counter() - began)
