"""Going on later: a code to take along, typed in at another kiosk or on a phone."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import segno
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from models.scan_code import HandOverPlace
from server import draft_cookie
from server.context import context_of
from server.public_address import public_address
from server.rate_limit import TooManyRequests
from server.reading.applying import (
    applying,
    draft_of,
    open_steps,
    show_applying,
    to_receipt,
    to_step,
)
from server.reading.pages import link
from server.same_origin import address_of
from server.visiting import is_kiosk, venue_of
from services import application_drafts, handovers
from services.application_drafts import AlreadySent, Draft, WrongDraftCode
from services.clock import ZONE
from services.disclosure.draft_content import DraftContent
from services.handovers import UnknownHandOver

_LONGEST_CODE = 40


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(later, "/apply/later", methods={"POST"}, name="apply_later")
    routes.add_route(kept, "/apply/later", name="kept_application")
    routes.add_route(resume_page, "/apply/resume", name="resume_page")
    routes.add_route(resume, "/apply/resume", methods={"POST"}, name="resume_application")
    routes.add_route(leave, "/apply/leave", methods={"POST"}, name="leave_application")


@applying
async def later(request: Request, draft: Draft) -> HTTPResponse:
    """Keep a draft for its day, for who takes the code along."""
    await application_drafts.save(
        draft, _take_along, at_kiosk=await is_kiosk(request),
        keys=context_of(request).parts.keys, now=datetime.now(UTC),
    )  # fmt: skip
    return redirect(link(request, "/apply/later"), status=303)


@applying
async def kept(request: Request, draft: Draft) -> HTTPResponse:
    """Show the code."""
    if not draft.content.is_taken_along:
        return to_step(request, (await open_steps(request, draft))[1])
    venue = await venue_of(request)
    address = f"{public_address(request)}/apply/resume?venue={venue.code}&code={draft.code}"
    return await show_applying(
        request,
        "reading/apply_later.html",
        code=application_drafts.spoken_code(draft.code),
        ends_at=draft.ends_at.astimezone(ZONE),
        code_image=segno.make_qr(address, error="m").svg_data_uri(
            scale=6, border=4, dark="#000", light="#fff"
        ),
    )


async def resume_page(request: Request) -> HTTPResponse:
    """Ask for the code. Only sending it opens the draft, so that a link alone does nothing."""
    code = request.args.get("code", "")[:_LONGEST_CODE]
    return await show_applying(request, "reading/apply_resume.html", code=code, sentence="")


async def resume(request: Request) -> HTTPResponse:
    """Go on with the draft that has a code. Guessing gets slow."""
    context, address = context_of(request), address_of(request)
    code = str(request.form.get("code") or "")[:_LONGEST_CODE] if request.form else ""
    try:
        context.look_up_limit.note(address)
        with context.draft_delay.guarding(address):
            draft = await _with_code(request, code)
    except (WrongDraftCode, UnknownHandOver, AlreadySent) as wrong:
        return await show_applying(
            request,
            "reading/apply_resume.html",
            status=409 if isinstance(wrong, AlreadySent) else 404,
            code=code,
            sentence=wrong.sentence,
        )
    except TooManyRequests as often:
        return await show_applying(
            request,
            "reading/apply_resume.html",
            status=429,
            code=code,
            sentence=often.sentence,
        )
    if draft.application_id is not None:
        return to_receipt(request, draft)
    response = to_step(request, (await open_steps(request, draft))[1])
    draft_cookie.remember(request, response, draft.code)
    return response


async def _with_code(request: Request, code: str) -> Draft:
    """Return the draft that a code opens, or hands over to this browser.

    Raises WrongDraftCode, UnknownHandOver, AlreadySent.
    """
    keys, now = context_of(request).parts.keys, datetime.now(UTC)
    if not handovers.looks_like_one(code):
        return await application_drafts.find(code, keys=keys, now=now)
    place = HandOverPlace.KIOSK if await is_kiosk(request) else HandOverPlace.PHONE
    return (await handovers.take_to_browser(code, place, keys=keys, now=now)).draft


async def leave(request: Request) -> HTTPResponse:
    """Give up: remove what was filled in, and lead to what is public."""
    draft = await draft_of(request)
    if draft is not None:
        await application_drafts.remove(draft)
    response = redirect(link(request, "/documents"), status=303)
    draft_cookie.forget(request, response)
    return response


def _take_along(content: DraftContent) -> DraftContent:
    return msgspec.structs.replace(content, is_taken_along=True)
