"""Templates of subscription messages (订阅消息模板), and what people allowed to be sent by them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.citizen import Citizen


class CardPurpose(StrEnum):
    """What a card tells."""

    NOTICE = "notice"
    APPLICATION_ACCEPTED = "application_accepted"
    CORRECTION_WANTED = "correction_wanted"
    APPLICATION_EXTENDED = "application_extended"
    APPLICATION_ANSWERED = "application_answered"
    QUESTION_ANSWERED = "question_answered"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "notice": "专区通知",
            "application_accepted": "申请已受理",
            "correction_wanted": "申请需要补正",
            "application_extended": "答复已延期",
            "application_answered": "申请已答复",
            "question_answered": "留言、意见已答复",
        }[self.value]


class CardTemplate(Model):
    """A template of the account, as WeChat listed it last."""

    id = fields.IntField(primary_key=True)
    app_id = fields.CharField(max_length=32)
    template_id = fields.CharField(max_length=80)
    title = fields.CharField(max_length=100)
    content = fields.TextField()
    example = fields.TextField(default="")
    is_long_term = fields.BooleanField(default=False)
    choices: fields.Field[dict[str, list[str]]] = fields.JSONField(default=dict)
    """What enumerated fields may hold, by key."""
    is_listed = fields.BooleanField(default=True)
    """Whether the account still has it."""
    halted_at = fields.DatetimeField(null=True)
    """Since when nothing is sent by it: WeChat said it is banned or gone."""
    halted_errcode = fields.IntField(null=True)
    listed_at = fields.DatetimeField()

    class Meta:
        table = "card_template"
        ordering: list[Any] = ["id"]
        unique_together = (("app_id", "template_id"),)


class CardUse(Model):
    """By which template a purpose is told, and what stands in its fields."""

    id = fields.IntField(primary_key=True)
    app_id = fields.CharField(max_length=32)
    purpose = fields.CharEnumField(CardPurpose, max_length=30)
    template: fields.ForeignKeyRelation[CardTemplate] = fields.ForeignKeyField(
        "models.CardTemplate", related_name="uses", on_delete=fields.RESTRICT
    )
    template_id: int
    filling: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """What fills each field: {"thing1": "title"}, by the names of services.cards.sources."""
    edits = fields.IntField(default=0)

    class Meta:
        table = "card_use"
        ordering: list[Any] = ["id"]
        unique_together = (("app_id", "purpose"),)


class CardGrant(Model):
    """How many cards of a template somebody still lets be sent. WeChat tells nobody: we count."""

    id = fields.IntField(primary_key=True)
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="grants", on_delete=fields.CASCADE
    )
    citizen_id: int
    template: fields.ForeignKeyRelation[CardTemplate] = fields.ForeignKeyField(
        "models.CardTemplate", related_name="grants", on_delete=fields.CASCADE
    )
    template_id: int
    remaining = fields.IntField(default=0)
    """For one-time templates."""
    is_open = fields.BooleanField(default=False)
    """For long-term templates: accepted, and not switched off since."""
    refused_at = fields.DatetimeField(null=True)
    """When they, or WeChat for them (43101), said no last."""
    changed_at = fields.DatetimeField()

    class Meta:
        table = "card_grant"
        ordering: list[Any] = ["id"]
        unique_together = (("citizen", "template"),)


class GrantReport(Model):
    """One answer to the question for permission, told by the phone, by WeChat, or by both."""

    id = fields.IntField(primary_key=True)
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name=False, on_delete=fields.CASCADE
    )
    citizen_id: int
    template: fields.ForeignKeyRelation[CardTemplate] = fields.ForeignKeyField(
        "models.CardTemplate", related_name=False, on_delete=fields.CASCADE
    )
    template_id: int
    is_accept = fields.BooleanField()
    told_by_phone_at = fields.DatetimeField(null=True)
    told_by_wechat_at = fields.DatetimeField(null=True)
    phone_key = fields.CharField(max_length=64, default="", db_index=True)
    """The name that the phone gave to its report, so that it counts once."""

    class Meta:
        table = "grant_report"
        ordering: list[Any] = ["id"]
