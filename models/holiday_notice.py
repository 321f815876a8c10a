"""The yearly holiday notice (节假日安排的通知) where staff import one, and local closures."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class HolidayNotice(Model):
    """The days of one year as a notice has them. A newer version takes the place of an older one."""

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    scope = fields.CharField(max_length=60, default="")
    """"" for the whole country, "agency:12" or "venue:3" for a local overlay."""
    version = fields.IntField()
    number = fields.CharField(max_length=80, default="")
    """文号 of the notice."""
    announced_on = fields.DateField(null=True)
    days_off: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """ISO day to the name of the festival."""
    days_worked: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """Weekend days that are worked in exchange (调休上班), to the festival."""
    imported_by_id = fields.IntField(null=True)
    imported_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "holiday_notice"
        ordering: list[Any] = ["year", "version"]
        unique_together = (("year", "scope", "version"),)
