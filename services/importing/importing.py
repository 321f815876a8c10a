"""Importing the files that paths name; one bad file or row never stops the others."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from services.importing.files import FileKind, files_below, kind_of
from services.importing.imported_document import ImportedDocument
from services.importing.imported_question import ImportedQuestion
from services.importing.law_versions import settle_versions
from services.importing.plain_text import decode
from services.importing.question_tables import looks_like_question_table, read_questions
from services.importing.reading import read_document
from services.importing.report import Failure, ImportReport
from services.importing.source_text import Unreadable
from services.importing.stored_documents import Stored, store_document
from services.importing.stored_questions import store_questions

log = logging.getLogger(__name__)

_INDEX_PAGES = {"_index", "index", "readme"}
"""Files that a folder has for its own sake; without text they are no documents gone wrong."""


async def import_paths(paths: list[Path]) -> ImportReport:
    """Take in files, and folders with everything below them, in a stable order.

    Documents are stored one by one and question rows some hundreds at a time, each in a
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
                await _take_document(content, file, seen_documents, report)
            elif content is not None:
                await _take_questions(content, file, seen_questions, report)
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
        kind = kind_of(file)
        if kind is FileKind.TEXT and _starts_with_columns(file):
            kind = FileKind.DELIMITED
        if kind.is_question_table:
            questions, failures = read_questions(file, kind)
            report.failed += failures
            return questions
        return read_document(file, kind)
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


def _starts_with_columns(file: Path) -> bool:
    with file.open("rb") as opened:
        start = opened.readline(4096)
    try:
        return looks_like_question_table(decode(start))
    except Unreadable:
        return False


async def _take_document(
    document: ImportedDocument,
    file: Path,
    seen: dict[str, tuple[Path, str]],
    report: ImportReport,
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
    if await store_document(document) is Stored.UNCHANGED:
        report.unchanged += 1
    else:
        report.imported += 1


async def _take_questions(
    questions: list[ImportedQuestion],
    file: Path,
    seen: dict[str, tuple[Path, int, str]],
    report: ImportReport,
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
    imported, unchanged = await store_questions(fresh)
    report.imported += imported
    report.unchanged += unchanged
