"""A visitor asking for a person (请工作人员帮忙)."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class HelpCall(Model):
    """Somebody at a kiosk wants a person to come. Holds no word of who or why."""

    id = fields.IntField(primary_key=True)
    kiosk_name = fields.CharField(max_length=100)
    called_at = fields.DatetimeField(auto_now_add=True)
    taken_at = fields.DatetimeField(null=True)

    class Meta:
        table = "help_call"
        ordering: list[Any] = ["id"]
