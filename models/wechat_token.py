"""The access token of each mini-program, one for all processes, and who fetches the next one."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class WeChatToken(Model):
    """What WeChat gave last, encrypted."""

    id = fields.IntField(primary_key=True)
    app_id = fields.CharField(max_length=32, unique=True)
    encrypted_token = fields.BinaryField(null=True)
    """None before the first, and after WeChat rejected it."""
    ends_at = fields.DatetimeField(null=True)
    rejected_hash = fields.CharField(max_length=64, default="")
    """SHA-256 of the token that was rejected last, so that getting it again is noticed."""
    fetched_by = fields.CharField(max_length=60, default="")
    """The process that is fetching one, "" for none."""
    fetching_until = fields.DatetimeField(null=True)
    """Until when others wait for it, then they take over."""
    forced_at = fields.DatetimeField(null=True)
    forced_on = fields.DateField(null=True)
    """The day, in China, that forced_times counts."""
    forced_times = fields.IntField(default=0)

    class Meta:
        table = "wechat_token"
        ordering: list[Any] = ["id"]
