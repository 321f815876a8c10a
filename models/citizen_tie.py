"""What somebody tied to themselves by their own act: applications, questions, zones, subjects."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application
from models.category import Category
from models.citizen import Citizen
from models.left_question import LeftQuestion
from models.suggestion import Suggestion
from models.venue import Venue


class TieReason(StrEnum):
    """By which act an application became theirs to follow on the phone."""

    FILED = "filed"
    HANDED_OVER = "handed_over"
    """Begun at a kiosk or finished at a counter, joined by a single-use code."""
    QUERY_CODE = "query_code"
    """They knew its query code and the second fact."""


class CitizenApplication(Model):
    """Somebody follows an application on their phone."""

    id = fields.IntField(primary_key=True)
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="applications", on_delete=fields.CASCADE
    )
    citizen_id: int
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="followed_by", on_delete=fields.CASCADE
    )
    application_id: int
    reason = fields.CharEnumField(TieReason, max_length=20)
    may_act = fields.BooleanField(default=False)
    """Whether they may correct and withdraw it: whoever filed it, not whoever only asks after it."""
    tied_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "citizen_application"
        ordering: list[Any] = ["id"]
        unique_together = (("citizen", "application"),)


class CitizenInquiry(Model):
    """A question or suggestion that somebody left from their phone. Staff never see this tie."""

    id = fields.IntField(primary_key=True)
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="inquiries", on_delete=fields.CASCADE
    )
    citizen_id: int
    question: fields.OneToOneNullableRelation[LeftQuestion] = fields.OneToOneField(
        "models.LeftQuestion", related_name="tie", on_delete=fields.CASCADE, null=True
    )
    question_id: int | None
    suggestion: fields.OneToOneNullableRelation[Suggestion] = fields.OneToOneField(
        "models.Suggestion", related_name="tie", on_delete=fields.CASCADE, null=True
    )
    suggestion_id: int | None
    idempotency_hash = fields.CharField(max_length=64, default="", db_index=True)
    """Keyed hash of the name that the phone gave to this sending, so that it is kept once."""
    tied_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "citizen_inquiry"
        ordering: list[Any] = ["id"]


class Follow(Model):
    """Somebody wants the notices of a zone, or on a subject (one of the two is set)."""

    id = fields.IntField(primary_key=True)
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="follows", on_delete=fields.CASCADE
    )
    citizen_id: int
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.CASCADE, null=True
    )
    venue_id: int | None
    category = fields.CharEnumField(Category, max_length=20, null=True)
    followed_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "follow"
        ordering: list[Any] = ["id"]
        unique_together = (("citizen", "venue"), ("citizen", "category"))
