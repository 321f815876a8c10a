"""How things stand with WeChat: what it complains of, what is not called, what waits to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.functions import Count
from tortoise.transactions import in_transaction

from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.wechat_alarm import WeChatAlarm, WeChatStop
from services import audit, pushed_messages, wechat_alarms
from services.access import Actor, Permission
from services.audit import Action
from services.deliveries import Reason
from services.errors import NotFound

_SENT_OF_LATE = timedelta(hours=24)
_WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING)


@dataclass(frozen=True)
class Queue:
    """Cards that wait, for one reason or for their turn alone."""

    state: DeliveryState
    reason: str
    count: int

    @property
    def label(self) -> str:
        return Reason(self.reason).label if self.reason else "排队中"


@dataclass(frozen=True)
class Condition:
    """How things stand."""

    alarms: list[WeChatAlarm]
    stops: list[WeChatStop]
    queues: list[Queue]
    ended: dict[DeliveryState, int]
    """What became of cards in the last 24 hours."""
    last_push_at: datetime | None


async def condition(app_id: str, now: datetime) -> Condition:
    """Return how things stand with an account."""
    cards = Delivery.filter(way=DeliveryWay.CARD, citizen__app_id=app_id)
    waiting = (
        await cards.filter(state__in=_WAITING)
        .annotate(count=Count("id"))
        .group_by("state", "reason")
        .values("state", "reason", "count")
    )
    ended = (
        await cards.filter(settled_at__gte=now - _SENT_OF_LATE)
        .annotate(count=Count("id"))
        .group_by("state")
        .values("state", "count")
    )
    return Condition(
        alarms=await wechat_alarms.open_alarms(app_id),
        stops=await WeChatStop.filter(app_id=app_id, until__gt=now).order_by("api"),
        queues=[Queue(DeliveryState(row["state"]), row["reason"], row["count"]) for row in waiting],
        ended={DeliveryState(row["state"]): row["count"] for row in ended},
        last_push_at=await pushed_messages.last_came_at(app_id),
    )


async def open_alarms() -> int:
    """Return how many complaints somebody has to act on."""
    return await WeChatAlarm.filter(cleared_at=None).count()


async def clear_alarm(actor: Actor, app_id: str, alarm_id: int, now: datetime) -> None:
    """Set a complaint aside: what it was about was put right. Raises NotFound."""
    actor.require(Permission.KEEP_WECHAT)
    async with in_transaction() as database:
        alarm = WeChatAlarm.filter(id=alarm_id, app_id=app_id, cleared_at=None).using_db(database)
        if not await alarm.update(cleared_at=now):
            raise NotFound("No such alarm.", sentence="这条告警已经解除。")
        await audit.record(
            actor, Action.WECHAT_ALARM_CLEARED, f"wechat_alarm:{alarm_id}", using_db=database
        )


async def lift_stop(actor: Actor, app_id: str, stop_id: int) -> None:
    """Let an API be called again: its quota was reset at WeChat. Raises NotFound."""
    actor.require(Permission.KEEP_WECHAT)
    async with in_transaction() as database:
        if not await WeChatStop.filter(id=stop_id, app_id=app_id).using_db(database).delete():
            raise NotFound("No such stop.", sentence="已经恢复调用。")
        await audit.record(
            actor, Action.WECHAT_ALARM_CLEARED, f"wechat_stop:{stop_id}", using_db=database
        )
