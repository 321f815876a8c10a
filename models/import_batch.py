"""Files that a member of staff brought in together, and what became of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency
from models.staff import Staff
from models.stored_file import StoredFile
from models.venue import Venue


class ImportState(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"waiting": "等待", "reading": "正在读取", "done": "完成", "failed": "未装入"}[
            self.value
        ]


class ImportBatch(Model):
    """What was dragged in together."""

    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT
    )
    staff_id: int
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    venue_id: int | None
    agency: fields.ForeignKeyNullableRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    agency_id: int | None
    began_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "import_batch"
        ordering: list[Any] = ["id"]


class ImportFile(Model):
    """One file of a batch."""

    id = fields.IntField(primary_key=True)
    batch: fields.ForeignKeyRelation[ImportBatch] = fields.ForeignKeyField(
        "models.ImportBatch", related_name="files", on_delete=fields.CASCADE
    )
    batch_id: int
    name = fields.CharField(max_length=255)
    file: fields.ForeignKeyNullableRelation[StoredFile] = fields.ForeignKeyField(
        "models.StoredFile", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """None for a file that was refused while it came in."""
    file_id: int | None
    state = fields.CharEnumField(ImportState, max_length=20, default=ImportState.WAITING)
    claimed_at = fields.DatetimeField(null=True)
    """When its process was last known to work on it. One that died is taken over after a while."""
    claimed_by = fields.CharField(max_length=32, default="")
    """Names that process, so that one that was taken over writes nothing any more."""
    new = fields.IntField(default=0)
    changed = fields.IntField(default=0)
    unchanged = fields.IntField(default=0)
    failures: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    """{"line": int or null, "reason": a Chinese sentence}, as the importer says it."""
    document_id = fields.IntField(null=True)
    """The document it became, where it became one."""
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "import_file"
        ordering: list[Any] = ["id"]
