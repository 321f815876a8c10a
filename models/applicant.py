"""Who applies (申请人): every field encrypted by itself, found by keyed hashes alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application


class IdentityKind(StrEnum):
    """What identifies a person or an organisation (证件类型)."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    MILITARY_OFFICER = "military_officer"
    CREDIT_CODE = "credit_code"
    """统一社会信用代码."""
    OTHER_REGISTRATION = "other_registration"

    @property
    def label(self) -> str:
        """What forms call it."""
        return {
            "resident_id": "居民身份证",
            "passport": "护照",
            "hk_macao_permit": "港澳居民来往内地通行证",
            "taiwan_permit": "台湾居民来往大陆通行证",
            "residence_permit": "居住证",
            "foreign_permanent_resident": "外国人永久居留身份证",
            "military_officer": "军官证",
            "credit_code": "统一社会信用代码",
            "other_registration": "其他登记证件",
        }[self.value]


class IdentityCheck(StrEnum):
    """How far the identity was checked. None of them keeps an application from being received."""

    NONE = "none"
    CHECKSUM = "checksum"
    DOCUMENT_SEEN = "document_seen"
    CARD_READER = "card_reader"
    NATIONAL_PLATFORM = "national_platform"

    @property
    def label(self) -> str:
        """What staff pages call it."""
        return {
            "none": "未核验",
            "checksum": "号码校验",
            "document_seen": "已看证件",
            "card_reader": "读卡器",
            "national_platform": "国家统一身份认证",
        }[self.value]


class Applicant(Model):
    """The person or organisation of one application. None where a field was not given."""

    id = fields.IntField(primary_key=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "models.Application", related_name="applicant", on_delete=fields.CASCADE
    )
    application_id: int
    identity_kind = fields.CharEnumField(IdentityKind, max_length=30)
    identity_check = fields.CharEnumField(IdentityCheck, max_length=20, default=IdentityCheck.NONE)
    encrypted_name = fields.BinaryField(null=True)
    encrypted_identity = fields.BinaryField(null=True)
    """The number of the document, or the credit code."""
    encrypted_representative = fields.BinaryField(null=True)
    encrypted_contact = fields.BinaryField(null=True)
    """The person to speak to (联系人)."""
    encrypted_phone = fields.BinaryField(null=True)
    encrypted_address = fields.BinaryField(null=True)
    encrypted_postcode = fields.BinaryField(null=True)
    encrypted_email = fields.BinaryField(null=True)
    encrypted_fax = fields.BinaryField(null=True)
    encrypted_agent = fields.BinaryField(null=True)
    """Who files for another (代理人): name, identity and phone."""
    encrypted_help = fields.BinaryField(null=True)
    """The kind of help that is wanted, and no more (Article 43)."""
    encrypted_check_note = fields.BinaryField(null=True)
    """Why a clerk took a number whose checksum is wrong."""
    name_hash = fields.CharField(max_length=64, default="", db_index=True)
    identity_hash = fields.CharField(max_length=64, default="", db_index=True)
    phone_hash = fields.CharField(max_length=64, default="", db_index=True)
    second_facts: fields.Field[list[str]] = fields.JSONField(default=list)
    """Keyed hashes, over the query code, of the last four characters of identity and phone, and of
    the name: who gave neither number can still ask."""

    class Meta:
        table = "applicant"
        ordering: list[Any] = ["id"]
