"""Whom an agency asks before it answers (征求意见): third parties and other agencies.

Its days are in the events of the case; this row says who it is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application


class PartyKind(StrEnum):
    """Whom is asked, and so what silence means."""

    THIRD_PARTY = "third_party"
    """第三方 (Articles 15, 32): silence is not consent, the agency decides."""
    CO_PRODUCER = "co_producer"
    """共同制作机关 (Article 34): silence is consent."""
    COORDINATION = "coordination"
    """协调的机关 (Article 11)."""

    @property
    def label(self) -> str:
        """What pages and letters call it."""
        return {
            "third_party": "第三方",
            "co_producer": "共同制作机关",
            "coordination": "需协商的机关",
        }[self.value]


class PartyView(StrEnum):
    """What they answered."""

    AGREES = "agrees"
    PARTLY = "partly"
    OBJECTS = "objects"
    SILENT = "silent"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "agrees": "同意公开",
            "partly": "同意部分公开",
            "objects": "不同意公开",
            "silent": "逾期未答复",
        }[self.value]


class Consultation(Model):
    """One party that is asked in one case."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="consultations", on_delete=fields.CASCADE
    )
    application_id: int
    party = fields.CharEnumField(PartyKind, max_length=20)
    encrypted_name = fields.BinaryField(null=True)
    encrypted_address = fields.BinaryField(null=True)
    encrypted_phone = fields.BinaryField(null=True)
    encrypted_subject = fields.BinaryField(null=True)
    """The part that they are asked about."""
    encrypted_opinion = fields.BinaryField(null=True)

    class Meta:
        table = "consultation"
        ordering: list[Any] = ["id"]
