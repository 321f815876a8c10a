"""Signing in with a code of WeChat, renewing that, and signing out on this phone (退出)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from miniprogram_api.mp.sessions import open_to_all, signed_in, token_of
from models.citizen import Citizen
from services import citizen_agreement, citizen_sessions, citizen_settings, citizens
from services.citizen_sessions import Issued
from services.citizen_settings import CitizenSettings
from services.errors import Unavailable

_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Token = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class WeChatMissing(Unavailable):
    """The installation has no mini-program."""

    code = "wechat_missing"
    sentence = "这里还没有开通微信小程序，请用自助机或网页办理。"


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone signs in with."""

    code: _Code
    """Of wx.login: good for five minutes, once."""
    font_size_setting: float = 0
    """fontSizeSetting of wx.getAppBaseInfo, in pixels; 0 where the phone does not say."""


class RenewSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone renews its session with."""

    refresh_token: _Token


class SessionReply(msgspec.Struct, frozen=True):
    """A session. There are no moments in it: clocks of phones are wrong."""

    token: str
    """For the header Authorization: Bearer …"""
    expires_in: int
    """Seconds until it is to be renewed."""
    refresh_token: str
    """Each is good for one renewal."""
    refresh_expires_in: int
    """Seconds after which an unused session ends."""
    settings: CitizenSettings
    has_agreed: bool
    """Whether they agreed to the present notice on personal information."""
    offers_large: bool
    """Whether 长辈版 is to be offered: the phone's own text is large, and they have not chosen it."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(sign_in, "/session", methods={"POST"}, name="sign_in")
    routes.add_route(renew, "/session/renewal", methods={"POST"}, name="renew")
    routes.add_route(sign_out, "/session", methods={"DELETE"}, name="sign_out")


@open_to_all
async def sign_in(request: Request) -> HTTPResponse:
    """Begin a session for whoever a code belongs to."""
    asked = msgspec.json.decode(request.body, type=SignIn)
    context = request.app.ctx
    context.citizens_limit.note(request.ctx.address)
    wechat = context.parts.wechat
    if wechat is None:
        raise WeChatMissing("No AppID is configured.")
    signed = await wechat.sign_in(asked.code)
    now = datetime.now(UTC)
    citizen = await citizens.sign_in(signed, wechat.app_id, keys=context.parts.keys, now=now)
    issued = await citizen_sessions.begin(citizen, now=now)
    return json(_reply(citizen, issued, asked.font_size_setting), status=201)


@open_to_all
async def renew(request: Request) -> HTTPResponse:
    """Give a phone new tokens for its old one."""
    asked = msgspec.json.decode(request.body, type=RenewSession)
    context = request.app.ctx
    context.renewals_limit.note(request.ctx.address)
    citizen, issued = await citizen_sessions.renew(
        asked.refresh_token, keys=context.parts.keys, now=datetime.now(UTC)
    )
    return json(_reply(citizen, issued, 0))


@signed_in
async def sign_out(request: Request, _citizen: Citizen) -> HTTPResponse:
    """End the session on this phone alone."""
    await citizen_sessions.end(token_of(request))
    return empty()


def _reply(citizen: Citizen, issued: Issued, font_size_setting: float) -> SessionReply:
    settings = citizen_settings.settings_of(citizen)
    return SessionReply(
        token=issued.token,
        expires_in=issued.expires_in,
        refresh_token=issued.refresh_token,
        refresh_expires_in=issued.refresh_expires_in,
        settings=settings,
        has_agreed=citizen_agreement.has_agreed(citizen),
        offers_large=citizen_settings.offers_large(font_size_setting) and not settings.is_large,
    )
