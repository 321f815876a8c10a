"""The annual report of an agency (政府信息公开工作年度报告)."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency


class AnnualReport(Model):
    """What of a year's report does not come from the cases, and the figures once it is closed."""

    id = fields.IntField(primary_key=True)
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT
    )
    agency_id: int
    year = fields.IntField()
    texts: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """Sections one, five and six, by their numbers."""
    entered: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    """Figures of table two that staff enter."""
    carried_over: fields.Field[dict[str, int] | None] = fields.JSONField(null=True)
    """Row two by column where staff set it, with their reason in carried_over_reason."""
    carried_over_reason = fields.CharField(max_length=300, default="")
    figures: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    """All figures as they were when it was closed; None before."""
    closed_at = fields.DatetimeField(null=True)
    edits = fields.IntField(default=0)

    class Meta:
        table = "annual_report"
        ordering: list[Any] = ["id"]
        unique_together = (("agency", "year"),)
