"""Codes that are scanned: of zones, kiosks and documents, and those that hand something over once."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application_draft import ApplicationDraft
from models.citizen import Citizen
from models.device import Device
from models.document import Document
from models.venue import Venue


class ScanKind(StrEnum):
    """Where a code leads."""

    VENUE = "venue"
    KIOSK = "kiosk"
    DOCUMENT = "document"


class ScanCode(Model):
    """One code on paper or on a screen, for good. Its key is what the mini-program gets (scene)."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(max_length=32, unique=True)
    """Random, of letters, digits, - and _ only: other characters get lost in some scanners."""
    kind = fields.CharEnumField(ScanKind, max_length=20)
    venue: fields.ForeignKeyRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.CASCADE
    )
    venue_id: int
    device: fields.ForeignKeyNullableRelation[Device] = fields.ForeignKeyField(
        "models.Device", related_name=False, on_delete=fields.CASCADE, null=True
    )
    device_id: int | None
    document: fields.ForeignKeyNullableRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name=False, on_delete=fields.CASCADE, null=True
    )
    document_id: int | None
    subject = fields.CharField(max_length=60, unique=True)
    """What it leads to: "venue:3", "kiosk:7", "document:3:12" (zone and document)."""
    made_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "scan_code"
        ordering: list[Any] = ["id"]


class ScanImage(Model):
    """The picture that WeChat made of a code, kept: making it again costs a call."""

    id = fields.IntField(primary_key=True)
    code: fields.ForeignKeyRelation[ScanCode] = fields.ForeignKeyField(
        "models.ScanCode", related_name="images", on_delete=fields.CASCADE
    )
    code_id: int
    look = fields.CharField(max_length=120)
    """App, page, version of the mini-program and width that it was made for."""
    media_type = fields.CharField(max_length=20)
    data = fields.BinaryField()
    made_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "scan_image"
        ordering: list[Any] = ["id"]
        unique_together = (("code", "look"),)


class HandOverPlace(StrEnum):
    """Between which places a draft goes."""

    KIOSK = "kiosk"
    PHONE = "phone"
    COUNTER = "counter"


class HandOver(Model):
    """A single-use code that hands a draft over. It dies in ten minutes and names nobody."""

    id = fields.IntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    """Keyed hash of what the code carries."""
    spoken_hash = fields.CharField(max_length=64, null=True, unique=True)
    """Keyed hash of the short form, for who types it, None where there is none."""
    draft: fields.ForeignKeyRelation[ApplicationDraft] = fields.ForeignKeyField(
        "models.ApplicationDraft", related_name="hand_overs", on_delete=fields.CASCADE
    )
    draft_id: int
    encrypted_code = fields.BinaryField()
    """The draft's own code, which whoever takes it over then has."""
    begun_at_place = fields.CharEnumField(HandOverPlace, max_length=20)
    made_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)
    used_at_place = fields.CharEnumField(HandOverPlace, max_length=20, null=True)
    citizen: fields.ForeignKeyNullableRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    """Who took it over, or offers it, on a phone."""
    citizen_id: int | None

    class Meta:
        table = "hand_over"
        ordering: list[Any] = ["id"]
