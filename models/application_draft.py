"""An application that is being filled in and not yet sent (草稿). It is gone after a day."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application
from models.citizen import Citizen
from models.venue import Venue


class ApplicationDraft(Model):
    """What was filled in so far, encrypted, behind a code that only its owner has."""

    id = fields.IntField(primary_key=True)
    code_hash = fields.CharField(max_length=64, unique=True)
    """Keyed hash of the code."""
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT
    )
    venue_id: int
    encrypted_content = fields.BinaryField()
    began_at = fields.DatetimeField(auto_now_add=True)
    ends_at = fields.DatetimeField(db_index=True)
    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    """What it became. Its content is emptied then."""
    application_id: int | None
    citizen: fields.ForeignKeyNullableRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="drafts", on_delete=fields.SET_NULL, null=True
    )
    """Who has it on their phone."""
    citizen_id: int | None
    encrypted_code = fields.BinaryField(null=True)
    """The code, for the phone that has it, None elsewhere: only its owner knows it."""
    edits = fields.IntField(default=0)

    class Meta:
        table = "application_draft"
        ordering: list[Any] = ["id"]


class Referral(Model):
    """Somebody was shown the way to an agency that the zone does not accept for (指引).

    No receipt, no clock: the zone is not that agency's.
    """

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT
    )
    venue_id: int
    agency_id = fields.IntField(null=True)
    agency_name = fields.CharField(max_length=200)
    referred_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "referral"
        ordering: list[Any] = ["id"]
