"""The people who work a zone, and their signed-in sessions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency
from models.venue import Venue


class Role(StrEnum):
    """What a member of staff is there for."""

    CLERK = "clerk"
    AGENCY_OFFICER = "agency_officer"
    OFFICE_HEAD = "office_head"
    """Heads the office that handles applications, and approves extensions (Article 33)."""
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "clerk": "专区工作人员",
            "agency_officer": "部门经办人",
            "office_head": "公开工作机构负责人",
            "reviewer": "审查人",
            "supervisor": "监督检查人员",
            "administrator": "系统管理员",
        }[self.value]


class Staff(Model):
    """One member of staff. An administrator is bound to nothing and sees everything."""

    id = fields.IntField(primary_key=True)
    username = fields.CharField(max_length=40, unique=True)
    display_name = fields.CharField(max_length=60)
    role = fields.CharEnumField(Role, max_length=20)
    password_hash = fields.CharField(max_length=200)
    """Argon2id, in its own notation with salt and cost."""
    must_change_password = fields.BooleanField(default=True)
    encrypted_totp_secret = fields.BinaryField(null=True)
    """None where no second factor is set up."""
    last_totp_step = fields.BigIntField(default=0)
    """The time step of the code used last, so that none is used twice."""
    failed_sign_ins = fields.IntField(default=0)
    """Wrong passwords or codes in a row."""
    locked_until = fields.DatetimeField(null=True)
    is_active = fields.BooleanField(default=True)
    venues: fields.ManyToManyRelation[Venue] = fields.ManyToManyField(
        "models.Venue", related_name="staff", through="staff_venue"
    )
    """The zones they work for, the zones below included."""
    agencies: fields.ManyToManyRelation[Agency] = fields.ManyToManyField(
        "models.Agency", related_name="staff", through="staff_agency"
    )
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "staff"
        ordering: list[Any] = ["id"]


class StaffSession(Model):
    """One browser in which somebody is signed in."""

    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="sessions", on_delete=fields.CASCADE
    )
    staff_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    """SHA-256 of the token in the cookie."""
    form_token = fields.CharField(max_length=64)
    """Every form of the session carries it, so that no other page can send one."""
    began_at = fields.DatetimeField(auto_now_add=True)
    last_seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_session"
        ordering: list[Any] = ["id"]
