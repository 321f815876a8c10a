"""The voice connection of a kiosk's page, one visitor after the other."""

from __future__ import annotations

import asyncio

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
from services.device_voices import voice_of
from services.not_understood import AGAIN, Missed
from services.replies import Decision
from services.spoken_commands import Command
from services.voice_places import PLEASE_WAIT, Door
from services.voice_session import Connection, VoiceSession

REVOKED = 4403
"""The code with which the connection of a revoked kiosk is closed."""
_LOOK_EVERY_S = 1.0
_GONE = (ConnectionClosed, WebsocketClosed)


async def voice(request: Request, ws: Websocket) -> None:
    """Serve one kiosk page for as long as it stays."""
    venue, device = await venue_of(request), await device_of(request)
    context = context_of(request)
    own = voice_of(device, context.speech.voices)
    session = KioskSession(ws, context, str(request.ctx.request_id), venue, own.voice)
    watching = None if device is None else asyncio.create_task(_close_when_revoked(ws, device))
    try:
        await session.run()
    except _GONE:
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


class KioskSession(VoiceSession):
    """One connection of a kiosk's page."""

    gone = _GONE

    def __init__(
        self,
        connection: Connection,
        context: Context,
        session_id: str,
        venue: Venue,
        voice: str = "",
    ) -> None:
        idle_s = context.voice_limits.idle_s
        conversation = Conversation(context.library, venue)
        super().__init__(connection, context, Door.KIOSK, conversation, session_id, idle_s=idle_s)
        self._context = context
        self._rate = 1.0
        self._voice = voice
        self._dictation = messages.Start()

    async def take(self, message: str) -> None:
        await self._take(messages.read(message))

    async def nothing_more_came(self) -> None:
        await self.listener.abandon()
        await self.tell_ended("no_sound")
        await self._say_not_heard(Missed.SILENCE)

    async def answer(self, text: str) -> None:
        if not text:
            await self._say_not_heard(self.listener.missed)
            return
        if self._dictation.purpose is not messages.Purpose.QUESTION:
            await self._dictated(text)
            return
        await self._send(messages.HeardWords(text))
        heard = await self.understand(text)
        if heard is None:
            await self._say(AGAIN.name)
        elif isinstance(heard, Command):
            await self._send(messages.CommandHeard(heard))
        else:
            await self._reply(heard)

    async def look_up(self, text: str) -> None:
        if self._dictation.purpose is not messages.Purpose.QUESTION:
            return
        turn = await self.conversation.prepare(text)
        if turn is not None and turn.reply.decision is Decision.ANSWER:
            speech = self._context.speech
            pieces = speech.pieces(turn.reply.spoken, turn.said)
            speech.make_ahead(pieces[:1], self._rate, self._voice)

    async def tell_listening(self, streams: bool) -> None:
        await self._send(messages.Listening(streams))

    async def tell_waiting(self) -> None:
        url = "/kiosk/speech/please-wait" if self._context.speech.speaks else ""
        await self._send(messages.Waiting(PLEASE_WAIT, [Piece(PLEASE_WAIT, url)]))

    async def tell_partial(self, text: str) -> None:
        await self._send(messages.Partial(text))

    async def tell_ended(self, reason: str) -> None:
        await self._send(messages.Ended(reason))

    async def tell_failed(self, error: Exception) -> None:
        told = describe(error)
        await self._send(messages.Failed(told.code, told.sentence))

    async def _take(self, message: messages.FromPage) -> None:
        match message:
            case messages.Start():
                self._rate, self._dictation = message.rate, message
                await self.begin(self._expected(message))
            case messages.Stop():
                await self.stop()
            case messages.Cancel():
                await self.listener.abandon()
            case messages.Ask():
                await self.listener.abandon()
                self._rate = message.rate
                await self._reply(await self.conversation.ask(message.text))
            case messages.Choose():
                await self.listener.abandon()
                self._rate = message.rate
                await self._reply(await self.conversation.choose(message.place))
            case messages.Confirm():
                await self.listener.abandon()
                self._rate = message.rate
                await self._reply(await self.conversation.confirm(agrees=message.agrees))

    def _expected(self, asked: messages.Start) -> tuple[str, ...]:
        if asked.purpose is not messages.Purpose.QUESTION:
            return phrases_for(asked)
        return self.expected_phrases()

    async def _dictated(self, text: str) -> None:
        others = self.listener.alternatives
        heard = dictated(text, self._dictation, self._context.speech, others)
        if heard is None:
            await self._say_not_heard()
            return
        self.patience.understood()
        if isinstance(heard, messages.Dictated):
            self._context.speech.make_ahead(heard.speech, self._rate, self._voice)
        await self._send(heard)

    async def _reply(self, turn: Turn) -> None:
        reply, said = turn.reply, turn.said
        self._context.note_asked("kiosk", reply.decision)
        speech = self._context.speech
        spoken = speech.pieces(reply.spoken, said)
        more = [speech.pieces(text, said) for text in reply.spoken_more]
        first = [piece for group in [spoken, *more[:1]] for piece in group]
        speech.make_ahead(first, self._rate, self._voice)
        await self._send(
            messages.Replied(
                transcript=turn.transcript,
                decision=reply.decision,
                answers=reply.answers,
                spoken=reply.spoken,
                opening=speech.opening(reply.decision, spoken, said, self._rate, self._voice),
                speech=spoken,
                more=more,
                meant=reply.meant,
                alternatives=turn.alternatives,
            )
        )

    async def _say_not_heard(self, why: Missed = Missed.UNCLEAR) -> None:
        in_form = self._dictation.purpose is not messages.Purpose.QUESTION
        prompt = self.patience.missed(why, in_form=in_form)
        await self._say(prompt.name, reason=why, offers_staff=prompt.offers_staff)

    async def _say(self, name: str, *, reason: str = "", offers_staff: bool = False) -> None:
        """Say a sentence of the house, where there is nothing to answer."""
        sentence = PHRASES[name]
        url = f"/kiosk/speech/{name}" if self._context.speech.speaks else ""
        await self._send(messages.NotHeard(sentence, [Piece(sentence, url)], reason, offers_staff))

    async def _send(self, message: messages.ToPage) -> None:
        await self.send(messages.write(message))
