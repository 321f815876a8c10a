"""Calls to WeChat that no process makes before a moment, because their quota is gone."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from models.wechat_alarm import WeChatStop
from services.clock import ZONE

_JITTER_S = 8.0
"""Not everybody comes back in the first second of a minute, or of a day."""


def next_minute(now: datetime) -> datetime:
    """Return a moment shortly after the next minute begins."""
    begins = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return begins + timedelta(seconds=random.uniform(0.5, _JITTER_S))


def next_quota_day(now: datetime) -> datetime:
    """Return a moment shortly after the day quotas begin anew, at midnight in Beijing."""
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    begins = datetime.combine(tomorrow, time(), ZONE)
    return begins + timedelta(seconds=random.uniform(0.5, _JITTER_S))


async def stop(app_id: str, api: str, errcode: int, until: datetime) -> None:
    """Let nobody call an API before a moment. A later one that is noted already stays."""
    row, is_new = await WeChatStop.get_or_create(
        {"errcode": errcode, "until": until}, app_id=app_id, api=api
    )
    if not is_new:
        await WeChatStop.filter(id=row.id, until__lt=until).update(errcode=errcode, until=until)


async def stopped(app_id: str, api: str, now: datetime) -> WeChatStop | None:
    """Return what keeps an API from being called, None where nothing does."""
    return await WeChatStop.get_or_none(app_id=app_id, api=api, until__gt=now)
