"""The address that WeChat pushes messages to (消息推送): checked, kept, answered, worked on later."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import BadRequest
from sanic.response import text

from miniprogram_api.mp.sessions import open_to_all
from miniprogram_api.wechat.push_bodies import Unreadable, read_body
from miniprogram_api.wechat.push_envelope import Refused, opened, require_signature
from services import pushed_messages
from services.errors import NotAllowed, Unavailable
from services.pushed_messages import Kept

OLDEST = timedelta(minutes=10)
"""A request that was captured is worth nothing then."""
NEWEST = timedelta(hours=48)
"""Our own clock may be behind by so much."""
_ANSWERED_WITHIN_S = 4.0
"""WeChat waits five seconds, then it sends again."""
_TAKEN = "success"

log = structlog.get_logger(__name__)
_keeping: set[asyncio.Task[Kept]] = set()
"""What is being written down though it took too long: a task that nobody holds may vanish."""


class PushRefused(NotAllowed):
    """It is not from WeChat, or no push is configured."""

    code = "push_refused"
    sentence = "消息推送的签名不对，或者没有配置消息推送。"


class PushNotKept(Unavailable):
    """It could not be written down. WeChat sends it again."""

    code = "push_not_kept"


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(check_address, "/wechat/push", name="check_push_address")
    routes.add_route(take_in, "/wechat/push", methods={"POST"}, name="take_in_push")


@open_to_all
async def check_address(request: Request) -> HTTPResponse:
    """Show WeChat that this is the address which its settings name."""
    settings = _settings(request)
    echo = request.args.get("echostr", "")
    try:
        require_signature(
            request.args.get("signature", ""), settings.wechat_push_token, *_moment_of(request)
        )
    except Refused as refused:
        raise _refusal(str(refused)) from None
    return text(echo)


@open_to_all
async def take_in(request: Request) -> HTTPResponse:
    """Take in one message. What had come before, and what nobody knows, is answered alike."""
    context = request.app.ctx
    settings = _settings(request)
    try:
        timestamp, nonce = _moment_of(request)
        outer = _read(request.body) if settings.wechat_encoding_aes_key else None
        signature = _signed(request, settings, outer, timestamp, nonce)
    except Refused as refused:
        raise _refusal(str(refused)) from None
    if outer is None:
        message = _read(request.body)
    else:
        try:
            inner = opened(
                str(outer["Encrypt"]), settings.wechat_encoding_aes_key, settings.wechat_app_id
            )
        except Refused as refused:
            raise _refusal(str(refused)) from None
        message = _read(inner)
    kept = await _keep(
        message, f"{timestamp} {nonce} {signature}", settings.wechat_app_id, context.parts.keys
    )
    log.info("push taken in", outcome=kept.value)
    return text(_TAKEN)


def _signed(
    request: Request, settings: Any, outer: dict[str, Any] | None, timestamp: str, nonce: str
) -> str:
    """Return the signature, found right. Raises Refused."""
    token = settings.wechat_push_token
    if outer is None:
        signature = str(request.args.get("signature", ""))
        require_signature(signature, token, timestamp, nonce)
    else:
        # Where messages are encrypted, one that is not is none of WeChat's.
        encrypted = outer.get("Encrypt")
        if not isinstance(encrypted, str) or not encrypted:
            raise Refused("It is not encrypted.")
        signature = str(request.args.get("msg_signature", ""))
        require_signature(signature, token, timestamp, nonce, encrypted)
    return signature


def _moment_of(request: Request) -> tuple[str, str]:
    """Return timestamp and nonce. Raises Refused for a request that is too old."""
    timestamp, nonce = request.args.get("timestamp", ""), request.args.get("nonce", "")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or not 1 <= len(nonce) <= 128:
        raise Refused("There is no timestamp, or no nonce.")
    ago = datetime.now(UTC).timestamp() - int(timestamp)
    if not -NEWEST.total_seconds() <= ago <= OLDEST.total_seconds():
        raise Refused("It is too old.")
    return timestamp, nonce


def _settings(request: Request) -> Any:
    settings = request.app.ctx.parts.settings
    # An empty token would let everybody sign.
    if not settings.wechat_app_id or not settings.wechat_push_token:
        raise _refusal("No push is configured.")
    return settings


def _read(body: bytes) -> dict[str, Any]:
    try:
        return read_body(body)
    except Unreadable as unreadable:
        raise BadRequest(str(unreadable)) from None


async def _keep(message: dict[str, Any], words: str, app_id: str, keys: Any) -> Kept:
    task = asyncio.create_task(
        pushed_messages.keep(message, words, app_id, keys=keys, now=datetime.now(UTC))
    )
    _keeping.add(task)
    task.add_done_callback(_keeping.discard)
    done, _ = await asyncio.wait({task}, timeout=_ANSWERED_WITHIN_S)
    if not done:
        # It may still be kept: then what WeChat sends again is a repetition.
        raise PushNotKept("The database takes too long.")
    return task.result()


def _refusal(why: str) -> PushRefused:
    log.info("push refused", why=why)
    return PushRefused(why)
