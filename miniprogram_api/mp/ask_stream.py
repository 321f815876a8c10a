"""Asking while speaking: 16 kHz, 16-bit, mono PCM in, words and the answer out.

A phone call interrupts the recorder without a last frame, and a connection dies in the background:
what stays silent is given up, and a phone that comes back brings its turn along.
"""

from __future__ import annotations

from typing import Any

import msgspec
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
from services.errors import EngineMissing, OpenZoneError
from services.not_understood import AGAIN
from services.spoken_commands import Command
from services.voice_places import PLEASE_WAIT, Door
from services.voice_session import VoiceSession
from speech.errors import SpeechError
from speech.synthesis import DEFAULT_RATE

_PATH = "/ask/stream"
_IDLE_S = 120.0
"""Seconds without any message after which a connection is closed: a phone opens it to speak."""
_GONE = (ConnectionClosed, WebsocketClosed)


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
    session = _PhoneSession(ws, request.app.ctx, venue, str(request.ctx.request_id))
    try:
        await session.run()
    except _GONE:
        pass  # The phone went away; nothing of it is left.


class _PhoneSession(VoiceSession):
    """One connection of a phone."""

    gone = _GONE

    def __init__(self, ws: Websocket, context: Any, venue: Venue, request_id: str) -> None:
        idle_s = min(context.voice_limits.idle_s, _IDLE_S)
        conversation = Conversation(context.library, venue)
        super().__init__(ws, context, Door.PHONE, conversation, request_id, idle_s=idle_s)
        self._context = context
        self._venue = venue
        self._turn = ""
        self._rate = DEFAULT_RATE

    async def take(self, message: str) -> None:
        match messages.read(message):
            case messages.Start() as start:
                await self.start_anew()  # Also where the turn is unknown.
                self.conversation = await conversation_of(start.turn, self._venue, self._context)
                self._turn, self._rate = start.turn, start.rate
                await self.begin(self.expected_phrases())
            case messages.Stop():
                await self.stop()
            case messages.Cancel():
                await self.listener.abandon()

    async def nothing_more_came(self) -> None:
        await self.finish("no_sound")  # What was said until then is answered.

    async def answer(self, text: str) -> None:
        await self._send(messages.Replied(await self._reply(text)))

    async def tell_listening(self, streams: bool) -> None:
        await self._send(messages.Listening(streams))

    async def tell_waiting(self) -> None:
        await self._send(messages.Waiting(PLEASE_WAIT))

    async def tell_partial(self, text: str) -> None:
        await self._send(messages.Partial(text))

    async def tell_ended(self, reason: str) -> None:
        await self._send(messages.Ended(reason))

    async def tell_failed(self, error: Exception) -> None:
        await self._send(_told(error))

    async def _reply(self, text: str) -> AskReply:
        if not text:
            prompt = self.patience.missed(self.listener.missed)
            return not_heard(self._context, self._turn, prompt)
        heard = await self.understand(text)
        if heard is None:
            return not_heard(self._context, self._turn, AGAIN)
        if isinstance(heard, Command):
            return command_heard(heard, text, self._turn)
        return await reply_to(heard, self.conversation, self._venue, self._context, rate=self._rate)

    async def _send(self, message: messages.ToPhone) -> None:
        await self.send(messages.write(message))


def _told(error: Exception) -> messages.Failed:
    if isinstance(error, OpenZoneError):
        return messages.Failed(error.code, error.sentence)
    if isinstance(error, msgspec.DecodeError):
        return messages.Failed("malformed", "提交的内容读不出来，请检查格式后重新提交。")
    if isinstance(error, SpeechError):
        return messages.Failed(error.code, EngineMissing.sentence)
    return messages.Failed(OpenZoneError.code, OpenZoneError.sentence)
