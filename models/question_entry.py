"""An entry of the question library (政策咨询问答库)."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.document import Validity


class QuestionEntry(Model):
    """A question people ask, with its reviewed answer and where that comes from."""

    id = fields.IntField(primary_key=True)
    external_id = fields.CharField(max_length=200, unique=True)
    """The id that came with the imported row."""
    library = fields.CharField(max_length=200)
    """The library the row belongs to; the title of the source where the row names none."""
    question = fields.TextField()
    variants: fields.Field[list[str]] = fields.JSONField(default=list)
    """Other ways of asking the same."""
    short_answer = fields.TextField(default="")
    """What is said first, at most 60 characters; empty to take it from the answer."""
    answer = fields.TextField()
    source_title = fields.CharField(max_length=500, default="")
    document_number = fields.CharField(max_length=200, default="")
    article = fields.CharField(max_length=200, default="")
    """The clauses the answer rests on, as cited: 第三十三条第一款."""
    agency = fields.CharField(max_length=500, default="")
    dated_on = fields.DateField(null=True)
    """The date of the source."""
    validity = fields.CharEnumField(Validity, max_length=20, default=Validity.UNKNOWN)
    content_hash = fields.CharField(max_length=64)
    imported_at = fields.DatetimeField(auto_now_add=True)
    changed_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "question_entry"
        ordering: list[Any] = ["id"]
