"""A suggestion on openness work (政务公开意见建议)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.content_safety import ContentSafety
from models.staff import Staff
from models.venue import Venue


class SuggestionState(StrEnum):
    """Whether a suggestion was answered."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    """Set aside without an answer: empty of sense, or said twice."""

    def can_become(self, following: SuggestionState) -> bool:
        """Return whether work may go on to another state, an answer may be corrected."""
        return following in _FOLLOWING[self]

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"open": "待答复", "answered": "已答复", "closed": "已办结"}[self.value]


_FOLLOWING = {
    SuggestionState.OPEN: {SuggestionState.ANSWERED, SuggestionState.CLOSED},
    SuggestionState.ANSWERED: {SuggestionState.ANSWERED},
    SuggestionState.CLOSED: {SuggestionState.ANSWERED},
}


class Suggestion(Model):
    """What somebody suggested, encrypted, with no trace of who it was."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    """What its sender is given to ask after it."""
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT
    )
    venue_id: int
    encrypted_text = fields.BinaryField()
    received_at = fields.DatetimeField(auto_now_add=True)
    due_at = fields.DatetimeField()
    state = fields.CharEnumField(SuggestionState, max_length=20, default=SuggestionState.OPEN)
    encrypted_answer = fields.BinaryField(null=True)
    answered_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    answered_by_id: int | None
    answered_at = fields.DatetimeField(null=True)
    safety = fields.CharEnumField(ContentSafety, max_length=20, default=ContentSafety.NOT_CHECKED)
    edits = fields.IntField(default=0)

    class Meta:
        table = "suggestion"
        ordering: list[Any] = ["id"]
