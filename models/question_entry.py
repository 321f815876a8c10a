"""An entry of the question library (政策咨询问答库)."""

from __future__ import annotations

from typing import Any

from tortoise import fields

from models.document import Validity
from models.publishable import Publishable
from models.staff import Staff


class QuestionEntry(Publishable):
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
    valid_from = fields.DateField(null=True)
    """The first day on which it may be given as an answer."""
    valid_to = fields.DateField(null=True)
    """The last day on which it may be given as an answer."""
    is_in_time = fields.BooleanField(default=True)
    """Whether today lies within valid_from and valid_to. Set by a job, so that indexes follow."""
    next_review_on = fields.DateField(null=True, db_index=True)
    """When somebody should look at it again."""
    reviewer: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """Who checked what is published, None for what was imported by command."""
    reviewer_id: int | None
    content_hash = fields.CharField(max_length=64)
    imported_at = fields.DatetimeField(auto_now_add=True)
    changed_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "question_entry"
        ordering: list[Any] = ["id"]
