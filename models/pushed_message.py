"""What WeChat pushed to us (消息推送): kept, answered, and worked on later."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class PushedMessage(Model):
    """One message, once, however often WeChat sends it."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    """SHA-256 over the app and what makes it this message."""
    app_id = fields.CharField(max_length=32)
    event = fields.CharField(max_length=60, default="")
    encrypted_body = fields.BinaryField()
    """The message as JSON, emptied once it was worked on."""
    came_at = fields.DatetimeField()
    worked_at = fields.DatetimeField(null=True, db_index=True)
    attempts = fields.IntField(default=0)
    outcome = fields.CharField(max_length=40, default="")
    """A constant word on what came of it."""

    class Meta:
        table = "pushed_message"
        ordering: list[Any] = ["id"]


class PushedNonce(Model):
    """A (timestamp, nonce) that was used: a captured request is not taken twice."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    """SHA-256 over app, timestamp, nonce and signature."""
    came_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "pushed_nonce"
        ordering: list[Any] = ["id"]
