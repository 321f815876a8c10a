"""What somebody may see, settle and take back of themselves: settings, agreement, phone, all of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from miniprogram_api.mp.sessions import open_to_all, signed_in
from miniprogram_api.mp.signing_in import WeChatMissing
from models.citizen import Citizen
from services import (
    citizen_agreement,
    citizen_forgetting,
    citizen_phones,
    citizen_settings,
    citizens,
)
from services.access import system
from services.citizen_settings import CitizenSettings


class AgreementReply(msgspec.Struct, frozen=True):
    """The notice on personal information, as it is now."""

    version: str
    lines: tuple[str, ...]


class Agree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agreeing to a notice that was shown."""

    version: str


class GivePhone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Giving one's phone number."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """Of the button getPhoneNumber, not of wx.login: good for five minutes, once."""


class PhoneReply(msgspec.Struct, frozen=True):
    """The number that is kept."""

    phone: str
    """Masked: 138****0000."""


class MeReply(msgspec.Struct, frozen=True):
    """What is kept of whoever asks."""

    settings: CitizenSettings
    has_agreed: bool
    agreed_version: str
    """"" where they agreed to none."""
    agreed_at: datetime | None
    current_version: str
    phone: str
    """Masked; "" for none."""
    since: datetime
    """When they signed in for the first time."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(agreement, "/agreement", name="agreement")
    routes.add_route(show, "/me", name="me")
    routes.add_route(forget, "/me", methods={"DELETE"}, name="forget_me")
    routes.add_route(kept, "/me/kept", name="kept_of_me")
    routes.add_route(agree, "/me/agreement", methods={"PUT"}, name="agree")
    routes.add_route(take_back, "/me/agreement", methods={"DELETE"}, name="take_back_agreement")
    routes.add_route(give_phone, "/me/phone", methods={"PUT"}, name="give_phone")
    routes.add_route(remove_phone, "/me/phone", methods={"DELETE"}, name="remove_phone")
    routes.add_route(show_settings, "/me/settings", name="my_settings")
    routes.add_route(keep_settings, "/me/settings", methods={"PUT"}, name="keep_my_settings")


@open_to_all
async def agreement(_request: Request) -> HTTPResponse:
    """Show the notice on personal information."""
    return json(AgreementReply(citizen_agreement.NOTICE_VERSION, citizen_agreement.NOTICE))


@signed_in
async def show(request: Request, citizen: Citizen) -> HTTPResponse:
    """Show what is kept of whoever asks."""
    return json(
        MeReply(
            settings=citizen_settings.settings_of(citizen),
            has_agreed=citizen_agreement.has_agreed(citizen),
            agreed_version=citizen.notice_version,
            agreed_at=citizen.agreed_at,
            current_version=citizen_agreement.NOTICE_VERSION,
            phone=citizen_phones.masked_phone(citizen, request.app.ctx.parts.keys),
            since=citizen.created_at,
        )
    )


@signed_in
async def kept(_request: Request, citizen: Citizen) -> HTTPResponse:
    """Say what would stay after 注销."""
    return json(await citizen_forgetting.kept_of(citizen))


@signed_in
async def forget(request: Request, citizen: Citizen) -> HTTPResponse:
    """Forget whoever asks; say what stays."""
    actor = system(request.app.ctx.parts.keys.sealing, "本人")
    return json(await citizen_forgetting.forget(citizen, actor=actor))


@signed_in
async def agree(request: Request, citizen: Citizen) -> HTTPResponse:
    """Note that the notice was agreed to."""
    asked = msgspec.json.decode(request.body, type=Agree)
    await citizen_agreement.agree(citizen, asked.version, now=datetime.now(UTC))
    return empty()


@signed_in
async def take_back(_request: Request, citizen: Citizen) -> HTTPResponse:
    """Note that it is agreed to no longer."""
    await citizen_agreement.take_back(citizen)
    return empty()


@signed_in
async def give_phone(request: Request, citizen: Citizen) -> HTTPResponse:
    """Keep the number that WeChat names for a code."""
    asked = msgspec.json.decode(request.body, type=GivePhone)
    context = request.app.ctx
    context.citizens_limit.note(request.ctx.address)
    citizen_agreement.require(citizen)
    wechat, keys = context.parts.wechat, context.parts.keys
    if wechat is None:
        raise WeChatMissing("No AppID is configured.")
    number = await wechat.phone_number(asked.code, citizens.openid_of(citizen, keys))
    await citizen_phones.keep(citizen, number, keys=keys)
    return json(PhoneReply(citizen_phones.masked_phone(citizen, keys)))


@signed_in
async def remove_phone(_request: Request, citizen: Citizen) -> HTTPResponse:
    """Remove the number."""
    await citizen_phones.remove(citizen)
    return empty()


@signed_in
async def show_settings(_request: Request, citizen: Citizen) -> HTTPResponse:
    """Show how they want it to look and speak."""
    return json(citizen_settings.settings_of(citizen))


@signed_in
async def keep_settings(request: Request, citizen: Citizen) -> HTTPResponse:
    """Keep how they want it to look and speak."""
    settings = msgspec.json.decode(request.body, type=CitizenSettings)
    await citizen_settings.keep(citizen, settings)
    return json(settings)
