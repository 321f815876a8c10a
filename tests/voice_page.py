"""The kiosk page's end of a voice connection, and engines that are watched or break down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

from speech.recognition import Heard, Recogniser, Utterance
from tests.doors import PATIENCE_S, Doors, tone

SILENCE = bytes(32_000)
"""A second of it."""


class Page:
    """The kiosk page's end of a voice connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def sound(self, pcm: bytes) -> None:
        for start in range(0, len(pcm), 3200):
            self.connection.send(pcm[start : start + 3200])

    def receive(self) -> dict[str, Any]:
        return dict(json.loads(self.connection.recv(PATIENCE_S)))

    def until(self, kind: str) -> list[dict[str, Any]]:
        """Return everything up to and with the next message of a kind."""
        received = [self.receive()]
        while received[-1]["type"] != kind:
            received.append(self.receive())
        return received

    def say(self, seconds: float = 3.0) -> None:
        """Speak for some seconds, and pause until that ends the utterance."""
        self.send(type="start")
        self.sound(tone(seconds) + SILENCE)


@contextmanager
def page_of(doors: Doors, **options: Any) -> Iterator[Page]:
    with connect(doors.voice_url, **options) as connection:
        yield Page(connection)


class Watched:
    """A recogniser that counts who was left in the middle of a sentence."""

    name = "watched"
    model = "watched"
    streams = True

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.abandoned = 0
        self.left_open = 0
        """Utterances that were begun and neither finished nor abandoned."""

    def begin(self, phrases: Sequence[str] = ()) -> Utterance:
        self.left_open += 1
        return WatchedUtterance(self._recogniser.begin(phrases), self)

    async def close(self) -> None:
        await self._recogniser.close()


class WatchedUtterance:
    def __init__(self, utterance: Utterance, watched: Watched) -> None:
        self._utterance = utterance
        self._watched = watched

    @property
    def alternatives(self) -> tuple[str, ...]:
        return self._utterance.alternatives

    async def hear(self, pcm: bytes) -> Heard:
        return await self._utterance.hear(pcm)

    async def finish(self) -> str:
        self._watched.left_open -= 1
        return await self._utterance.finish()

    async def abandon(self) -> None:
        self._watched.left_open -= 1
        await asyncio.sleep(0)  # Engines let go in a thread; the connection must not be hasty.
        self._watched.abandoned += 1
        await self._utterance.abandon()


class BrokenRecogniser:
    """An engine that fails as no engine should."""

    name = "broken"
    model = "broken"
    streams = True

    def begin(self, phrases: Sequence[str] = ()) -> Utterance:
        return BrokenUtterance()

    async def close(self) -> None:
        """Nothing is held."""


class BrokenUtterance:
    async def hear(self, pcm: bytes) -> Heard:
        raise RuntimeError("the engine broke down")

    async def finish(self) -> str:
        raise RuntimeError("the engine broke down")

    async def abandon(self) -> None:
        raise RuntimeError("the engine cannot even let go")
