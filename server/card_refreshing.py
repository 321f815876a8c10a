"""Takes over the account's templates of subscription messages, at the start and once a day."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog
from tortoise.exceptions import BaseORMException

from server.context import Context
from services import card_templates
from services.wechat import WeChat, WeChatFailed

_EVERY_S = 24 * 3600.0
_AGAIN_S = 600.0
"""After WeChat could not be asked."""
_LOOK_S = 30.0
_JUST_NOW = timedelta(minutes=10)
"""Of several processes that start together, one asks."""

log = structlog.get_logger(__name__)


async def refresh_cards(context: Context) -> None:
    """Keep the templates as the account has them, until cancelled."""
    due_at = 0.0
    while True:
        wechat = context.parts.wechat
        if wechat is not None and time.monotonic() >= due_at:
            due_at = time.monotonic() + await _refresh(wechat)
        await asyncio.sleep(_LOOK_S)


async def _refresh(wechat: WeChat) -> float:
    """Ask for the templates unless another process just did; return when to ask again, in seconds."""
    now = datetime.now(UTC)
    try:
        if await card_templates.refreshed_after(wechat.app_id, now - _JUST_NOW):
            return _EVERY_S
        found = await card_templates.refresh(wechat, wechat.app_id, now)
    except (WeChatFailed, BaseORMException, OSError) as error:
        log.warning("card templates not refreshed", error=type(error).__name__)
        return _AGAIN_S
    log.info("card templates refreshed", listed=found.listed, vanished=found.vanished)
    return _EVERY_S
