"""What happened to an application: the log from which its state can be rebuilt at any time."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application


class ApplicationEvent(Model):
    """One thing that happened. Rows are added, never changed."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="events", on_delete=fields.CASCADE
    )
    application_id: int
    position = fields.IntField()
    """1, 2, 3 …: two people who act at once cannot both write the same one."""
    kind = fields.CharField(max_length=40)
    """The tag of a struct in services/disclosure/events.py."""
    at = fields.DatetimeField()
    staff_id = fields.IntField(null=True)
    staff_name = fields.CharField(max_length=60)
    content = fields.TextField()
    """The struct as JSON: days, enums and numbers, nothing that tells of a person."""
    encrypted_note = fields.BinaryField(null=True)
    """Words that go with it: what is to be corrected, a search log, an opinion."""

    class Meta:
        table = "application_event"
        ordering: list[Any] = ["application_id", "position"]
        unique_together = (("application", "position"),)
