"""One person speaking at a time on one connection, within the limits of all connections."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import structlog

from server.context import Context
from server.json_log import failure_fields
from services.errors import EngineMissing, Unavailable
from speech.recognition import BYTES_PER_SECOND, Recogniser, Utterance

_WALL_CLOCK_FACTOR = 2
"""An utterance may take this many times its longest sound, however slowly the sound comes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What one more piece of sound brought."""

    text: str
    is_new: bool
    ended: bool


class Listener:
    """Holds the utterance of a connection, when there is one, and its place among all."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._utterance: Utterance | None = None
        self._recogniser: Recogniser | None = None
        self._bytes = 0
        self._began = 0.0
        self._text = ""

    @property
    def is_listening(self) -> bool:
        return self._utterance is not None

    @property
    def is_full(self) -> bool:
        """Whether the utterance has used up its time."""
        longest = self._context.voice_limits.utterance_s
        waited = time.monotonic() - self._began
        return self._bytes >= longest * BYTES_PER_SECOND or waited > longest * _WALL_CLOCK_FACTOR

    def begin(self) -> bool:
        """Begin to listen; return whether words appear meanwhile.

        Raises EngineMissing, and Unavailable when too many people speak already.
        """
        recogniser = self._context.parts.recogniser
        if recogniser is None:
            raise EngineMissing("There is no recogniser.")
        if self._context.listening >= self._context.voice_limits.listening_at_once:
            raise Unavailable(
                "Too many utterances at once.", sentence="现在提问的人较多，请稍等片刻再按一次。"
            )
        self._utterance = recogniser.begin()
        self._recogniser = recogniser
        self._context.listening += 1
        self._context.metrics.listening.set(self._context.listening)
        self._bytes, self._began, self._text = 0, time.monotonic(), ""
        return recogniser.streams

    async def hear(self, pcm: bytes) -> Progress:
        """Take the next piece of sound."""
        assert self._utterance is not None, "hear() comes after begin()"
        self._bytes += len(pcm)
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
        except BaseException:
            await self.abandon()
            raise
        seconds = time.perf_counter() - began
        self._context.metrics.recognition_seconds.labels(self._recogniser.name).observe(seconds)
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
        self._context.listening -= 1
        self._context.metrics.listening.set(self._context.listening)
