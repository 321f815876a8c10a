"""A published document and its paragraphs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.category import Category
from models.publishable import Publishable
from models.stored_file import StoredFile


class Validity(StrEnum):
    """Whether a document still binds (效力状态)."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """What pages and voices call it."""
        return _LABELS[self]

    @classmethod
    def from_label(cls, label: str) -> Validity:
        """Return the validity that a Chinese label names; UNKNOWN for any other."""
        return next((v for v, text in _LABELS.items() if text == label.strip()), cls.UNKNOWN)


_LABELS = {
    Validity.IN_FORCE: "现行有效",
    Validity.AMENDED: "已修改",
    Validity.REPEALED: "已废止",
    Validity.EXPIRED: "失效",
    Validity.UNKNOWN: "效力未注明",
}


class Document(Publishable):
    """One document as published: a law, a notice, a guide.

    Its columns and paragraphs are what the public sees. What is still worked on is in its versions,
    apart from the title of a document that never was published.
    """

    id = fields.IntField(primary_key=True)
    external_id = fields.CharField(max_length=200, unique=True)
    """What it was imported as; importing the same again finds it by this."""
    title = fields.CharField(max_length=500)
    agency = fields.CharField(max_length=500, default="")
    """The issuing agency (发文机关)."""
    document_number = fields.CharField(max_length=200, default="")
    """As printed, 渝府办发〔2021〕100号; empty where it has none (发文字号)."""
    number_key = fields.CharField(max_length=200, default="", db_index=True)
    """The number however it is written, as search.document_number makes it."""
    signed_on = fields.DateField(null=True)
    """The date under the text (成文日期)."""
    published_on = fields.DateField(null=True)
    """The day it was made public (发布日期)."""
    effective_on = fields.DateField(null=True)
    """The day it came into force (施行日期)."""
    validity = fields.CharEnumField(Validity, max_length=20, default=Validity.UNKNOWN)
    expires_on = fields.DateField(null=True)
    """The last day on which it binds, where it says so (有效期)."""
    category = fields.CharEnumField(
        Category, max_length=20, default=Category.UNSORTED, db_index=True
    )
    addressees = fields.CharField(max_length=2000, default="")
    """To whom it is sent (主送机关), as printed."""
    attachments: fields.Field[list[str]] = fields.JSONField(default=list)
    """Titles of the attachments, in order."""
    content_hash = fields.CharField(max_length=64)
    """SHA-256 of what was imported last, so that importing the same again changes nothing."""
    file: fields.ForeignKeyNullableRelation[StoredFile] = fields.ForeignKeyField(
        "models.StoredFile", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The original, for downloading."""
    file_id: int | None
    file_name = fields.CharField(max_length=255, default="")
    is_searchable = fields.BooleanField(default=True)
    """False for a scan without text, which is kept as a file only."""
    replaced_by: fields.ForeignKeyNullableRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name=False, on_delete=fields.SET_NULL, null=True
    )
    """The document that took its place when it was withdrawn."""
    replaced_by_id: int | None
    imported_at = fields.DatetimeField(auto_now_add=True)
    changed_at = fields.DatetimeField(auto_now=True)

    paragraphs: fields.ReverseRelation[Paragraph]

    class Meta:
        table = "document"
        ordering: list[Any] = ["id"]


class Paragraph(Model):
    """One paragraph or heading of a document, in its order."""

    id = fields.IntField(primary_key=True)
    document: fields.ForeignKeyRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name="paragraphs", on_delete=fields.CASCADE
    )
    position = fields.IntField()
    """Counts from 0 within the document."""
    level = fields.IntField(default=0)
    """0 for text, 1 and up for headings, 1 the highest."""
    article = fields.CharField(max_length=40, default="")
    """第三十三条 in a law; every paragraph of that article has it (条)."""
    heading_path = fields.CharField(max_length=1000, default="")
    """The headings above it, highest first, joined by " / "; without the document's title."""
    text = fields.TextField()

    class Meta:
        table = "paragraph"
        ordering: list[Any] = ["document_id", "position"]
        unique_together = (("document", "position"),)
