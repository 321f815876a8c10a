"""A kiosk (自助机) that belongs to a zone."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.venue import Venue


class Device(Model):
    """One kiosk. It is enrolled once with a short code, and known by its token from then on."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60)
    """What staff see when somebody calls from it: 一号自助机."""
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name="devices", on_delete=fields.RESTRICT
    )
    venue_id: int
    code_hash = fields.CharField(max_length=64, default="", db_index=True)
    """Keyed hash of the enrolment code, "" where none waits to be used."""
    code_ends_at = fields.DatetimeField(null=True)
    token_hash = fields.CharField(max_length=64, default="", db_index=True)
    """SHA-256 of the token that the kiosk keeps, "" before enrolment."""
    enrolled_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    last_seen_at = fields.DatetimeField(null=True)
    last_fault = fields.CharField(max_length=40, default="")
    """The code of the fault it reported last, "" where it is well."""
    voice = fields.CharField(max_length=40, default="")
    """A voice of the synthesiser, "" for the installation's."""
    rate_percent = fields.IntField(default=100)
    """How fast it speaks, in hundredths of the voice's own speed."""
    volume_percent = fields.IntField(default=100)
    """How loud it plays, in hundredths of the loudness the voice is made with."""
    last_fault_at = fields.DatetimeField(null=True)

    class Meta:
        table = "device"
        ordering: list[Any] = ["id"]
