"""What is owed to people's phones (发件箱): written in the transaction that owes it, sent later."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application
from models.card_template import CardPurpose, CardTemplate
from models.citizen import Citizen
from models.notice import Notice


class DeliveryWay(StrEnum):
    """How it reaches somebody."""

    APP = "app"
    """In the mini-program's list of messages: the row itself is the message."""
    CARD = "card"
    """A subscription message."""


class DeliveryState(StrEnum):
    """What became of it."""

    QUEUED = "queued"
    SENDING = "sending"
    """Claimed: after a crash nobody knows whether it was sent."""
    SENT = "sent"
    REFUSED = "refused"
    """The person does not want it, or allowed none, a normal end."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The answer was lost. It is never sent again, WeChat may still tell what became of it."""
    CANCELLED = "cancelled"

    def can_become(self, following: DeliveryState) -> bool:
        """Return whether it may go on to another state."""
        return following in _FOLLOWING[self]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is done about it by itself."""
        return self not in {DeliveryState.QUEUED, DeliveryState.SENDING}

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "queued": "等待发送",
            "sending": "正在发送",
            "sent": "已发送",
            "refused": "对方未授权",
            "failed": "发送失败",
            "unknown": "结果不明",
            "cancelled": "已取消",
        }[self.value]


_OVER: set[DeliveryState] = set()
_FOLLOWING = {
    DeliveryState.QUEUED: {
        DeliveryState.SENDING,
        DeliveryState.REFUSED,
        DeliveryState.FAILED,
        DeliveryState.CANCELLED,
    },
    DeliveryState.SENDING: {
        DeliveryState.QUEUED,
        DeliveryState.SENT,
        DeliveryState.REFUSED,
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
    },
    DeliveryState.SENT: {DeliveryState.FAILED},
    DeliveryState.UNKNOWN: {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.REFUSED},
    DeliveryState.REFUSED: _OVER,
    # Queued again by staff alone, and only where it is certain that nothing arrived.
    DeliveryState.FAILED: {DeliveryState.SENT, DeliveryState.QUEUED},
    DeliveryState.CANCELLED: _OVER,
}


class Delivery(Model):
    """One message to one person by one way. Holds nothing of what an application is about."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=100, unique=True)
    """What is owed, once: "notice:5:77:card", "application:3:12:77:app" (event 12)."""
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="deliveries", on_delete=fields.CASCADE
    )
    citizen_id: int
    way = fields.CharEnumField(DeliveryWay, max_length=10)
    purpose = fields.CharEnumField(CardPurpose, max_length=30)
    notice: fields.ForeignKeyNullableRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="deliveries", on_delete=fields.CASCADE, null=True
    )
    notice_id: int | None
    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name=False, on_delete=fields.CASCADE, null=True
    )
    application_id: int | None
    inquiry_id = fields.IntField(null=True)
    """The CitizenInquiry that was answered."""
    title = fields.CharField(max_length=60, default="")
    """What the list of messages shows, "" where the notice says it."""
    text = fields.CharField(max_length=300, default="")
    """Constant words and days: never what was applied for, asked or answered."""
    template: fields.ForeignKeyNullableRelation[CardTemplate] = fields.ForeignKeyField(
        "models.CardTemplate", related_name=False, on_delete=fields.CASCADE, null=True
    )
    template_id: int | None
    values: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """The card's fields, as they are sent."""
    page = fields.CharField(max_length=200, default="")
    """The page of the mini-program that it opens, with its query."""
    state = fields.CharEnumField(DeliveryState, max_length=20, default=DeliveryState.QUEUED)
    attempts = fields.IntField(default=0)
    not_before = fields.DatetimeField()
    claimed_by = fields.CharField(max_length=60, default="")
    claimed_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)
    errcode = fields.IntField(null=True)
    """What WeChat answered last, None where it gave no code."""
    reason = fields.CharField(max_length=40, default="")
    """A stable code of services.deliveries.Reason, "" where it was sent."""
    field_name = fields.CharField(max_length=40, default="")
    """The field of the card that is at fault, where one is."""
    msgid = fields.CharField(max_length=30, default="", db_index=True)
    read_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "delivery"
        ordering: list[Any] = ["id"]
        indexes = (("state", "not_before"), ("notice_id", "state"), ("citizen_id", "way"))
