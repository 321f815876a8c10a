"""An administrative agency (行政机关) that publishes, answers and takes applications."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Agency(Model):
    """An agency as people and documents name it."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=200, unique=True)
    other_names: fields.Field[list[str]] = fields.JSONField(default=list)
    """Short and earlier names, as people say them."""
    address = fields.CharField(max_length=300, default="")
    phone = fields.CharField(max_length=60, default="")
    is_active = fields.BooleanField(default=True)

    class Meta:
        table = "agency"
        ordering: list[Any] = ["id"]
