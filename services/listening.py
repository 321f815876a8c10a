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
from services.not_understood import Missed
from services.pauses import Pauses
from services.swearing import swears, without_swearing
from services.voice_places import Door, Place, VoiceLimits, VoicePlaces
from speech.recognition import BYTES_PER_SECOND, Recogniser, Utterance, listen_closely
from speech.samples import loudest
from speech.sound_quality import Fault, SoundQuality

_RECORDINGS_AT_ONCE = 8
_SILENT = 300
"""Samples below this size, of 32,767, are silence."""
_WALL_CLOCK_FACTOR = 2
"""An utterance may take this many times its longest sound, however slowly the sound comes."""
_MISSED = {
    Fault.DEAD_MICROPHONE: Missed.DEAD_MICROPHONE,
    Fault.TOO_LOUD: Missed.TOO_LOUD,
    Fault.TOO_QUIET: Missed.TOO_QUIET,
}


class Hearing(Protocol):
    """What a process hears with, and how many speak to it."""

    voice_limits: VoiceLimits
    places: VoicePlaces

    @property
    def recogniser(self) -> Recogniser | None: ...

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
    pause_ms: int = 0
    """How long nobody has spoken, as far as the recogniser tells."""


class Listener:
    """Holds the utterance of a connection, when there is one, and its place among all."""

    def __init__(self, hearing: Hearing, door: Door) -> None:
        self._hearing = hearing
        self._door = door
        self._place: Place | None = None
        self._phrases: tuple[str, ...] = ()
        self._utterance: Utterance | None = None
        self._recogniser: Recogniser | None = None
        self._bytes = 0
        self._began = 0.0
        self._raw = self._text = ""
        self.alternatives: tuple[str, ...] = ()
        """After finish(): what else may have been said, the likeliest first."""
        self._pauses = Pauses()
        self._quality = SoundQuality()
        self._was_silent = True
        self._swore = False

    @property
    def is_listening(self) -> bool:
        return self._utterance is not None

    @property
    def is_waiting(self) -> bool:
        """Whether somebody wants to speak whose turn has not come."""
        return self._place is not None and self._utterance is None

    @property
    def streams(self) -> bool:
        """Whether words appear while somebody speaks."""
        return self._recogniser is not None and self._recogniser.streams

    @property
    def is_full(self) -> bool:
        """Whether the utterance has used up its time."""
        longest = self._hearing.voice_limits.utterance_s
        waited = time.monotonic() - self._began
        return self._bytes >= longest * BYTES_PER_SECOND or waited > longest * _WALL_CLOCK_FACTOR

    @property
    def is_dead(self) -> bool:
        """Whether the microphone gives nothing, not even what a quiet room does."""
        return self._quality.is_dead

    @property
    def missed(self) -> Missed:
        """Why nothing was understood of the last utterance."""
        fault = self._quality.fault
        if self._swore:
            return Missed.SWEARING
        if fault in {Fault.DEAD_MICROPHONE, Fault.TOO_LOUD}:
            return _MISSED[fault]
        if self._was_silent:
            return Missed.SILENCE
        return _MISSED[fault] if fault else Missed.UNCLEAR

    def begin(self, phrases: Sequence[str] = ()) -> bool:
        """Begin to listen, or to wait for a turn; return whether it was at once.

        `phrases` is all that is expected to be said, () for anything at all.
        Raises EngineMissing, and Unavailable when too many people wait already.
        """
        if self._hearing.recogniser is None:
            raise EngineMissing("There is no recogniser.")
        self._phrases = tuple(phrases)
        self._quality, self._was_silent, self._swore = SoundQuality(), True, False
        self._place = self._hearing.places.ask(self._door)
        return self.begin_in_turn()

    def begin_in_turn(self) -> bool:
        """Begin to listen if the turn has come; return whether it has.

        Raises Unavailable when that took too long, and as begin() does.
        """
        assert self._place is not None, "begin() comes first"
        try:
            if not self._hearing.places.is_turn_of(self._place):
                return False
            if self._hearing.recogniser is None:
                raise EngineMissing("There is no recogniser.")
            self._recogniser = self._hearing.recogniser
            self._utterance = self._recogniser.begin(self._phrases)
        except BaseException:
            self._give_place_back()
            raise
        self._bytes, self._began = 0, time.monotonic()
        self._raw = self._text = ""
        self._pauses.begin()
        return True

    async def hear(self, pcm: bytes) -> Progress:
        """Take the next piece of sound."""
        assert self._utterance is not None, "hear() comes after begin()"
        self._bytes += len(pcm)
        # A half sample at the end of a piece would be read as noise.
        if self._was_silent and loudest(pcm[: len(pcm) - len(pcm) % 2]) >= _SILENT:
            self._was_silent = False
        self._quality.hear(pcm)
        heard = await self._utterance.hear(pcm)
        if heard.text != self._raw:
            self._raw, text = heard.text, without_swearing(heard.text)
        else:
            text = self._text
        is_new = text != self._text
        self._text = text
        sound_ms = self._bytes * 1000 // BYTES_PER_SECOND
        ended = self._pauses.has_finished(text, heard.pause_ms, sound_ms, engine_ended=heard.ended)
        return Progress(text, is_new, ended, heard.pause_ms or 0)

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
        self._pauses.end()
        clean = without_swearing(text)
        self._swore = clean != text
        self.alternatives = tuple(other for other in self.alternatives if not swears(other))
        return clean

    async def abandon(self) -> None:
        """Let go of the utterance or of waiting, without an answer; does nothing when there is none."""
        utterance = self._utterance
        self._give_place_back()
        if utterance is None:
            return
        try:
            # Not cut short when the connection's task is cancelled: the engine holds memory.
            await asyncio.shield(utterance.abandon())
        except Exception as error:  # noqa: BLE001 - the speaker is gone; whatever it is, go on.
            structlog.get_logger().error("utterance not abandoned", **failure_fields(error))

    def _give_place_back(self) -> None:
        place, self._place, self._utterance = self._place, None, None
        if place is not None:
            self._hearing.places.give_back(place)


async def words_of(pcm: bytes, hearing: Hearing) -> tuple[str, tuple[str, ...]]:
    """Return what is said in a whole recording, "" where nothing was understood, and what else it
    may have been.

    Raises as Listener.begin, and as the recogniser.
    """
    recogniser = hearing.recogniser
    if recogniser is None:
        raise EngineMissing("There is no recogniser.")
    place = hearing.places.ask(Door.PHONE, may_wait=False)
    try:
        began = time.perf_counter()
        text, alternatives = await listen_closely(recogniser, pcm)
    finally:
        hearing.places.give_back(place)
    seconds = time.perf_counter() - began
    hearing.note_recognised(recogniser.name, seconds)
    structlog.get_logger().info(
        "recording heard",
        sound_ms=len(pcm) * 1000 // BYTES_PER_SECOND,
        compute_ms=round(seconds * 1000),
        understood=bool(text),
    )
    return text, alternatives
