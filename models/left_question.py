"""A question that found no answer and was left for the staff (留言)."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class LeftQuestion(Model):
    """The words are what a visitor chose to leave, encrypted, with no trace of who it was."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    """What the visitor is given to ask after it."""
    encrypted_text = fields.BinaryField()
    left_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "left_question"
        ordering: list[Any] = ["id"]
