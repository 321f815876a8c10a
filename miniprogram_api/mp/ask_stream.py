"""Asking while speaking: 16 kHz, 16-bit, mono PCM in, words and the answer out.

A phone call interrupts the recorder without a last frame, and a connection dies in the background:
what stays silent is given up, and a phone that comes back brings its turn along.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import msgspec
import structlog
from sanic import Blueprint, Request, Websocket
from sanic.exceptions import SanicException, WebsocketClosed
from websockets.exceptions import ConnectionClosed

from miniprogram_api.mp import ask_messages as messages
from miniprogram_api.mp.asking import conversation_of
from miniprogram_api.mp.replies import AskReply, command_heard, not_heard, reply_to
from miniprogram_api.mp.sessions import signed_in
from miniprogram_api.mp.venues_scanned import venue_of
from models.citizen import Citizen
from models.venue import Venue
from services.conversation import Conversation
from services.errors import EngineMissing, Invalid, OpenZoneError
from services.listening import Listener
from services.logged_failures import failure_fields
from services.not_understood import AGAIN, Missed, Patience
from services.spoken_commands import Command
from speech.errors import SpeechError
from speech.synthesis import DEFAULT_RATE

_PATH = "/ask/stream"
_IDLE_S = 120.0
"""Seconds without any message after which a connection is closed: a phone opens it to speak."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.on_request(_require_upgrade)
    routes.add_websocket_route(ask_stream, _PATH, name="ask_stream")


def _require_upgrade(request: Request) -> None:
    """Tell a program that only looks at this address what it is for."""
    if not request.path.endswith(_PATH):
        return
    wanted = request.headers.get("upgrade", "").lower()
    if wanted != "websocket" or not request.headers.get("sec-websocket-key"):
        raise SanicException(
            "This is a WebSocket.", status_code=426, headers={"Upgrade": "websocket"}
        )


@signed_in
async def ask_stream(request: Request, _citizen: Citizen, ws: Websocket) -> None:
    """Serve one phone for as long as it stays."""
    venue = await venue_of(request)
    session = _Session(ws, request.app.ctx, venue, str(request.ctx.request_id))
    try:
        await session.run()
    except (ConnectionClosed, WebsocketClosed):
        pass  # The phone went away; nothing of it is left.


class _Session:
    """One connection, from its first message to its last."""

    def __init__(self, ws: Websocket, context: Any, venue: Venue, request_id: str) -> None:
        self._ws = ws
        self._context = context
        self._venue = venue
        self._listener = Listener(context)
        self._patience = Patience()
        self._conversation = Conversation(context.library, venue)
        self._turn = ""
        self._rate = DEFAULT_RATE
        self._has_started = False
        self._log = structlog.get_logger().bind(request_id=request_id)

    async def run(self) -> None:
        """Handle messages until the connection ends or nobody uses it any more."""
        limits = self._context.voice_limits
        try:
            while True:
                is_listening = self._listener.is_listening
                limit = limits.no_sound_s if is_listening else min(limits.idle_s, _IDLE_S)
                received = await self._ws.recv(limit)
                if received is not None:
                    await self._guarded(self._handle(received))
                elif is_listening:
                    # Nothing more comes: what was said until then is answered.
                    await self._guarded(self._finish("no_sound"))
                else:
                    return
        finally:
            await self._listener.abandon()

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do something; a failure is told and ends at most the utterance."""
        try:
            await work
        except (ConnectionClosed, WebsocketClosed):
            raise
        except Exception as error:  # noqa: BLE001 - no failure of an engine ends the connection.
            if not isinstance(error, OpenZoneError | msgspec.DecodeError):
                self._log.error("asking failed", **failure_fields(error))
            await self._listener.abandon()
            await self._send(_told(error))

    async def _handle(self, received: str | bytes) -> None:
        if isinstance(received, bytes):
            await self._take_sound(received)
            return
        match messages.read(received):
            case messages.Start() as start:
                await self._begin(start)
            case messages.Stop():
                # It may come just after the engine found the end by itself.
                if self._listener.is_listening:
                    await self._finish("stop")
            case messages.Cancel():
                await self._listener.abandon()

    async def _begin(self, start: messages.Start) -> None:
        await self._listener.abandon()  # Starting again forgets what came before.
        self._has_started = True
        self._conversation = await conversation_of(start.turn, self._venue, self._context)
        self._turn, self._rate = start.turn, start.rate
        expected = self._patience.expected_phrases() or self._conversation.expected_phrases()
        streams = self._listener.begin(expected)
        await self._send(messages.Listening(streams))

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
        await self._send(messages.Replied(await self._reply(await self._listener.finish())))

    async def _reply(self, text: str) -> AskReply:
        if not text:
            why = Missed.SILENCE if self._listener.was_silent else Missed.UNCLEAR
            return not_heard(self._context, self._turn, self._patience.missed(why))
        wants_staff = self._patience.wants_staff(text)
        self._patience.understood()
        if wants_staff is False:
            return not_heard(self._context, self._turn, AGAIN)
        heard = (
            Command.HELP
            if wants_staff
            else await self._conversation.hear(text, self._listener.alternatives)
        )
        if isinstance(heard, Command):
            return command_heard(heard, text, self._turn)
        return await reply_to(
            heard, self._conversation, self._venue, self._context, rate=self._rate
        )

    async def _send(self, message: messages.ToPhone) -> None:
        await self._ws.send(messages.write(message))


def _told(error: Exception) -> messages.Failed:
    if isinstance(error, OpenZoneError):
        return messages.Failed(error.code, error.sentence)
    if isinstance(error, msgspec.DecodeError):
        return messages.Failed("malformed", "提交的内容读不出来，请检查格式后重新提交。")
    if isinstance(error, SpeechError):
        return messages.Failed(error.code, EngineMissing.sentence)
    return messages.Failed(OpenZoneError.code, OpenZoneError.sentence)
