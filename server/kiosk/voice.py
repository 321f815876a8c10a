"""The voice connection: sound in, words and answers out, one visitor after the other.

A connection handles one message at a time. Whatever fails is told to the page, and the connection
goes on; whoever goes away in the middle leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec
import structlog
from sanic import Request, Websocket
from sanic.exceptions import WebsocketClosed
from tortoise.exceptions import BaseORMException
from websockets.exceptions import ConnectionClosed

from models.device import Device
from models.venue import Venue
from server.context import Context, context_of
from server.errors import describe
from server.kiosk import messages
from server.kiosk.dictation import dictated, phrases_for
from server.speech_desk import PHRASES, Piece
from server.visiting import device_of, venue_of
from services import devices
from services.conversation import Conversation, Turn
from services.errors import Invalid, OpenZoneError
from services.listening import Listener
from services.logged_failures import failure_fields
from services.not_understood import AGAIN, Missed, Patience
from services.spoken_commands import Command
from speech.errors import SpeechError

REVOKED = 4403
"""The code with which the connection of a revoked kiosk is closed."""
_LOOK_EVERY_S = 1.0


class Connection(Protocol):
    """What a voice session needs of a WebSocket."""

    async def recv(self, timeout: float | None = None) -> str | bytes | None: ...  # noqa: ASYNC109

    async def send(self, message: str) -> None: ...


async def voice(request: Request, ws: Websocket) -> None:
    """Serve one kiosk page for as long as it stays."""
    venue, device = await venue_of(request), await device_of(request)
    session = VoiceSession(ws, context_of(request), str(request.ctx.request_id), venue)
    watching = None if device is None else asyncio.create_task(_close_when_revoked(ws, device))
    try:
        await session.run()
    except (ConnectionClosed, WebsocketClosed):
        pass  # The page went away; the session has let go of everything.
    finally:
        if watching is not None:
            watching.cancel()


async def _close_when_revoked(ws: Websocket, device: Device) -> None:
    """Close the connection of a kiosk that is none any more."""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        try:
            if await devices.is_enrolled(device):
                continue
        except (BaseORMException, OSError):
            continue  # The database is away for a while; who was enrolled goes on.
        await ws.close(REVOKED, "revoked")
        return


class VoiceSession:
    """One connection, from its first message to its last."""

    def __init__(
        self, connection: Connection, context: Context, session_id: str, venue: Venue
    ) -> None:
        self._connection = connection
        self._context = context
        self._conversation = Conversation(context.library, venue)
        self._listener = Listener(context)
        self._patience = Patience()
        self._rate = 1.0
        self._has_started = False
        self._dictation = messages.Start()
        self._log = structlog.get_logger().bind(request_id=session_id)

    async def run(self) -> None:
        """Handle messages until the page goes away or says nothing for too long."""
        limits = self._context.voice_limits
        try:
            while True:
                listening = self._listener.is_listening
                limit = limits.no_sound_s if listening else limits.idle_s
                received = await self._connection.recv(limit)
                if received is not None:
                    await self._guarded(received)
                elif listening:
                    await self._listener.abandon()
                    await self._send(messages.Ended("no_sound"))
                    await self._say_not_heard(Missed.SILENCE)
                else:
                    return
        finally:
            await self._listener.abandon()

    async def _guarded(self, received: str | bytes) -> None:
        """Handle one message; a failure is told and ends at most the utterance."""
        try:
            if isinstance(received, bytes):
                await self._take_sound(received)
            else:
                await self._take(messages.read(received))
        except (OpenZoneError, SpeechError, msgspec.DecodeError) as error:
            if isinstance(error, SpeechError):
                self._log.error("voice failed", **failure_fields(error))
            await self._fail(error)
        except (ConnectionClosed, WebsocketClosed):
            raise
        except Exception as error:  # noqa: BLE001 - no failure of an engine ends the connection.
            self._log.error("voice failed", **failure_fields(error))
            await self._fail(error)

    async def _fail(self, error: Exception) -> None:
        await self._listener.abandon()
        told = describe(error)
        await self._send(messages.Failed(told.code, told.sentence))

    async def _take(self, message: messages.FromPage) -> None:
        match message:
            case messages.Start():
                await self._listener.abandon()  # Starting again forgets what came before.
                self._rate, self._dictation = message.rate, message
                self._has_started = True
                streams = self._listener.begin(self._expected(message))
                await self._send(messages.Listening(streams))
            case messages.Stop():
                # The page may say stop just after the engine found the end by itself.
                if self._listener.is_listening:
                    await self._finish("stop")
            case messages.Cancel():
                await self._listener.abandon()
            case messages.Ask():
                await self._listener.abandon()
                self._rate = message.rate
                await self._reply(await self._conversation.ask(message.text))
            case messages.Choose():
                await self._listener.abandon()
                self._rate = message.rate
                await self._reply(await self._conversation.choose(message.place))
            case messages.Confirm():
                await self._listener.abandon()
                self._rate = message.rate
                await self._reply(await self._conversation.confirm(agrees=message.agrees))

    def _expected(self, asked: messages.Start) -> tuple[str, ...]:
        if asked.purpose is not messages.Purpose.QUESTION:
            return phrases_for(asked)
        return self._patience.expected_phrases() or self._conversation.expected_phrases()

    async def _take_sound(self, pcm: bytes) -> None:
        if not self._listener.is_listening:
            if not self._has_started:
                raise Invalid("Sound came before start.", sentence="请先按一下按钮，再开始说话。")
            return  # Sound that was under way when the utterance ended.
        heard = await self._listener.hear(pcm)
        if heard.is_new:
            await self._send(messages.Partial(heard.text))
        if heard.ended:
            await self._finish("silence")
        elif self._listener.is_full:
            await self._finish("too_long")

    async def _finish(self, reason: str) -> None:
        await self._send(messages.Ended(reason))
        text = await self._listener.finish()
        if not text:
            silent = self._listener.was_silent
            await self._say_not_heard(Missed.SILENCE if silent else Missed.UNCLEAR)
            return
        if self._dictation.purpose is not messages.Purpose.QUESTION:
            await self._dictated(text)
            return
        await self._send(messages.HeardWords(text))
        wants_staff = self._patience.wants_staff(text)
        self._patience.understood()
        if wants_staff is False:
            await self._say(AGAIN.name)
            return
        heard = (
            Command.HELP
            if wants_staff
            else await self._conversation.hear(text, self._listener.alternatives)
        )
        if isinstance(heard, Command):
            await self._send(messages.CommandHeard(heard))
        else:
            await self._reply(heard)

    async def _dictated(self, text: str) -> None:
        others = self._listener.alternatives
        heard = dictated(text, self._dictation, self._context.speech, others)
        if heard is None:
            await self._say_not_heard()
            return
        self._patience.understood()
        if isinstance(heard, messages.Dictated):
            self._context.speech.make_ahead(heard.speech, self._rate)
        await self._send(heard)

    async def _reply(self, turn: Turn) -> None:
        reply, said = turn.reply, turn.said
        self._context.note_asked("kiosk", reply.decision)
        speech = self._context.speech
        spoken = speech.pieces(reply.spoken, said)
        more = [speech.pieces(text, said) for text in reply.spoken_more]
        speech.make_ahead([piece for group in [spoken, *more[:1]] for piece in group], self._rate)
        await self._send(
            messages.Replied(
                transcript=turn.transcript,
                decision=reply.decision,
                answers=reply.answers,
                spoken=reply.spoken,
                speech=spoken,
                more=more,
                meant=reply.meant,
                alternatives=turn.alternatives,
            )
        )

    async def _say_not_heard(self, why: Missed = Missed.UNCLEAR) -> None:
        in_form = self._dictation.purpose is not messages.Purpose.QUESTION
        prompt = self._patience.missed(why, in_form=in_form)
        await self._say(prompt.name, reason=why, offers_staff=prompt.offers_staff)

    async def _say(self, name: str, *, reason: str = "", offers_staff: bool = False) -> None:
        """Say a sentence of the house, where there is nothing to answer."""
        sentence = PHRASES[name]
        url = f"/kiosk/speech/{name}" if self._context.speech.speaks else ""
        await self._send(messages.NotHeard(sentence, [Piece(sentence, url)], reason, offers_staff))

    async def _send(self, message: messages.ToPage) -> None:
        await self._connection.send(messages.write(message))
