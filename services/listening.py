"""One person speaking at a time, at a kiosk or on a phone, within the limits of all who speak."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import structlog

from services.errors import EngineMissing, Unavailable
from services.logged_failures import failure_fields
from speech.recognition import BYTES_PER_SECOND, Recogniser, Utterance, listen
from speech.samples import loudest

_RECORDINGS_AT_ONCE = 8
_SILENT = 300
"""Samples below this size, of 32,767, are silence."""
_WALL_CLOCK_FACTOR = 2
"""An utterance may take this many times its longest sound, however slowly the sound comes."""


@dataclass(frozen=True)
class VoiceLimits:
    """What one voice connection may take up."""

    utterance_s: float = 30.0
    """Seconds of sound in one utterance; what was heard by then is answered."""
    no_sound_s: float = 10.0
    """Seconds without any sound after which an utterance is given up."""
    idle_s: float = 600.0
    """Seconds without any message after which a connection is closed."""
    listening_at_once: int = 8
    """People who may speak at the same time; one more is asked to wait."""


class Hearing(Protocol):
    """What a process hears with, and how many speak to it."""

    voice_limits: VoiceLimits
    listening: int
    """People who are speaking right now."""

    @property
    def recogniser(self) -> Recogniser | None: ...

    def note_listening(self) -> None:
        """Tell whoever counts that somebody began or ended."""
        ...

    def note_recognised(self, engine: str, seconds: float) -> None:
        """Tell whoever measures how long the words took from the end of speech."""
        ...


class RecordingPlaces:
    """How many recordings may come in at the same time, in each process."""

    def __init__(self, at_once: int = _RECORDINGS_AT_ONCE) -> None:
        self._free = at_once

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take one of the places. Raises Unavailable."""
        if self._free <= 0:
            raise Unavailable(
                "Too many recordings come in.", sentence="现在提问的人较多，请稍等片刻再试一次。"
            )
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


@dataclass(frozen=True, slots=True)
class Progress:
    """What one more piece of sound brought."""

    text: str
    is_new: bool
    ended: bool


class Listener:
    """Holds the utterance of a connection, when there is one, and its place among all."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._utterance: Utterance | None = None
        self._recogniser: Recogniser | None = None
        self._bytes = 0
        self._began = 0.0
        self._text = ""
        self.alternatives: tuple[str, ...] = ()
        """After finish(): what else may have been said, the likeliest first."""
        self.was_silent = True
        """Whether there was no sound at all: nobody spoke, or the microphone is dead."""

    @property
    def is_listening(self) -> bool:
        return self._utterance is not None

    @property
    def is_full(self) -> bool:
        """Whether the utterance has used up its time."""
        longest = self._hearing.voice_limits.utterance_s
        waited = time.monotonic() - self._began
        return self._bytes >= longest * BYTES_PER_SECOND or waited > longest * _WALL_CLOCK_FACTOR

    def begin(self, phrases: Sequence[str] = ()) -> bool:
        """Begin to listen; return whether words appear meanwhile.

        `phrases` is all that is expected to be said, () for anything at all.
        Raises EngineMissing, and Unavailable when too many people speak already.
        """
        recogniser = _taken_place(self._hearing)
        try:
            self._utterance = recogniser.begin(phrases)
        except BaseException:
            _give_place_back(self._hearing)
            raise
        self._recogniser = recogniser
        self._bytes, self._began, self._text = 0, time.monotonic(), ""
        self.was_silent = True
        return recogniser.streams

    async def hear(self, pcm: bytes) -> Progress:
        """Take the next piece of sound."""
        assert self._utterance is not None, "hear() comes after begin()"
        self._bytes += len(pcm)
        # A half sample at the end of a piece would be read as noise.
        if self.was_silent and loudest(pcm[: len(pcm) - len(pcm) % 2]) >= _SILENT:
            self.was_silent = False
        heard = await self._utterance.hear(pcm)
        is_new = heard.text != self._text
        self._text = heard.text
        return Progress(heard.text, is_new, heard.ended)

    async def finish(self) -> str:
        """Return the final words, "" when nothing was understood, and let go."""
        assert self._utterance is not None and self._recogniser is not None
        began = time.perf_counter()
        try:
            text = await self._utterance.finish()
            self.alternatives = self._utterance.alternatives
        except BaseException:
            await self.abandon()
            raise
        seconds = time.perf_counter() - began
        self._hearing.note_recognised(self._recogniser.name, seconds)
        structlog.get_logger().info(
            "utterance heard",
            sound_ms=self._bytes * 1000 // BYTES_PER_SECOND,
            compute_ms=round(seconds * 1000),
            understood=bool(text),
        )
        self._give_place_back()
        return text

    async def abandon(self) -> None:
        """Let go of the utterance without an answer; does nothing when there is none."""
        utterance = self._utterance
        if utterance is None:
            return
        self._give_place_back()
        try:
            # Not cut short when the connection's task is cancelled: the engine holds memory.
            await asyncio.shield(utterance.abandon())
        except Exception as error:  # noqa: BLE001 - the speaker is gone; whatever it is, go on.
            structlog.get_logger().error("utterance not abandoned", **failure_fields(error))

    def _give_place_back(self) -> None:
        self._utterance = None
        _give_place_back(self._hearing)


async def words_of(pcm: bytes, hearing: Hearing) -> str:
    """Return what is said in a whole recording, "" where nothing was understood.

    Raises as Listener.begin, and as the recogniser.
    """
    recogniser = _taken_place(hearing)
    try:
        began = time.perf_counter()
        text = await listen(recogniser, pcm)
    finally:
        _give_place_back(hearing)
    seconds = time.perf_counter() - began
    hearing.note_recognised(recogniser.name, seconds)
    structlog.get_logger().info(
        "recording heard",
        sound_ms=len(pcm) * 1000 // BYTES_PER_SECOND,
        compute_ms=round(seconds * 1000),
        understood=bool(text),
    )
    return text


def _taken_place(hearing: Hearing) -> Recogniser:
    recogniser = hearing.recogniser
    if recogniser is None:
        raise EngineMissing("There is no recogniser.")
    if hearing.listening >= hearing.voice_limits.listening_at_once:
        raise Unavailable(
            "Too many utterances at once.", sentence="现在提问的人较多，请稍等片刻再按一次。"
        )
    hearing.listening += 1
    hearing.note_listening()
    return recogniser


def _give_place_back(hearing: Hearing) -> None:
    hearing.listening -= 1
    hearing.note_listening()
