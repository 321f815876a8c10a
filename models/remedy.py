"""Reviews and lawsuits over replies (行政复议、行政诉讼)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application


class RemedyKind(StrEnum):
    """A column group of table four of the annual report."""

    REVIEW = "review"
    DIRECT_SUIT = "direct_suit"
    SUIT_AFTER_REVIEW = "suit_after_review"

    @property
    def label(self) -> str:
        """What pages and the report call it."""
        return {
            "review": "行政复议",
            "direct_suit": "未经复议直接起诉",
            "suit_after_review": "复议后起诉",
        }[self.value]


class RemedyResult(StrEnum):
    """How it ended."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What pages and the report call it."""
        return {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}[self.value]


class Remedy(Model):
    """One review or lawsuit over one application."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="remedies", on_delete=fields.RESTRICT
    )
    application_id: int
    kind = fields.CharEnumField(RemedyKind, max_length=20)
    lodged_on = fields.DateField()
    result = fields.CharEnumField(RemedyResult, max_length=20, null=True)
    """None while it is not decided (尚未审结)."""
    closed_on = fields.DateField(null=True)

    class Meta:
        table = "remedy"
        ordering: list[Any] = ["id"]
