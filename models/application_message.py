"""What an applicant sends about their application from the phone (补正、撤回)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application
from models.citizen import Citizen


class MessageKind(StrEnum):
    """What the applicant wants by it."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"correction": "补正材料", "withdrawal": "撤回申请"}[self.value]


class MessageState(StrEnum):
    """Whether it took effect."""

    WAITING = "waiting"
    """Staff decide: it came after the last day, or the case does not let it follow by itself."""
    DONE = "done"
    """It is an event of the case."""
    SET_ASIDE = "set_aside"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"waiting": "待处理", "done": "已记入案卷", "set_aside": "未采用"}[self.value]


class ApplicationMessage(Model):
    """The words are encrypted, when they came is evidence, and stays."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="messages", on_delete=fields.CASCADE
    )
    application_id: int
    citizen: fields.ForeignKeyNullableRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    citizen_id: int | None
    kind = fields.CharEnumField(MessageKind, max_length=20)
    state = fields.CharEnumField(MessageState, max_length=20)
    encrypted_text = fields.BinaryField()
    idempotency_hash = fields.CharField(max_length=64, unique=True)
    came_at = fields.DatetimeField()
    draft_id = fields.IntField(null=True)
    """The draft that a withdrawal for the sake of changes began, None for all others."""
    edits = fields.IntField(default=0)

    class Meta:
        table = "application_message"
        ordering: list[Any] = ["id"]
