"""An original file (原件), kept in the database so that every machine has it."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class StoredFile(Model):
    """A file by its content. The same content is kept once."""

    id = fields.IntField(primary_key=True)
    sha256 = fields.CharField(max_length=64, unique=True)
    size_bytes = fields.BigIntField()
    media_type = fields.CharField(max_length=100)
    """What it is by its content, never by what its sender said."""
    stored_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "stored_file"
        ordering: list[Any] = ["id"]


class StoredFilePart(Model):
    """A piece of a file, so that none is ever held in memory as a whole."""

    id = fields.IntField(primary_key=True)
    file: fields.ForeignKeyRelation[StoredFile] = fields.ForeignKeyField(
        "models.StoredFile", related_name="parts", on_delete=fields.CASCADE
    )
    file_id: int
    position = fields.IntField()
    data = fields.BinaryField()

    class Meta:
        table = "stored_file_part"
        ordering: list[Any] = ["file_id", "position"]
        unique_together = (("file", "position"),)
