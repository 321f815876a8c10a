"""Letters and notices of an application (文书), the wording that agencies give them, and their numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency
from models.application import Application, DeliveryWay
from models.outcome import Outcome


class LetterKind(StrEnum):
    """A kind of letter, named as the specification's catalogue numbers it (§8)."""

    N1_RECEIPT = "N1"
    N2_CORRECTION = "N2"
    N3_NO_FURTHER_PROCESSING = "N3"
    N4_REASONS = "N4"
    N4B_DELAY = "N4b"
    N5_EXTENSION = "N5"
    N6_THIRD_PARTY = "N6"
    N7_CONSULTING = "N7"
    N8_AGENCY = "N8"
    N9_FEE = "N9"
    N10_PAID = "N10"
    N11_WITHDRAWN = "N11"
    N12_REPLY = "N12"
    N13_DISCLOSURE = "N13"

    @property
    def label(self) -> str:
        """Its title where an agency has not given it another."""
        return {
            "N1": "登记回执",
            "N2": "补正告知书",
            "N3": "不再处理告知书",
            "N4": "说明理由告知书",
            "N4b": "延迟答复告知书",
            "N5": "延期答复告知书",
            "N6": "征求第三方意见书",
            "N7": "征求意见告知书",
            "N8": "征求意见函",
            "N9": "收费通知书",
            "N10": "缴费确认书",
            "N11": "撤回申请确认书",
            "N12": "答复书",
            "N13": "决定公开告知书",
        }[self.value]


class LetterState(StrEnum):
    """How far a letter has come."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CLEARED = "cleared"
    """The secrecy check by another person is passed (保密审查)."""
    ISSUED = "issued"
    SERVED = "served"
    VOID = "void"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "draft": "拟稿",
            "in_review": "审查中",
            "cleared": "审查通过",
            "issued": "已制发",
            "served": "已送达",
            "void": "作废",
        }[self.value]


class OfficialLetter(Model):
    """One letter of one case."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="letters", on_delete=fields.CASCADE
    )
    application_id: int
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT
    )
    agency_id: int
    kind = fields.CharEnumField(LetterKind, max_length=6)
    outcome = fields.CharEnumField(Outcome, max_length=30, null=True)
    """For a reply: what it decides."""
    consultation_id = fields.IntField(null=True)
    """For a letter to a party: which."""
    number = fields.CharField(max_length=80, null=True)
    """文号, given when it is issued."""
    title = fields.CharField(max_length=200)
    encrypted_body = fields.BinaryField()
    """The whole text, encrypted: what is issued is kept word for word."""
    state = fields.CharEnumField(LetterState, max_length=20, default=LetterState.DRAFT)
    drafted_by_id = fields.IntField(null=True)
    writer_ids: fields.Field[list[int]] = fields.JSONField(default=list)
    """Everybody who wrote in it. None of them makes its secrecy check."""
    reviewed_by_id = fields.IntField(null=True)
    drafted_at = fields.DatetimeField(auto_now_add=True)
    issued_on = fields.DateField(null=True)
    served_on = fields.DateField(null=True)
    delivery_way = fields.CharEnumField(DeliveryWay, max_length=20, null=True)
    edits = fields.IntField(default=0)

    class Meta:
        table = "official_letter"
        ordering: list[Any] = ["id"]
        unique_together = (("agency", "number"),)


class LetterTemplate(Model):
    """How an agency words a kind of letter. Without a row the wording that ships is used."""

    id = fields.IntField(primary_key=True)
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.CASCADE
    )
    agency_id: int
    kind = fields.CharEnumField(LetterKind, max_length=6)
    outcome = fields.CharField(max_length=30, default="")
    """A value of Outcome for replies, "" for all other letters."""
    title = fields.CharField(max_length=200)
    body = fields.TextField()
    updated_at = fields.DatetimeField(auto_now=True)
    edits = fields.IntField(default=0)

    class Meta:
        table = "letter_template"
        ordering: list[Any] = ["id"]
        unique_together = (("agency", "kind", "outcome"),)


class NumberSeries(Model):
    """The last number given in a series of an agency and a year."""

    id = fields.IntField(primary_key=True)
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT
    )
    agency_id: int
    year = fields.IntField()
    series = fields.CharField(max_length=40)
    last_given = fields.IntField(default=0)

    class Meta:
        table = "number_series"
        ordering: list[Any] = ["id"]
        unique_together = (("agency", "year", "series"),)
