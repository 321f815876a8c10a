"""One version of a document or a question entry, kept for good."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.index_change import Subject
from models.publishable import VersionState
from models.staff import Staff
from models.stored_file import StoredFile


class Version(Model):
    """What something said or is to say. The public never reads this table."""

    id = fields.IntField(primary_key=True)
    subject = fields.CharEnumField(Subject, max_length=20)
    subject_id = fields.IntField()
    number = fields.IntField()
    """Counts from 1 within its subject."""
    state = fields.CharEnumField(VersionState, max_length=20, db_index=True)
    title = fields.CharField(max_length=500)
    """The title of the document, or the first 500 characters of the question."""
    content = fields.TextField()
    """JSON of services.document_content or services.question_content."""
    content_hash = fields.CharField(max_length=64)
    edits = fields.IntField(default=0)
    """Counts the changes of this row, so that of two who change it the second is told."""
    file: fields.ForeignKeyNullableRelation[StoredFile] = fields.ForeignKeyField(
        "models.StoredFile", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    file_id: int | None
    file_name = fields.CharField(max_length=255, default="")
    """What the file was called by its sender, cleaned. Only shown, never used as a path."""
    is_searchable = fields.BooleanField(default=True)
    """False for a scan that has no text."""
    written_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """Who changed it last, None for the command line."""
    written_by_id: int | None
    submitted_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    submitted_by_id: int | None
    submitted_at = fields.DatetimeField(null=True)
    reviewed_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The second person, who made the secrecy check (保密审查)."""
    reviewed_by_id: int | None
    reviewed_at = fields.DatetimeField(null=True)
    review_note = fields.TextField(default="")
    publish_at = fields.DatetimeField(null=True, db_index=True)
    """When it is to appear, None for at once."""
    published_at = fields.DatetimeField(null=True)
    retired_at = fields.DatetimeField(null=True)
    """When it was replaced or withdrawn."""
    retired_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    retired_by_id: int | None
    retire_reason = fields.CharField(max_length=500, default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    changed_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "version"
        ordering: list[Any] = ["id"]
        unique_together = (("subject", "subject_id", "number"),)
