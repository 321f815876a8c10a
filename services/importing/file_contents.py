"""What one file holds: a document, a question table, or a scan that can only be kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from services.importing.files import FileKind, kind_of
from services.importing.imported_document import ImportedDocument
from services.importing.imported_question import ImportedQuestion
from services.importing.media_types import is_whole_picture, picture_type
from services.importing.pdf import OnlyPictures
from services.importing.plain_text import decode
from services.importing.question_tables import looks_like_question_table, read_questions
from services.importing.reading import read_document
from services.importing.report import Failure
from services.importing.source_text import Unreadable, clean

_SCAN_ID = "扫描件:"


@dataclass(frozen=True)
class FileContents:
    """What a file amounts to: one document, or the rows of a table."""

    document: ImportedDocument | None = None
    questions: tuple[ImportedQuestion, ...] = ()
    failures: tuple[Failure, ...] = ()
    """Rows of a table that cannot be taken in."""
    scan_id: str = ""
    """What a scan goes by, "" for anything with text. Its document has a title and no text."""

    is_table: bool = False


def read_file(path: Path, *, keep_scans: bool) -> FileContents:
    """Return what is in a file. Heavy work: to be called outside the event loop.

    A scan is taken for a document without text where scans are kept. Raises Unreadable, OSError.
    """
    if keep_scans:
        with path.open("rb") as file:
            picture = picture_type(file.read(16))
        if picture is not None:
            if not is_whole_picture(path, picture):
                raise Unreadable("图片不完整或已损坏，请重新扫描或重新上传。")
            return _scan(path)
    kind = kind_of(path)
    if kind is FileKind.TEXT and _starts_with_columns(path):
        kind = FileKind.DELIMITED
    if kind.is_question_table:
        questions, failures = read_questions(path, kind)
        return FileContents(questions=tuple(questions), failures=tuple(failures), is_table=True)
    try:
        return FileContents(document=read_document(path, kind))
    except OnlyPictures:
        if keep_scans:
            return _scan(path)
        raise


def _scan(path: Path) -> FileContents:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            digest.update(block)
    title = " ".join(clean(path.stem).split()) or "扫描件"
    return FileContents(
        document=ImportedDocument(title=title, paragraphs=()),
        scan_id=_SCAN_ID + digest.hexdigest()[:32],
    )


def _starts_with_columns(path: Path) -> bool:
    with path.open("rb") as opened:
        start = opened.readline(4096)
    try:
        return looks_like_question_table(decode(start))
    except Unreadable:
        return False
