"""What somebody does about their own application on the phone: corrects it, withdraws it, follows it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from miniprogram_api.mp.applications import SentMessage, shown
from miniprogram_api.mp.idempotency import key_of
from miniprogram_api.mp.sessions import signed_in
from models.citizen import Citizen
from services import applicant_acts, citizen_cases
from services.applicant_acts import LONGEST, Sent

_CORRECTED = "机关今天收到了您的补正，答复期限重新计算（条例第三十条）。"
_WAITS = (
    "机关收到了您的补充，收到的时间已经记下。现在不在补正期限内："
    "逾期有正当理由的，由机关决定是否接受（条例第三十条）；请留意办理情况。"
)


class Correct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the applicant corrects or adds, in their own words."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]


class Withdraw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Withdrawing an application. No reason is needed."""

    text: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    to_revise: bool = False
    """撤回修改: begin a draft with the same contents, within ten minutes after it was sent."""


class Follow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever follows an application from elsewhere has to know."""

    query_code: str
    second_fact: str
    """The last four characters of the identity number or the phone, or the whole name."""


class SentReply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    message: SentMessage
    draft_id: int | None
    """The draft with the same contents, where it was withdrawn to be changed."""
    sentence: str


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/applications/<application_id:int>"
    for handler, what in ((correct, "correction"), (withdraw, "withdrawal")):
        routes.add_route(handler, f"{one}/{what}", methods={"POST"}, name=f"mp_{what}")
    routes.add_route(follow, "/applications/ties", methods={"POST"}, name="mp_follow")
    routes.add_route(unfollow, f"{one}/tie", methods={"DELETE"}, name="mp_unfollow")


@signed_in
async def correct(request: Request, citizen: Citizen, application_id: int) -> HTTPResponse:
    """Take what the applicant corrects."""
    key = key_of(request)
    body = msgspec.json.decode(request.body, type=Correct)
    context = request.app.ctx
    context.applications_limit.note(f"citizen {citizen.id}")
    sent = await applicant_acts.correct(
        citizen.id, application_id, body.text, key=key, keys=context.parts.keys,
        now=datetime.now(UTC),
    )  # fmt: skip
    return _reply(sent, _WAITS if sent.message.waits else _CORRECTED)


@signed_in
async def withdraw(request: Request, citizen: Citizen, application_id: int) -> HTTPResponse:
    """Withdraw an application."""
    key = key_of(request)
    body = msgspec.json.decode(request.body, type=Withdraw)
    context = request.app.ctx
    context.applications_limit.note(f"citizen {citizen.id}")
    sent = await applicant_acts.withdraw(
        citizen.id, application_id, body.text, to_revise=body.to_revise, key=key,
        keys=context.parts.keys, now=datetime.now(UTC),
    )  # fmt: skip
    revised = "内容已经放进一份新的草稿，改好以后请重新提交。" if sent.draft_id is not None else ""
    return _reply(sent, f"这件申请已经撤回。{revised}")


@signed_in
async def follow(request: Request, citizen: Citizen) -> HTTPResponse:
    """Follow what was filed elsewhere. Guessing gets slow, for the person too."""
    asked = msgspec.json.decode(request.body, type=Follow)
    context = request.app.ctx
    context.look_up_limit.note(f"citizen {citizen.id}")
    with context.status_delay.guarding(f"citizen {citizen.id}"):
        # The same delays as wherever one asks: for the address and for the code.
        await context.application_status(
            request.ctx.address, asked.query_code, asked.second_fact, now=datetime.now(UTC)
        )
    keys = context.parts.keys
    row = await citizen_cases.follow(citizen.id, asked.query_code, asked.second_fact, keys=keys)
    return json(await shown(await citizen_cases.followed(citizen.id, row.id), keys), status=201)


@signed_in
async def unfollow(_request: Request, citizen: Citizen, application_id: int) -> HTTPResponse:
    """Follow it no longer. It goes on all the same."""
    await citizen_cases.unfollow(citizen.id, application_id)
    return empty()


def _reply(sent: Sent, sentence: str) -> HTTPResponse:
    return json(
        SentReply(message=SentMessage.of(sent.message), draft_id=sent.draft_id, sentence=sentence)
    )
