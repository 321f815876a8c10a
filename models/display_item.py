"""What lies open in the reading area (资料阅览区): guides and the gazette."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.document import Document
from models.venue import Venue


class DisplayKind(StrEnum):
    """What must be on display. Source: 渝府办发〔2021〕100号, 资料阅览区."""

    DISCLOSURE_GUIDE = "disclosure_guide"
    SERVICE_GUIDE = "service_guide"
    GAZETTE = "gazette"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "disclosure_guide": "政府信息公开指南",
            "service_guide": "办事服务指南",
            "gazette": "政府公报",
            "other": "其他资料",
        }[self.value]


class DisplayItem(Model):
    """One thing on display in a zone, and when it was last replaced."""

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name="display_items", on_delete=fields.CASCADE, null=True
    )
    """None for what is on display in every zone."""
    venue_id: int | None
    kind = fields.CharEnumField(DisplayKind, max_length=20)
    title = fields.CharField(max_length=200)
    document: fields.ForeignKeyNullableRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    """The document to read, None for a gazette, whose issues are read, or for paper only."""
    document_id: int | None
    last_replaced_on = fields.DateField()
    replace_every_days = fields.IntField(default=365)
    """After how many days it is overdue, 0 for never."""
    position = fields.IntField(default=0)
    edits = fields.IntField(default=0)
    """Counts the changes of this row, so that of two who change it the second is told."""

    class Meta:
        table = "display_item"
        ordering: list[Any] = ["position", "id"]
