"""Somebody who uses the mini-program (小程序用户), and the phones on which they are signed in."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Citizen(Model):
    """A WeChat user of one mini-program. Forgetting them removes the row and all that hangs on it."""

    id = fields.IntField(primary_key=True)
    app_id = fields.CharField(max_length=32)
    openid_hash = fields.CharField(max_length=64, db_index=True)
    """Keyed hash over app_id and openid."""
    encrypted_openid = fields.BinaryField()
    encrypted_unionid = fields.BinaryField(null=True)
    """None where the mini-program belongs to no open-platform account."""
    encrypted_session_key = fields.BinaryField(null=True)
    """WeChat's own key of the sign-in. It never leaves the server."""
    encrypted_phone = fields.BinaryField(null=True)
    phone_hash = fields.CharField(max_length=64, default="", db_index=True)
    settings: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    """The shape of services.citizen_settings: 长辈版, text size, speech rate, voice replies."""
    notice_version = fields.CharField(max_length=40, default="")
    """The personal-information notice that they agreed to (个人信息保护法 Article 17), "" for none."""
    agreed_at = fields.DatetimeField(null=True)
    is_unreachable = fields.BooleanField(default=False)
    """WeChat said that their openid is none of this app (40003): no card is sent any more."""
    last_active_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "citizen"
        ordering: list[Any] = ["id"]
        unique_together = (("app_id", "openid_hash"),)


class CitizenSession(Model):
    """One phone on which somebody is signed in: a short-lived token, and one that renews it."""

    id = fields.IntField(primary_key=True)
    citizen: fields.ForeignKeyRelation[Citizen] = fields.ForeignKeyField(
        "models.Citizen", related_name="sessions", on_delete=fields.CASCADE
    )
    citizen_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    """SHA-256 of the token."""
    token_ends_at = fields.DatetimeField()
    refresh_hash = fields.CharField(max_length=64, unique=True)
    """SHA-256 of the token that renews it."""
    used_refresh_hash = fields.CharField(max_length=64, default="", db_index=True)
    """The one before: whoever uses it again has stolen it, or lost the answer."""
    refresh_ends_at = fields.DatetimeField()
    renewed_at = fields.DatetimeField(null=True)
    began_at = fields.DatetimeField(auto_now_add=True)
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "citizen_session"
        ordering: list[Any] = ["id"]
