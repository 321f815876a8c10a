"""The ledger of a zone (台账): what happened, counted by zone and day, without identity."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.venue import Venue


class Counted(StrEnum):
    """What is counted."""

    VISIT = "visit"
    SEARCH = "search"
    READING = "reading"
    PRINT = "print"
    TAKEN_HOME = "taken_home"
    """A code opened on a phone."""
    QUESTION = "question"
    ANSWERED = "answered"
    HANDOFF = "handoff"
    """Questions without a reliable answer."""
    LEFT_QUESTION = "left_question"
    HELP_CALL = "help_call"
    SUGGESTION = "suggestion"
    DEVICE_FAULT = "device_fault"

    @property
    def label(self) -> str:
        """What pages and sheets call it."""
        return _LABELS[self]


_LABELS = {
    Counted.VISIT: "来访",
    Counted.SEARCH: "检索",
    Counted.READING: "阅览",
    Counted.PRINT: "打印",
    Counted.TAKEN_HOME: "扫码带走",
    Counted.QUESTION: "咨询",
    Counted.ANSWERED: "当场答复",
    Counted.HANDOFF: "转人工",
    Counted.LEFT_QUESTION: "留言",
    Counted.HELP_CALL: "呼叫工作人员",
    Counted.SUGGESTION: "意见建议",
    Counted.DEVICE_FAULT: "设备故障",
}


class LedgerCount(Model):
    """How often something happened in a zone on a day."""

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT
    )
    venue_id: int
    day = fields.DateField(db_index=True)
    counted = fields.CharEnumField(Counted, max_length=20)
    times = fields.IntField(default=0)

    class Meta:
        table = "ledger_count"
        ordering: list[Any] = ["day", "venue_id"]
        unique_together = (("venue", "day", "counted"),)
