"""An application that is filled in on the phone, one question at a time or all at once, and sent."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from miniprogram_api.mp.applications import FiledFromPhone, receipt_shown
from miniprogram_api.mp.draft_shapes import DraftsReply, draft_shown, in_list
from miniprogram_api.mp.sessions import signed_in
from miniprogram_api.mp.venues_scanned import venue_of
from models.application import Channel
from models.citizen import Citizen
from services import (
    application_drafts,
    application_sending,
    draft_answering,
    phone_drafts,
)
from services.disclosure.draft_content import Step
from services.errors import Invalid

_SURE = "证件上就是这样的话，请确认后再提交一次。"
_MOST_ANSWERS = len(Step)


class BeginDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is begun."""

    venue: str = ""
    """The code of the zone that takes it in; without one, the installation's own zone."""


class AnswerDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers by question: one, or all at once. "" passes a question over where that is possible."""

    answers: dict[Step, str]
    sure: bool = False
    """A number that looks mistyped is as the document shows it."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/drafts/<draft_id:int>"
    routes.add_route(begin, "/drafts", methods={"POST"}, name="mp_begin_draft")
    routes.add_route(every, "/drafts", name="mp_drafts")
    routes.add_route(show, one, name="mp_draft")
    routes.add_route(answer, one, methods={"PATCH"}, name="mp_answer_draft")
    routes.add_route(remove, one, methods={"DELETE"}, name="mp_remove_draft")
    routes.add_route(send, f"{one}/application", methods={"POST"}, name="mp_send_draft")


@signed_in
async def begin(request: Request, citizen: Citizen) -> HTTPResponse:
    """Begin one at the zone that was scanned."""
    body = msgspec.json.decode(request.body or b"{}", type=BeginDraft)
    context = request.app.ctx
    context.drafts_limit.note(f"citizen {citizen.id}")
    draft = await phone_drafts.begin(
        citizen.id, await venue_of(request, body.venue), keys=context.parts.keys,
        now=datetime.now(UTC),
    )  # fmt: skip
    return json(await draft_shown(draft), status=201)


@signed_in
async def every(request: Request, citizen: Citizen) -> HTTPResponse:
    """List what was not sent yet."""
    keys = request.app.ctx.parts.keys
    drafts = await phone_drafts.every(citizen.id, keys=keys, now=datetime.now(UTC))
    return json(DraftsReply([in_list(draft) for draft in drafts]))


@signed_in
async def show(request: Request, citizen: Citizen, draft_id: int) -> HTTPResponse:
    """Show one with its questions and what was answered."""
    keys, now = request.app.ctx.parts.keys, datetime.now(UTC)
    return json(await draft_shown(await phone_drafts.one(citizen.id, draft_id, keys=keys, now=now)))


@signed_in
async def answer(request: Request, citizen: Citizen, draft_id: int) -> HTTPResponse:
    """Take answers. Each is read as people write it; what is wrong is said, and nothing is changed."""
    body = msgspec.json.decode(request.body, type=AnswerDraft)
    context = request.app.ctx
    keys, now = context.parts.keys, datetime.now(UTC)
    draft = await phone_drafts.one(citizen.id, draft_id, keys=keys, now=now)
    if draft.application_id is not None:
        raise application_drafts.AlreadySent(f"Draft {draft_id} was sent.")
    if Step.CHECK in body.answers or not body.answers:
        raise Invalid("There is no answer.", sentence="请先回答，再提交。")
    change = await draft_answering.changed_by(
        draft.content, body.answers, venue=await application_drafts.venue_of(draft),
        library=context.library, is_sure=body.sure, now=now, sure=_SURE,
    )  # fmt: skip
    draft = await application_drafts.save(draft, change, at_kiosk=False, keys=keys, now=now)
    return json(await draft_shown(draft))


@signed_in
async def remove(_request: Request, citizen: Citizen, draft_id: int) -> HTTPResponse:
    """Remove what is not wanted any more."""
    await phone_drafts.remove(citizen.id, draft_id)
    return empty()


@signed_in
async def send(request: Request, citizen: Citizen, draft_id: int) -> HTTPResponse:
    """Send it. A second time the receipt is the same."""
    context = request.app.ctx
    keys, now = context.parts.keys, datetime.now(UTC)
    draft = await phone_drafts.one(citizen.id, draft_id, keys=keys, now=now)
    was_sent = draft.application_id is not None
    if not was_sent:
        context.applications_limit.note(f"citizen {citizen.id}")
    venue = await application_drafts.venue_of(draft)
    application_id = await application_sending.send(
        draft, venue=venue, channel=Channel.ONLINE, keys=keys, now=now
    )
    receipt = await receipt_shown(application_id, keys)
    return json(FiledFromPhone(application_id, receipt), status=200 if was_sent else 201)
