"""The list of messages on the phone."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from miniprogram_api.mp.sessions import signed_in
from models.card_template import CardPurpose
from models.citizen import Citizen
from services import citizen_inbox
from services.errors import Invalid


class MessageListed(msgspec.Struct, frozen=True):
    """One message: that something happened, never what was applied for, asked or answered."""

    id: int
    about: CardPurpose
    title: str
    text: str
    page: str
    """The page of the mini-program that it leads to, with its query."""
    came_at: datetime
    is_read: bool


class MessagesReply(msgspec.Struct, frozen=True):
    """Messages, the newest first."""

    messages: list[MessageListed]
    unread: int
    """Of all, not of these alone."""
    older: int | None
    """What to send as `before` for older ones, null where there are none."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/messages", name="messages")
    routes.add_route(read, "/messages/<message_id:int>/read", methods={"POST"}, name="read_message")


@signed_in
async def every(request: Request, citizen: Citizen) -> HTTPResponse:
    """Show the newest messages, or with ?before= those older than one."""
    now = datetime.now(UTC)
    rows = await citizen_inbox.of(citizen, now, before=_before(request))
    listed = [
        MessageListed(
            *(row.id, row.purpose, citizen_inbox.title_of(row), citizen_inbox.text_of(row)),
            *(row.page, row.created_at, row.read_at is not None),
        )
        for row in rows
    ]
    older = rows[-1].id if len(rows) == citizen_inbox.PAGE_SIZE else None
    return json(MessagesReply(listed, await citizen_inbox.unread(citizen, now), older))


@signed_in
async def read(_request: Request, citizen: Citizen, message_id: int) -> HTTPResponse:
    """Note that a message was opened."""
    await citizen_inbox.read(citizen, message_id, datetime.now(UTC))
    return empty()


def _before(request: Request) -> int | None:
    typed = request.args.get("before", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Invalid("before must be the id of a message.")
    return int(typed)
