"""Asking with a recording: as the recorder of a phone makes it, heard once and kept nowhere."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.asking import conversation_of
from miniprogram_api.mp.multipart import Form, UploadTooLarge, read_form
from miniprogram_api.mp.replies import command_heard, not_heard, reply_to
from miniprogram_api.mp.sessions import signed_in
from miniprogram_api.mp.sounds import read_rate
from miniprogram_api.mp.venues_scanned import venue_of
from models.citizen import Citizen
from services import turns
from services.errors import EngineMissing, Unavailable
from services.listening import words_of
from services.spoken_commands import Command
from speech.audio import read_recording
from speech.errors import AudioFault, UnreadableAudio

FIELD = "recording"
LARGEST = 10 * 1024 * 1024
"""Bytes, as much as wx.uploadFile sends."""
LONGEST_S = 60
"""Seconds: the recorder's own limit unless a program asks for more."""
_AROUND = 64 * 1024
"""Bytes of a form besides its file."""
_IN_MEMORY = 512 * 1024
"""Bytes of a recording that never touch the disk: a minute as phones record it."""
_COMES_WITHIN_S = 60.0
"""Seconds that a recording may take to come in, as long as wx.uploadFile waits."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(
        ask_recording, "/ask/recording", methods={"POST"}, name="ask_recording", stream=True
    )


@signed_in
async def ask_recording(request: Request, _citizen: Citizen) -> HTTPResponse:
    """Answer what is said in a recording."""
    context: Any = request.app.ctx
    if context.recogniser is None:
        raise EngineMissing("There is no recogniser.")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST + _AROUND:
        raise UploadTooLarge(f"{announced} bytes are announced.")
    with (
        context.recordings.taken(),
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as place,
    ):
        form = await _received(request, place)
        pcm = await asyncio.to_thread(_sound_of, place)
    rate = read_rate(form.fields.get("rate", "1"))
    venue = await venue_of(request, form.fields.get("venue", ""))
    turn = form.fields.get("turn", "")
    conversation = await conversation_of(turn, venue, context)
    text, alternatives = await words_of(pcm, context)
    if not text:
        return json(not_heard(context, turn))
    heard = await conversation.hear(text, alternatives)
    if isinstance(heard, Command):
        return json(command_heard(heard, text, turn))
    return json(await reply_to(heard, conversation, venue, context, rate=rate))


async def _received(request: Request, place: IO[bytes]) -> Form:
    try:
        async with asyncio.timeout(_COMES_WITHIN_S):
            form = await read_form(
                request.headers.get("content-type", ""),
                _body(request),
                place,
                file_name=FIELD,
                largest=LARGEST,
                longest_field=turns.LONGEST_TURN,
            )
    except TimeoutError:
        raise Unavailable(
            "The recording did not come in time.", sentence="录音没有传完，请检查网络后再试一次。"
        ) from None
    if form.size == 0:
        raise UnreadableAudio(AudioFault.EMPTY)
    return form


def _sound_of(place: IO[bytes]) -> bytes:
    return read_recording(place.read(), longest_s=LONGEST_S)


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream: Any = request.stream  # Sanic declares a type without its methods.
    while chunk := await stream.read():
        yield chunk
