"""What whoever runs the installation has to act on at WeChat, and what is not called for a while."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class WeChatAlarm(Model):
    """Something that repeating does not help: a wrong secret, an address that is not on the list."""

    id = fields.IntField(primary_key=True)
    app_id = fields.CharField(max_length=32)
    api = fields.CharField(max_length=80)
    """The path that was called."""
    errcode = fields.IntField()
    told = fields.CharField(max_length=200, default="")
    """What WeChat said that helps: the address that it saw, its rid. Nothing secret."""
    times = fields.IntField(default=1)
    first_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    cleared_at = fields.DatetimeField(null=True)
    """When the call worked again, or somebody set it aside, None while it lasts."""

    class Meta:
        table = "wechat_alarm"
        ordering: list[Any] = ["-id"]
        unique_together = (("app_id", "api", "errcode"),)


class WeChatStop(Model):
    """An API that no process calls before a moment: its quota is gone."""

    id = fields.IntField(primary_key=True)
    app_id = fields.CharField(max_length=32)
    api = fields.CharField(max_length=80)
    errcode = fields.IntField()
    until = fields.DatetimeField()

    class Meta:
        table = "wechat_stop"
        ordering: list[Any] = ["id"]
        unique_together = (("app_id", "api"),)
