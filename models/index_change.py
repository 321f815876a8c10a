"""The record of what changed, in the order of commits, that every search index follows."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model


class Subject(StrEnum):
    """What kind of row changed."""

    DOCUMENT = "document"
    QUESTION = "question"
    SYNONYM = "synonym"
    VENUE = "venue"
    """A zone was made or put elsewhere in the tree: what is kept by it is found elsewhere."""


class IndexHead(Model):
    """The number of the last change, in a single row whose lock puts writers in order.

    PostgreSQL gives out sequence numbers before commit, so a follower that goes by them can pass
    a change that commits late. Whoever changes something updates this row in the same
    transaction, which holds its lock until the commit.
    """

    id = fields.IntField(primary_key=True)
    revision = fields.BigIntField(default=0)
    lineage = fields.CharField(max_length=36)
    """Names this database, so that an index made from another one is not taken for its own."""

    class Meta:
        table = "index_head"


class IndexChange(Model):
    """One document or entry that was added, changed or removed."""

    revision = fields.BigIntField(primary_key=True, generated=False)
    subject = fields.CharEnumField(Subject, max_length=20)
    subject_id = fields.IntField()

    class Meta:
        table = "index_change"
        ordering: list[Any] = ["revision"]
