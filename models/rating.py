"""How satisfied somebody was (满意度), with no trace of who it was."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.venue import Venue


class Score(IntEnum):
    """What was said of an answer or a visit."""

    UNSATISFIED = 1
    FAIR = 2
    SATISFIED = 3

    @property
    def label(self) -> str:
        """What pages call it."""
        return {1: "不满意", 2: "一般", 3: "满意"}[self.value]


class Rating(Model):
    """One touch of a face. The day is kept and the time is not."""

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT
    )
    venue_id: int
    rated_on = fields.DateField(db_index=True)
    about = fields.CharField(max_length=40, default="")
    """"question:12" or "document:7", "" for the zone as a whole."""
    score = fields.IntEnumField(Score)
    sent_as = fields.CharField(max_length=64, default="")
    """Keyed hash of the name that a phone gave to this sending, so that it counts once. "" for kiosks."""

    class Meta:
        table = "rating"
        ordering: list[Any] = ["id"]
