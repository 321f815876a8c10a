"""A question that found no answer and waits for the staff (留言、待答问题)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency
from models.content_safety import ContentSafety
from models.staff import Staff
from models.venue import Venue


class QuestionOrigin(StrEnum):
    """How a question came to the staff."""

    LEFT = "left"
    """A visitor left it, and was given a number."""
    REFUSED = "refused"
    """The machine had no reliable answer, and nobody waits for one."""

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"left": "群众留言", "refused": "没有答上来"}[self.value]


class QuestionState(StrEnum):
    """Whether a question was answered."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    """Set aside: no question, or nothing that the zone can answer."""

    def can_become(self, following: QuestionState) -> bool:
        """Return whether work may go on to another state, an answer may be corrected."""
        return following in _FOLLOWING[self]

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"open": "待答复", "answered": "已答复", "closed": "已办结"}[self.value]


_FOLLOWING = {
    QuestionState.OPEN: {QuestionState.ANSWERED, QuestionState.CLOSED},
    QuestionState.ANSWERED: {QuestionState.ANSWERED},
    QuestionState.CLOSED: {QuestionState.ANSWERED},
}


class LeftQuestion(Model):
    """The words are what a visitor asked, encrypted, with no trace of who it was."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    """What the visitor is given to ask after it."""
    encrypted_text = fields.BinaryField()
    left_at = fields.DatetimeField(auto_now_add=True)
    origin = fields.CharEnumField(QuestionOrigin, max_length=20, default=QuestionOrigin.LEFT)
    state = fields.CharEnumField(
        QuestionState, max_length=20, default=QuestionState.OPEN, db_index=True
    )
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    venue_id: int | None
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The agency that it was passed on to, None while it is the zone's own."""
    agency_id: int | None
    due_at = fields.DatetimeField(null=True, db_index=True)
    words_hash = fields.CharField(max_length=64, default="", db_index=True)
    """Keyed hash of a refused question's words, by which the same one is counted, not repeated."""
    times = fields.IntField(default=1)
    """How often a refused question was asked."""
    encrypted_answer = fields.BinaryField(null=True)
    answered_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    answered_by_id: int | None
    answered_at = fields.DatetimeField(null=True)
    entry_id = fields.IntField(null=True)
    """The library entry that it became, or was answered with."""
    safety = fields.CharEnumField(ContentSafety, max_length=20, default=ContentSafety.NOT_CHECKED)
    edits = fields.IntField(default=0)

    class Meta:
        table = "left_question"
        ordering: list[Any] = ["id"]
