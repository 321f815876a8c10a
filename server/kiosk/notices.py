"""What a kiosk asks every other second: which notices to show; and that it has shown them."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import empty, json

from server.context import context_of
from server.speech_desk import Piece
from server.visiting import device_of, venue_of
from services import notice_board
from services.cards.sources import moment_words
from services.device_voices import voice_of
from services.spoken_owners import Said


class Listed(msgspec.Struct, frozen=True):
    """A notice as the list has it."""

    id: int
    title: str
    when: str
    is_emergency: bool
    is_noted: bool
    """Whether this kiosk has said that it showed it; until then it is shown first."""


class NoticesReply(msgspec.Struct, frozen=True):
    """Emergencies first, then the newest."""

    notices: list[Listed]


class Whole(msgspec.Struct, frozen=True):
    """A notice with its words and their sounds."""

    id: int
    title: str
    text: str
    zone: str
    when: str
    speech: list[Piece]


class Showing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kiosk has done with a notice."""

    spoken: bool = False


async def every(request: Request) -> HTTPResponse:
    """List what this kiosk shows now."""
    venue = await venue_of(request)
    rows = await notice_board.on_kiosk(venue.id, datetime.now(UTC))
    kiosk = await _kiosk(request)
    new = await notice_board.not_noted([row.id for row in rows], kiosk) if rows else set()
    return json(
        NoticesReply(
            [
                Listed(
                    row.id, row.title, _when(row.published_at), row.is_emergency, row.id not in new
                )
                for row in rows
            ]
        )
    )


async def one(request: Request, notice_id: int) -> HTTPResponse:
    """Send a notice; its sound is begun before the kiosk fetches it."""
    notice = await notice_board.find(notice_id, datetime.now(UTC))
    speech = context_of(request).speech
    said = Said(notice_board.owner_of(notice.id), 0)
    pieces = speech.pieces(notice_board.as_spoken(notice), said)
    own = voice_of(await device_of(request), speech.voices)
    speech.make_ahead(pieces, own.rate, own.voice)
    return json(
        Whole(
            *(notice.id, notice.title, notice.text, notice.venue.title),
            *(_when(notice.published_at), pieces),
        )
    )


async def shown(request: Request, notice_id: int) -> HTTPResponse:
    """Note that this kiosk has shown a notice, or has spoken it. Safe to repeat."""
    showing = msgspec.json.decode(request.body, type=Showing)
    device = await device_of(request)
    await notice_board.note_shown(
        notice_id,
        await _kiosk(request),
        device_id=device.id if device is not None else None,
        is_spoken=showing.spoken,
        now=datetime.now(UTC),
    )
    return empty()


async def _kiosk(request: Request) -> str:
    device = await device_of(request)
    return f"device:{device.id}" if device is not None else f"own:{(await venue_of(request)).id}"


def _when(moment: datetime | None) -> str:
    return moment_words(moment) if moment is not None else ""
