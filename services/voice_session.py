"""A voice connection from its first message to its last: sound in, words and answers out.

A connection handles one message at a time. Whatever fails is told, and the connection goes on;
whoever goes away in the middle leaves nothing behind. What the messages look like is the doors'.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Sequence
from typing import Protocol

import msgspec
import structlog

from services.conversation import Conversation, Turn
from services.errors import Invalid, OpenZoneError
from services.listening import Hearing, Listener
from services.logged_failures import failure_fields
from services.not_understood import Patience
from services.spoken_commands import Command
from services.voice_places import Door

_LOOK_EVERY_S = 0.1
"""How soon somebody who waits learns that it is their turn."""
_LIKELY_THE_END_MS = 300
"""A pause after which the words so far are looked up: it saves the rest of the silence."""


class Connection(Protocol):
    """What a voice session needs of a WebSocket."""

    async def recv(self, timeout: float | None = None) -> str | bytes | None: ...  # noqa: ASYNC109

    async def send(self, message: str) -> None: ...


class VoiceSession(ABC):
    """One connection. A door says how it is told, and what is made of the words."""

    gone: tuple[type[Exception], ...]
    """What the door's WebSocket raises when the other end went away."""

    def __init__(
        self,
        connection: Connection,
        hearing: Hearing,
        door: Door,
        conversation: Conversation,
        request_id: str,
        *,
        idle_s: float,
    ) -> None:
        self.listener = Listener(hearing, door)
        self.conversation = conversation
        self.patience = Patience()
        self._connection = connection
        self._limits = hearing.voice_limits
        self._idle_s = idle_s
        self._has_started = False
        self._looked_up = ""
        self.log = structlog.get_logger().bind(request_id=request_id)

    async def run(self) -> None:
        """Handle messages until the other end goes away or says nothing for too long."""
        try:
            while True:
                received = await self._connection.recv(self._patience_s)
                if received is not None:
                    await self._guarded(self._handle(received))
                elif self.listener.is_waiting:
                    await self._guarded(self._look_whose_turn_it_is())
                elif self.listener.is_listening:
                    await self._guarded(self.nothing_more_came())
                else:
                    return
        finally:
            await self.listener.abandon()

    @property
    def _patience_s(self) -> float:
        if self.listener.is_waiting:
            return _LOOK_EVERY_S
        return self._limits.no_sound_s if self.listener.is_listening else self._idle_s

    async def begin(self, phrases: Sequence[str] = ()) -> None:
        """Listen to somebody, or let them wait for a turn; what was said before is forgotten.

        Raises as Listener.begin does.
        """
        await self.start_anew()
        if self.listener.begin(phrases):
            await self.tell_listening(self.listener.streams)
        else:
            await self.tell_waiting()

    async def start_anew(self) -> None:
        """Forget what was said before: sound that comes now belongs to something else."""
        self._has_started, self._looked_up = True, ""
        await self.listener.abandon()

    async def stop(self) -> None:
        """Answer what was said so far; it may come after the engine found the end by itself."""
        if self.listener.is_listening:
            await self.finish("stop")
        elif self.listener.is_waiting:
            await self.listener.abandon()
            await self.tell_ended("stop")
            await self.answer("")

    def expected_phrases(self) -> tuple[str, ...]:
        """Return what is likely to be said next, () for anything at all."""
        return self.patience.expected_phrases() or self.conversation.expected_phrases()

    async def understand(self, text: str) -> Turn | Command | None:
        """Return what final words get back, None for a no to 要不要请工作人员帮忙."""
        wants_staff = self.patience.wants_staff(text)
        self.patience.understood()
        if wants_staff is None:
            return await self.conversation.hear(text, self.listener.alternatives)
        return Command.HELP if wants_staff else None

    async def finish(self, reason: str) -> None:
        """End the utterance and answer it."""
        await self.tell_ended(reason)
        await self.answer(await self.listener.finish())

    async def send(self, message: str) -> None:
        await self._connection.send(message)

    @abstractmethod
    async def take(self, message: str) -> None:
        """Do what a text message wants."""

    @abstractmethod
    async def nothing_more_came(self) -> None:
        """Do what is done when the sound stops without a word."""

    @abstractmethod
    async def answer(self, text: str) -> None:
        """Answer the final words, "" where nothing was understood."""

    async def look_up(self, text: str) -> None:
        """Begin on what somebody seems to have said; a door may leave it until they have."""
        return

    @abstractmethod
    async def tell_listening(self, streams: bool) -> None: ...

    @abstractmethod
    async def tell_waiting(self) -> None: ...

    @abstractmethod
    async def tell_partial(self, text: str) -> None: ...

    @abstractmethod
    async def tell_ended(self, reason: str) -> None: ...

    @abstractmethod
    async def tell_failed(self, error: Exception) -> None: ...

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do something; a failure is told and ends at most the utterance."""
        try:
            await work
        except self.gone:
            raise
        except Exception as error:  # noqa: BLE001 - no failure of an engine ends the connection.
            if not isinstance(error, OpenZoneError | msgspec.DecodeError):
                self.log.error("voice failed", **failure_fields(error))
            await self.listener.abandon()
            await self.tell_failed(error)

    async def _handle(self, received: str | bytes) -> None:
        if isinstance(received, bytes):
            await self._take_sound(received)
        else:
            await self.take(received)

    async def _look_whose_turn_it_is(self) -> None:
        if self.listener.begin_in_turn():
            await self.tell_listening(self.listener.streams)

    async def _take_sound(self, pcm: bytes) -> None:
        if self.listener.is_waiting:
            # A page that sends all the time must not keep its turn from coming.
            await self._look_whose_turn_it_is()
            return
        if not self.listener.is_listening:
            if not self._has_started:
                raise Invalid("Sound came before start.", sentence="请先按一下按钮，再开始说话。")
            return  # Sound that was under way when the utterance ended.
        heard = await self.listener.hear(pcm)
        if heard.is_new:
            await self.tell_partial(heard.text)
        if heard.ended:
            await self.finish("silence")
        elif self.listener.is_dead:
            await self.finish("no_sound")
        elif self.listener.is_full:
            await self.finish("too_long")
        elif heard.text != self._looked_up and heard.pause_ms >= _LIKELY_THE_END_MS:
            self._looked_up = heard.text
            with contextlib.suppress(OpenZoneError):  # It is told when it is really asked.
                await self.look_up(heard.text)
