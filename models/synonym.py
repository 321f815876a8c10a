"""Everyday words for official terms (老年补贴 for 高龄津贴), kept by staff."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Synonym(Model):
    """What people say, and what documents call it."""

    id = fields.IntField(primary_key=True)
    everyday = fields.CharField(max_length=60, unique=True)
    official = fields.CharField(max_length=60)
    note = fields.CharField(max_length=200, default="")
    is_active = fields.BooleanField(default=True)

    class Meta:
        table = "synonym"
        ordering: list[Any] = ["id"]
