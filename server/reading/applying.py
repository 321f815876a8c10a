"""What the pages on which somebody applies for information have in common: whose draft it is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import redirect

from models.application import Channel
from models.venue import Area
from server import draft_cookie
from server.context import context_of
from server.reading.pages import link, show
from server.visiting import is_kiosk, venue_of
from services import application_drafts, referrals, venues
from services.application_drafts import Draft, WrongDraftCode
from services.disclosure.draft_content import Step

Page = Callable[..., Coroutine[Any, Any, HTTPResponse]]


def applying(handler: Page) -> Page:
    """Call a handler with the draft that the browser is filling in, as handler(request, draft, …).

    Without one the first page is shown, and of one that was sent the receipt.
    """

    @wraps(handler)
    async def called(request: Request, **rest: Any) -> HTTPResponse:
        draft = await draft_of(request)
        if draft is None:
            response = redirect(link(request, "/apply"), status=303)
            draft_cookie.forget(request, response)
            return response
        if draft.application_id is not None and not request.path.startswith("/apply/receipt"):
            return to_receipt(request, draft)
        response = await handler(request, draft, **rest)
        draft_cookie.remember(request, response, draft.code)
        return response

    return called


async def draft_of(request: Request) -> Draft | None:
    """Return the draft that a browser is filling in, None where there is none any more."""
    code = await draft_cookie.code_in(request)
    if code is None:
        return None
    try:
        return await application_drafts.find(
            code, keys=context_of(request).parts.keys, now=datetime.now(UTC)
        )
    except WrongDraftCode:
        return None


async def open_steps(request: Request, draft: Draft) -> tuple[list[Step], Step]:
    """Return the questions of a draft, and which is next at this zone: a draft may come from
    another, which takes applications for other agencies.
    """
    content = draft.content
    if content.agency_id is not None and not await referrals.accepts(
        await venue_of(request), content.agency_id
    ):
        content = content.reopening(Step.AGENCY)
    return content.steps(), content.next_step()


async def channel_of(request: Request) -> Channel:
    """Return how an application comes: at a kiosk it is handed in where staff are, elsewhere it is
    sent over the internet.

    Source: Regulation on Open Government Information (2019 revision), Article 31.
    """
    return Channel.COUNTER if await is_kiosk(request) else Channel.ONLINE


async def show_applying(
    request: Request, template: str, *, status: int = 200, **values: object
) -> HTTPResponse:
    """Return a page; where the zone takes no applications, the one that says where to go."""
    venue = await venue_of(request)
    if Area.APPLICATIONS not in venue.areas:
        instead = await venues.instead_of(venue, Area.APPLICATIONS, now=datetime.now(UTC))
        return await show(
            request, "reading/apply_instead.html",
            status=403 if request.method == "POST" else 200, sentence=instead.sentence(venue),
        )  # fmt: skip
    return await show(request, template, status=status, **values)


def to_step(request: Request, step: Step) -> HTTPResponse:
    """Lead to a question."""
    path = "/apply/check" if step is Step.CHECK else f"/apply/steps/{step.value}"
    return redirect(link(request, path), status=303)


def to_receipt(request: Request, draft: Draft) -> HTTPResponse:
    """Lead to the receipt of what was sent."""
    response = redirect(link(request, "/apply/receipt"), status=303)
    draft_cookie.remember(request, response, draft.code)
    return response


def spoken(request: Request, sentence: str, *, keep: bool = True) -> list[dict[str, str]]:
    """Return a sentence in pieces with the addresses of their sounds, as the page plays them."""
    pieces: list[dict[str, str]] = msgspec.to_builtins(
        context_of(request).speech.pieces(sentence, keep=keep)
    )
    return pieces
