"""Who did or saw what (审计记录): added to, never changed, chained."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class AuditHead(Model):
    """The end of the chain, in a single row whose lock puts writers in order."""

    id = fields.IntField(primary_key=True)
    number = fields.BigIntField(default=0)
    seal = fields.CharField(max_length=64, default="")
    """The seal of the last record, so that a missing end shows too."""

    class Meta:
        table = "audit_head"


class AuditRecord(Model):
    """One deed. Holds ids and codes, never what anybody asked, wrote or is called."""

    number = fields.BigIntField(primary_key=True, generated=False)
    """Counts from 1 without a gap."""
    at = fields.CharField(max_length=40)
    """ISO date and time with zone, as text: databases round times, and a seal forgives nothing."""
    staff_id = fields.IntField(null=True)
    """Who, None for the system and the command line."""
    staff_name = fields.CharField(max_length=60, default="")
    """Their name at that time, since names change and people leave."""
    action = fields.CharField(max_length=60, db_index=True)
    """A code of services.audit.Action."""
    subject = fields.CharField(max_length=60, default="")
    """What it was done to: "document:12"."""
    venue_id = fields.IntField(null=True, db_index=True)
    detail = fields.TextField(default="{}")
    """JSON of ids, states and numbers."""
    seal = fields.CharField(max_length=64)
    """Keyed hash over this record and the seal of the one before."""

    class Meta:
        table = "audit_record"
        ordering: list[Any] = ["number"]
