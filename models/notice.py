"""Notices (通知): what a zone tells people on its kiosks, in the mini-program and by card."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency
from models.category import Category
from models.device import Device
from models.staff import Staff
from models.venue import Venue


class NoticeState(StrEnum):
    """How far a notice is. Nothing is shown before a second person passed it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    """Passed, it is published at its time."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    def can_become(self, following: NoticeState) -> bool:
        """Return whether it may go on to another state."""
        return following in _FOLLOWING[self]

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "draft": "拟稿",
            "in_review": "待审查",
            "scheduled": "待发布",
            "published": "已发布",
            "withdrawn": "已撤回",
        }[self.value]


_FOLLOWING = {
    NoticeState.DRAFT: {NoticeState.IN_REVIEW, NoticeState.WITHDRAWN},
    NoticeState.IN_REVIEW: {NoticeState.DRAFT, NoticeState.SCHEDULED, NoticeState.PUBLISHED},
    NoticeState.SCHEDULED: {NoticeState.PUBLISHED, NoticeState.WITHDRAWN, NoticeState.DRAFT},
    NoticeState.PUBLISHED: {NoticeState.WITHDRAWN},
    NoticeState.WITHDRAWN: set(),
}


class Audience(StrEnum):
    """For whom a notice is."""

    VENUE = "venue"
    """One zone: its kiosks, and whoever follows it."""
    AREA = "area"
    """A zone and every zone below it (片区)."""
    SUBJECT = "subject"
    """Whoever follows a subject, on their phones, and the kiosks of the zone."""

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"venue": "本专区", "area": "本专区及下级专区", "subject": "关注某一主题的人"}[
            self.value
        ]


class Notice(Model):
    """One notice."""

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name="notices", on_delete=fields.RESTRICT
    )
    """The zone that gives it."""
    venue_id: int
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The agency whose officer wrote it, None for the zone's own staff."""
    agency_id: int | None
    audience = fields.CharEnumField(Audience, max_length=20, default=Audience.VENUE)
    category = fields.CharEnumField(Category, max_length=20, null=True)
    """The subject, for Audience.SUBJECT."""
    title = fields.CharField(max_length=60)
    text = fields.TextField()
    is_emergency = fields.BooleanField(default=False)
    """Interrupts the kiosks, in large text and speech (无障碍环境建设法 Article 29)."""
    on_kiosks = fields.BooleanField(default=True)
    on_phones = fields.BooleanField(default=True)
    by_card = fields.BooleanField(default=False)
    """Whether it is also sent as a subscription message."""
    card_values: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """What stands in the card's fields, by key, where staff wrote it otherwise than it is filled."""
    publish_at = fields.DatetimeField(null=True)
    """When it is to be published, None for as soon as it is passed."""
    shown_until = fields.DatetimeField(null=True)
    """When it leaves kiosks and lists, None for never."""
    state = fields.CharEnumField(
        NoticeState, max_length=20, default=NoticeState.DRAFT, db_index=True
    )
    author: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT
    )
    author_id: int
    writer_ids: fields.Field[list[int]] = fields.JSONField(default=list)
    """Everybody who wrote in it: none of them may pass it."""
    reviewer: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    reviewer_id: int | None
    review_note = fields.TextField(default="")
    """Why it was given back."""
    withdrawal_reason = fields.CharField(max_length=200, default="")
    published_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    fan_out_after = fields.IntField(default=0)
    """The id of the last citizen for whom deliveries were written down."""
    fan_out_done_at = fields.DatetimeField(null=True)
    """When everybody whom it is for had their deliveries, None while that goes on."""
    recipients = fields.IntField(default=0)
    """People for whom deliveries were written down."""
    forgotten = fields.IntField(default=0)
    """Recipients who had themselves forgotten since, with their deliveries."""
    edits = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "notice"
        ordering: list[Any] = ["-id"]


class NoticeShowing(Model):
    """A kiosk has shown a notice."""

    id = fields.IntField(primary_key=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="showings", on_delete=fields.CASCADE
    )
    notice_id: int
    device: fields.ForeignKeyNullableRelation[Device] = fields.ForeignKeyField(
        "models.Device", related_name=False, on_delete=fields.CASCADE, null=True
    )
    """None for the installation's own kiosk, which is not enrolled."""
    device_id: int | None
    kiosk = fields.CharField(max_length=70)
    """Names the kiosk within its zone: "device:7", "own:3" (zone)."""
    shown_at = fields.DatetimeField()
    spoken_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice_showing"
        ordering: list[Any] = ["id"]
        unique_together = (("notice", "kiosk"),)
