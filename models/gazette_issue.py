"""An issue of a government gazette (政府公报) and its contents."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.document import Document
from models.stored_file import StoredFile
from models.venue import Venue


class GazetteIssue(Model):
    """One issue, 2026年第3期."""

    id = fields.IntField(primary_key=True)
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The zone that keeps it, None for all."""
    venue_id: int | None
    gazette = fields.CharField(max_length=100)
    """重庆市人民政府公报."""
    year = fields.IntField()
    number = fields.IntField()
    """The issue within its year."""
    issued_on = fields.DateField()
    is_published = fields.BooleanField(default=False)
    file: fields.ForeignKeyNullableRelation[StoredFile] = fields.ForeignKeyField(
        "models.StoredFile", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    file_id: int | None
    edits = fields.IntField(default=0)

    class Meta:
        table = "gazette_issue"
        ordering: list[Any] = ["-year", "-number"]
        unique_together = (("gazette", "year", "number"),)


class GazetteEntry(Model):
    """One line of an issue's contents (目录)."""

    id = fields.IntField(primary_key=True)
    issue: fields.ForeignKeyRelation[GazetteIssue] = fields.ForeignKeyField(
        "models.GazetteIssue", related_name="entries", on_delete=fields.CASCADE
    )
    issue_id: int
    position = fields.IntField()
    section = fields.CharField(max_length=100, default="")
    """The heading it stands under: 市政府文件."""
    title = fields.CharField(max_length=500)
    page = fields.IntField(null=True)
    document_number = fields.CharField(max_length=200, default="")
    """As it is printed there, 渝府办发〔2021〕100号."""
    document: fields.ForeignKeyNullableRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    """The document itself, where the library has it."""
    document_id: int | None

    class Meta:
        table = "gazette_entry"
        ordering: list[Any] = ["issue_id", "position"]
