"""Sounds that a phone can play: MP3, whole or in parts.

Players of phones send no token: an address is good for what it was given out for and nothing else,
and what is published may be heard by everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from miniprogram_api.mp.byte_ranges import in_parts
from miniprogram_api.mp.sessions import open_to_all
from services.errors import Invalid
from services.spoken_owners import OF_THE_HOUSE, Said
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE

MP3 = "audio/mpeg"
_ENDING = ".mp3"


class SpokenTexts(Protocol):
    """Where texts become sounds: what a phone needs of the process's speech desk."""

    @property
    def speaks(self) -> bool: ...

    def issue(self, text: str, said: Said, *, keep: bool = True) -> list[tuple[str, str]]: ...

    async def mp3(self, token: str, *, rate: float = DEFAULT_RATE) -> bytes: ...

    async def sentence_mp3(
        self, document_id: int, name: str, *, version: str, rate: float
    ) -> bytes: ...

    def make_mp3_ahead(self, tokens: Sequence[str], rate: float) -> None: ...


class Spoken(msgspec.Struct, frozen=True):
    """A sentence, and where its sound is."""

    text: str
    sound: str
    """An address of this server, to which ?rate= (0.5 to 2) may be added; "" where nothing speaks."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(speech, "/speech/<token:str>", name="speech")
    routes.add_route(
        sentence, "/documents/<document_id:int>/speech/<name:str>", name="document_speech"
    )


@open_to_all
async def speech(request: Request, token: str) -> HTTPResponse:
    """Send the sound of a text that this server gave out."""
    desk: SpokenTexts = request.app.ctx.speech
    mp3 = await desk.mp3(token.removesuffix(_ENDING), rate=rate_of(request))
    return in_parts(request, mp3, MP3)


@open_to_all
async def sentence(request: Request, document_id: int, name: str) -> HTTPResponse:
    """Send the sound of a sentence of a document (?version= is the one that is read)."""
    desk: SpokenTexts = request.app.ctx.speech
    mp3 = await desk.sentence_mp3(
        document_id,
        name.removesuffix(_ENDING),
        version=request.args.get("version", ""),
        # Each is kept apart: a tenth is as fine as anybody hears.
        rate=round(rate_of(request), 1),
    )
    return in_parts(request, mp3, MP3)


def spoken(
    desk: SpokenTexts, text: str, said: Said = OF_THE_HOUSE, *, keep: bool = True
) -> list[Spoken]:
    """Return the sentences of a text with their addresses. Without `keep` no sound is kept."""
    return [
        Spoken(piece, f"/mp/v1/speech/{token}{_ENDING}" if token else "")
        for piece, token in desk.issue(text, said, keep=keep)
    ]


def make_ahead(desk: SpokenTexts, sentences: Sequence[Spoken], rate: float) -> None:
    """Begin to make sounds before the phone asks for them."""
    tokens = [one.sound.rpartition("/")[2].removesuffix(_ENDING) for one in sentences if one.sound]
    desk.make_mp3_ahead(tokens, rate)


def rate_of(request: Request) -> float:
    """Return how fast somebody wants to hear (?rate=). Raises Invalid."""
    return read_rate(request.args.get("rate", "1"))


def read_rate(typed: str) -> float:
    """Return a speech rate as it was sent. Raises Invalid."""
    try:
        rate = float(typed)
    except ValueError:
        rate = 0.0
    if not SLOWEST_RATE <= rate <= FASTEST_RATE:
        raise Invalid(
            f"The rate must be from {SLOWEST_RATE} to {FASTEST_RATE}.",
            sentence="语速应为 0.5 到 2 的数字。",
        )
    return rate
