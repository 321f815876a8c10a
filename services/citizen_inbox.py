"""The list of messages in the mini-program: what happened in somebody's cases, and notices for them.

A message is a row of models.delivery whose way is the app; what is withdrawn is in it no longer.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.citizen import Citizen
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import NoticeState
from services.errors import NotFound

PAGE_SIZE = 20
_SUMMARY = 60
"""Characters of a notice that the list shows."""


def title_of(message: Delivery) -> str:
    """Return what the list shows of a message first."""
    return message.notice.title if message.notice is not None else message.title


def text_of(message: Delivery) -> str:
    """Return what the list shows of a message below its title."""
    if message.notice is None:
        return message.text
    text = " ".join(message.notice.text.split())
    return text if len(text) <= _SUMMARY else text[: _SUMMARY - 1] + "…"


async def of(citizen: Citizen, now: datetime, *, before: int | None = None) -> list[Delivery]:
    """Return the newest messages of somebody, or those older than one, with their notices."""
    shown = _shown(citizen, now)
    if before is not None:
        shown = shown.filter(id__lt=before)
    return await shown.select_related("notice").order_by("-id").limit(PAGE_SIZE)


async def unread(citizen: Citizen, now: datetime) -> int:
    """Return how many messages somebody has not opened yet."""
    return await _shown(citizen, now).filter(read_at=None).count()


async def read(citizen: Citizen, message_id: int, now: datetime) -> None:
    """Note that a message was opened. Safe to repeat. Raises NotFound for what is not theirs."""
    message = _shown(citizen, now).filter(id=message_id)
    if not await message.exists():
        raise NotFound("There is no such message.", sentence="没有找到这条消息，它可能已经撤回。")
    mine = Delivery.filter(id=message_id, citizen_id=citizen.id, read_at=None)
    await mine.update(read_at=now)


def _shown(citizen: Citizen, now: datetime) -> QuerySet[Delivery]:
    still = Q(notice__shown_until=None) | Q(notice__shown_until__gt=now)
    public = Q(notice_id=None) | (Q(notice__state=NoticeState.PUBLISHED) & still)
    return Delivery.filter(
        public, citizen_id=citizen.id, way=DeliveryWay.APP, state=DeliveryState.SENT
    )
