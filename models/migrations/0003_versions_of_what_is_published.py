"""Gives what was published before there were versions its first one, and closes calls long taken.

The shapes written here are those of the day it was made, whatever the services write later.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from tortoise import migrations
from tortoise.expressions import F
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

_ROWS = 200
_LONGEST_TITLE = 500
_DOCUMENT = (
    "title", "agency", "document_number", "signed_on", "published_on", "effective_on", "validity",
    "addressees", "attachments",
)  # fmt: skip
_QUESTION = (
    "question", "answer", "library", "variants", "short_answer", "source_title", "document_number",
    "article", "agency", "dated_on", "validity",
)  # fmt: skip


async def _give_versions(apps: StateApps, editor: BaseSchemaEditor) -> None:
    await _give_documents_versions(apps, editor)
    await _give_questions_versions(apps, editor)
    calls = apps.get_model("models.HelpCall")
    await (
        calls.exclude(taken_at=None)
        .filter(closed_at=None)
        .using_db(editor.client)
        .update(closed_at=F("taken_at"))
    )


async def _give_documents_versions(apps: StateApps, editor: BaseSchemaEditor) -> None:
    documents, paragraphs = apps.get_model("models.Document"), apps.get_model("models.Paragraph")
    last = 0
    while rows := await _rows(documents, last, _DOCUMENT, editor):
        ids = [row["id"] for row in rows]
        texts: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for paragraph in (
            await paragraphs.filter(document_id__in=ids)
            .using_db(editor.client)
            .order_by("document_id", "position")
            .values("document_id", "text", "level", "article", "heading_path")
        ):
            texts[paragraph.pop("document_id")].append(_said(paragraph))
        contents = [_said(row, _DOCUMENT) | {"paragraphs": texts[row["id"]]} for row in rows]
        await _write(apps, editor, "document", rows, contents, "title")
        await documents.filter(id__in=ids).using_db(editor.client).update(published_version=1)
        last = ids[-1]


async def _give_questions_versions(apps: StateApps, editor: BaseSchemaEditor) -> None:
    entries = apps.get_model("models.QuestionEntry")
    last = 0
    while rows := await _rows(entries, last, _QUESTION, editor):
        ids = [row["id"] for row in rows]
        contents = [_said(row, _QUESTION) for row in rows]
        await _write(apps, editor, "question", rows, contents, "question")
        await entries.filter(id__in=ids).using_db(editor.client).update(published_version=1)
        last = ids[-1]


async def _rows(
    model: Any, after: int, columns: tuple[str, ...], editor: BaseSchemaEditor
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        await model.filter(id__gt=after)
        .using_db(editor.client)
        .order_by("id")
        .limit(_ROWS)
        .values("id", "content_hash", "changed_at", *columns)
    )
    return rows


async def _write(
    apps: StateApps,
    editor: BaseSchemaEditor,
    subject: str,
    rows: list[dict[str, Any]],
    contents: list[dict[str, Any]],
    title: str,
) -> None:
    version = apps.get_model("models.Version")
    await version.bulk_create(
        [
            version(
                subject=subject,
                subject_id=row["id"],
                number=1,
                state="published",
                title=row[title][:_LONGEST_TITLE],
                content=_encoded(content | {"imported_hash": row["content_hash"]}),
                content_hash=hashlib.sha256(_encoded(content).encode()).hexdigest(),
                published_at=row["changed_at"] or datetime.now(UTC),
            )
            for row, content in zip(rows, contents, strict=True)
        ],
        using_db=editor.client,
    )


def _said(row: dict[str, Any], columns: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Return what a row says, without what it leaves empty."""
    values = {name: row[name] for name in columns or tuple(row)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value not in (None, "", 0, [])
    }


def _encoded(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class Migration(migrations.Migration):
    dependencies = [("models", "0002_zone_and_its_library")]

    initial = False

    operations = [ops.RunPython(_give_versions, ops.RunPython.noop)]
