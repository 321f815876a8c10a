"""What the kiosk page fetches and sends besides its voice connection."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sanic import HTTPResponse, Request
from sanic.response import empty, json, raw

from models.ledger_count import Counted
from models.venue import Area
from server import draft_cookie
from server.context import context_of
from server.kiosk.enrolment import enrolment_page
from server.same_origin import address_of
from server.speech_desk import PHRASES
from server.visiting import device_of, is_kiosk, kiosk_name, venue_of
from services import help_calls, ledger, venues
from services.device_voices import voice_of
from services.errors import Invalid
from services.visitors_words import LONGEST_TEXT


async def page(request: Request) -> HTTPResponse:
    """Show the kiosk, and on a machine that is none the page on which it becomes one."""
    if not await is_kiosk(request):
        return enrolment_page(request)
    context = context_of(request)
    venue = await venue_of(request)
    missing = [area for area in Area if area not in venue.areas]
    now = datetime.now(UTC)
    recogniser = context.parts.recogniser
    shown = context.pages.show(
        "kiosk.html",
        kiosk_name=await kiosk_name(request),
        is_enrolled=await device_of(request) is not None,
        venue=venue,
        # What the zone has, by the values of Area, and for each that it has not what to show in
        # its place: a sentence to read and hear, and the zone to go to (None where there is none).
        areas=[area.value for area in Area if area in venue.areas],
        instead={
            area.value: {"sentence": there.sentence(venue), "elsewhere": there.elsewhere}
            for area in missing
            for there in [await venues.instead_of(venue, area, now=now)]
        },
        hears=recogniser is not None,
        speaks=context.speech.speaks,
        barge_in=context.parts.settings.kiosk_barge_in,
        voice=voice_of(await device_of(request), context.speech.voices),
        longest_text=LONGEST_TEXT,
    )
    # Here a visit begins: the one before is over, whoever was filling in an application.
    draft_cookie.forget(request, shown)
    return shown


async def settings_page(request: Request) -> HTTPResponse:
    """Show which engines are in use, and let staff try voice and microphone."""
    context = context_of(request)
    parts = context.parts
    return context.pages.show(
        "settings.html",
        kiosk_name=await kiosk_name(request),
        recogniser=parts.recogniser,
        recogniser_note=parts.recogniser_note,
        synthesiser=parts.synthesiser,
        synthesiser_note=parts.synthesiser_note,
        voices=context.speech.voices,
        voice=parts.settings.voice,
        silence_ms=parts.settings.kiosk_silence_ms,
        test_sentence=PHRASES["voice-test"],
    )


async def speech(request: Request, token: str) -> HTTPResponse:
    """Send the sound of a text that the server issued, as WAV."""
    rate = _number(request.args.get("rate", "1"))
    desk = context_of(request).speech
    own = voice_of(await device_of(request), desk.voices).voice
    voice = request.args.get("voice") or own or None
    sound = await desk.sound(token, rate=rate, voice=voice)
    wav = await asyncio.to_thread(sound.wav)
    return raw(wav, content_type="audio/wav", headers={"Cache-Control": "no-store"})


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid("The rate must be a number.") from None


async def call_for_help(request: Request) -> HTTPResponse:
    """Call a member of staff to this kiosk."""
    context_of(request).help_calls_limit.note(address_of(request))
    venue, device = await venue_of(request), await device_of(request)
    called, is_new = await help_calls.call(
        await kiosk_name(request), venue=venue, device_id=device.id if device else None
    )
    if is_new:
        ledger.note(Counted.HELP_CALL, venue.id)
    reply = {"id": called.id, "taken": False, "sentence": PHRASES["staff-called"]}
    return json(reply, status=201)


async def help_call(request: Request, call_id: int) -> HTTPResponse:
    """Say whether somebody is coming to this kiosk."""
    venue, device = await venue_of(request), await device_of(request)
    called = await help_calls.called_from(
        call_id, venue_id=venue.id, device_id=device.id if device else None
    )
    taken, closed = called.taken_at is not None, called.closed_at is not None
    return json({"id": called.id, "taken": taken, "closed": closed})


async def note_visit(request: Request) -> HTTPResponse:
    """Count a visitor: the kiosk's page says so when somebody begins, not at each question."""
    context_of(request).visits_limit.note(address_of(request))
    ledger.note(Counted.VISIT, (await venue_of(request)).id)
    return empty()
