"""Importing the files that paths name; one bad file or row never stops the others."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path

from services.access import Actor
from services.importing.file_contents import read_file
from services.importing.files import files_below
from services.importing.imported_document import ImportedDocument
from services.importing.imported_question import ImportedQuestion
from services.importing.law_versions import settle_versions
from services.importing.report import Failure, ImportReport
from services.importing.source_text import Unreadable
from services.importing.stored_documents import Stored, store_document
from services.importing.stored_questions import store_questions

log = logging.getLogger(__name__)

_INDEX_PAGES = {"_index", "index", "readme"}
"""Files that a folder has for its own sake; without text they are no documents gone wrong."""


async def import_paths(paths: list[Path], actor: Actor, *, now: datetime) -> ImportReport:
    """Publish files, and folders with everything below them, in a stable order.

    Documents are published one by one and question rows some hundreds at a time, each in a
    transaction with the record of what changed. Files are read on a thread of their own, so that a
    server that imports goes on serving.
    """
    report = ImportReport()
    seen_documents: dict[str, tuple[Path, str]] = {}
    seen_questions: dict[str, tuple[Path, int, str]] = {}
    for path in paths:
        for file in await asyncio.to_thread(_listed, path, report):
            content = await asyncio.to_thread(_read, file, file != path, report)
            if isinstance(content, ImportedDocument):
                await _take_document(content, file, seen_documents, report, actor, now)
            elif content is not None:
                await _take_questions(content, file, seen_questions, report, actor, now)
    await settle_versions()
    return report


def _listed(path: Path, report: ImportReport) -> list[Path]:
    try:
        return list(files_below(path))
    except OSError:
        report.failed.append(Failure(str(path), None, "文件夹打不开，请检查读取权限。"))
        return []


def _read(
    file: Path, found_in_folder: bool, report: ImportReport
) -> ImportedDocument | list[ImportedQuestion] | None:
    """Return what is in a file; None, with the failure reported, for one that cannot be read."""
    try:
        contents = read_file(file, keep_scans=False)
        report.failed += contents.failures
        return contents.document or list(contents.questions)
    except Unreadable as error:
        if not (found_in_folder and file.stem.lower() in _INDEX_PAGES):
            report.failed.append(Failure(str(file), error.line, error.reason))
    except OSError:
        report.failed.append(Failure(str(file), None, "文件打不开，请检查读取权限。"))
    # A file nobody has seen yet must not stop those after it; the log keeps the cause.
    except Exception:
        log.exception("file could not be imported")
        report.failed.append(Failure(str(file), None, "文件读不出来，请检查是否完整。"))
    return None


async def _take_document(
    document: ImportedDocument,
    file: Path,
    seen: dict[str, tuple[Path, str]],
    report: ImportReport,
    actor: Actor,
    now: datetime,
) -> None:
    earlier, content_hash = seen.get(document.external_id, (None, ""))
    if earlier is not None:
        if content_hash == document.content_hash:
            report.unchanged += 1
        else:
            reason = f"与“{earlier.name}”是同一份文件（{document.external_id}），内容不同，未导入。"
            report.failed.append(Failure(str(file), None, reason))
        return
    seen[document.external_id] = (file, document.content_hash)
    if await store_document(document, actor, now) is Stored.UNCHANGED:
        report.unchanged += 1
    else:
        report.imported += 1


async def _take_questions(
    questions: list[ImportedQuestion],
    file: Path,
    seen: dict[str, tuple[Path, int, str]],
    report: ImportReport,
    actor: Actor,
    now: datetime,
) -> None:
    fresh: list[ImportedQuestion] = []
    for question in questions:
        earlier = seen.get(question.external_id)
        if earlier is None:
            seen[question.external_id] = (file, question.line, question.content_hash)
            fresh.append(question)
        elif earlier[2] == question.content_hash:
            report.unchanged += 1
        else:
            reason = f"编号与“{earlier[0].name}”第 {earlier[1]} 行重复，这一行未导入。"
            report.failed.append(Failure(str(file), question.line, reason))
    imported, unchanged = await store_questions(fresh, actor, now)
    report.imported += imported
    report.unchanged += unchanged
