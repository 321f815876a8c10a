"""Files of a case: proof of identity, what the applicant added, opinions, what is given out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.application import Application


class FilePurpose(StrEnum):
    """What a file is in a case."""

    IDENTITY = "identity"
    """身份证明. Its image goes when the case is archived."""
    ATTACHMENT = "attachment"
    CORRECTION = "correction"
    OPINION = "opinion"
    EVIDENCE = "evidence"
    RELEASE = "release"
    """What the applicant is given."""
    REDACTION_LOG = "redaction_log"

    @property
    def label(self) -> str:
        """What staff pages call it."""
        return {
            "identity": "身份证明",
            "attachment": "申请附件",
            "correction": "补正材料",
            "opinion": "征求意见回函",
            "evidence": "办理依据",
            "release": "提供的信息",
            "redaction_log": "区分处理记录",
        }[self.value]


class ApplicationFile(Model):
    """A file of a case, encrypted piece by piece."""

    id = fields.IntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="files", on_delete=fields.CASCADE
    )
    application_id: int
    purpose = fields.CharEnumField(FilePurpose, max_length=20)
    encrypted_name = fields.BinaryField()
    media_type = fields.CharField(max_length=100)
    """What it is by its content, never by what its sender said."""
    size_bytes = fields.BigIntField()
    stored_at = fields.DatetimeField(auto_now_add=True)
    staff_id = fields.IntField(null=True)
    removed_at = fields.DatetimeField(null=True)
    """When its content was deleted on schedule. The row stays."""

    class Meta:
        table = "application_file"
        ordering: list[Any] = ["id"]


class ApplicationFilePart(Model):
    """A piece of a file."""

    id = fields.IntField(primary_key=True)
    file: fields.ForeignKeyRelation[ApplicationFile] = fields.ForeignKeyField(
        "models.ApplicationFile", related_name="parts", on_delete=fields.CASCADE
    )
    file_id: int
    position = fields.IntField()
    encrypted_data = fields.BinaryField()

    class Meta:
        table = "application_file_part"
        ordering: list[Any] = ["file_id", "position"]
        unique_together = (("file", "position"),)
