"""Questions and suggestions left from a phone, and their answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import unquote

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.idempotency import key_of
from miniprogram_api.mp.paging import number_in
from miniprogram_api.mp.sessions import signed_in
from miniprogram_api.mp.sounds import Spoken, spoken
from miniprogram_api.mp.venues_scanned import venue_of
from models.citizen import Citizen
from services import citizen_inquiries
from services.citizen_inquiries import OwnInquiry
from services.inquiries import Inquiry, Kind

_MOST_ON_A_PAGE = 50
_LAST_PAGE = 10_000


class LeaveOnPhone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody leaves for the staff."""

    text: Annotated[str, msgspec.Meta(max_length=4000)]
    """In one's own words; at most 500 characters."""
    venue: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """The code of the zone whose staff answer; without one, the installation's own."""


class LeftReceipt(msgspec.Struct, frozen=True):
    """What to keep for asking after it at any door."""

    number: str
    due_on: str
    """ISO date of the day by which staff answer."""


class OneInquiry(msgspec.Struct, frozen=True):
    """What was left, and how it stands."""

    inquiry: Inquiry
    words: str
    """What they wrote, for whoever left it from this very account; "" for all others."""
    spoken: list[Spoken]
    """How it stands, to be heard. No sound of it is kept."""


class InquiriesReply(msgspec.Struct, frozen=True):
    """What somebody left, the newest first."""

    total: int
    page: int
    size: int
    items: list[OwnInquiry]


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(leave_question, "/questions", methods={"POST"}, name="leave_question")
    routes.add_route(questions, "/questions", name="questions")
    routes.add_route(question, "/questions/<number:str>", name="question")
    routes.add_route(suggest, "/suggestions", methods={"POST"}, name="suggest")
    routes.add_route(suggestions, "/suggestions", name="suggestions")
    routes.add_route(suggestion, "/suggestions/<number:str>", name="suggestion")


@signed_in
async def leave_question(request: Request, citizen: Citizen) -> HTTPResponse:
    """Keep a question for the staff of a zone."""
    request.app.ctx.left_questions_limit.note(_limited(citizen))
    return await _leave(request, citizen, Kind.QUESTION)


@signed_in
async def suggest(request: Request, citizen: Citizen) -> HTTPResponse:
    """Take in a suggestion."""
    request.app.ctx.suggestions_limit.note(_limited(citizen))
    return await _leave(request, citizen, Kind.SUGGESTION)


@signed_in
async def questions(request: Request, citizen: Citizen) -> HTTPResponse:
    """List their own questions."""
    return await _listed(request, citizen, Kind.QUESTION)


@signed_in
async def suggestions(request: Request, citizen: Citizen) -> HTTPResponse:
    """List their own suggestions."""
    return await _listed(request, citizen, Kind.SUGGESTION)


@signed_in
async def question(request: Request, citizen: Citizen, number: str) -> HTTPResponse:
    """Say how a question stands: with its words for whoever left it."""
    return await _shown(request, citizen, Kind.QUESTION, number)


@signed_in
async def suggestion(request: Request, citizen: Citizen, number: str) -> HTTPResponse:
    """Say how a suggestion stands: with its words for whoever left it."""
    return await _shown(request, citizen, Kind.SUGGESTION, number)


async def _leave(request: Request, citizen: Citizen, kind: Kind) -> HTTPResponse:
    key = key_of(request)
    form = msgspec.json.decode(request.body, type=LeaveOnPhone)
    parts = request.app.ctx.parts
    receipt, is_new = await citizen_inquiries.leave(
        citizen,
        kind,
        form.text,
        venue=await venue_of(request, form.venue),
        key=key,
        wechat=parts.wechat,
        keys=parts.keys,
        now=datetime.now(UTC),
    )
    reply = LeftReceipt(receipt.number, receipt.due_on.isoformat())
    return json(reply, status=201 if is_new else 200)


async def _listed(request: Request, citizen: Citizen, kind: Kind) -> HTTPResponse:
    page = number_in(request, "page", 1, _LAST_PAGE)
    size = number_in(request, "size", 20, _MOST_ON_A_PAGE)
    items, total = await citizen_inquiries.own(
        citizen, kind, keys=request.app.ctx.parts.keys, offset=(page - 1) * size, limit=size
    )
    return json(InquiriesReply(total, page, size, items))


async def _shown(request: Request, citizen: Citizen, kind: Kind, number: str) -> HTTPResponse:
    context, number = request.app.ctx, unquote(number)
    mine = await citizen_inquiries.own_one(citizen, kind, number, keys=context.parts.keys)
    if mine is None:
        # Somebody else's, or left at a kiosk: what everybody learns by the number.
        inquiry, words = await context.look_up(_limited(citizen), number, kind), ""
    else:
        inquiry, words = mine.inquiry, mine.words
    said = spoken(context.speech, inquiry.sentence, keep=False)
    return json(OneInquiry(inquiry, words, said))


def _limited(citizen: Citizen) -> str:
    """Return by whom limits count: thousands of phones share an address."""
    return f"citizen {citizen.id}"
