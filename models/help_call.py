"""A visitor asking for a person (请工作人员帮忙)."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.device import Device
from models.staff import Staff
from models.venue import Venue


class HelpCall(Model):
    """Somebody at a kiosk wants a person to come. Holds no word of who or why."""

    id = fields.IntField(primary_key=True)
    kiosk_name = fields.CharField(max_length=100)
    """What the kiosk was called then."""
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    venue_id: int | None
    device: fields.ForeignKeyNullableRelation[Device] = fields.ForeignKeyField(
        "models.Device", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    device_id: int | None
    called_at = fields.DatetimeField(auto_now_add=True)
    taken_at = fields.DatetimeField(null=True, db_index=True)
    taken_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    taken_by_id: int | None
    closed_at = fields.DatetimeField(null=True, db_index=True)
    closed_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    closed_by_id: int | None

    class Meta:
        table = "help_call"
        ordering: list[Any] = ["id"]
