"""Finding the files to import, and what each is by its content."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from services.importing.packed import OLD_OFFICE, packed_names, refuse_old_office
from services.importing.source_text import Unreadable

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a larger file is more likely a mistake than a document."""


class FileKind(StrEnum):
    """What a file is."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    WORD = "word"
    PDF = "pdf"
    DELIMITED = "delimited"
    SHEET = "sheet"
    JSON_LINES = "json_lines"

    @property
    def is_question_table(self) -> bool:
        """Whether it holds a question library, not a document."""
        return self in {FileKind.DELIMITED, FileKind.SHEET, FileKind.JSON_LINES}


_BY_EXTENSION = {
    ".txt": FileKind.TEXT, ".text": FileKind.TEXT,
    ".md": FileKind.MARKDOWN, ".markdown": FileKind.MARKDOWN,
    ".html": FileKind.HTML, ".htm": FileKind.HTML, ".xhtml": FileKind.HTML,
    ".docx": FileKind.WORD, ".pdf": FileKind.PDF,
    ".csv": FileKind.DELIMITED, ".tsv": FileKind.DELIMITED,
    ".xlsx": FileKind.SHEET, ".xlsm": FileKind.SHEET,
    ".jsonl": FileKind.JSON_LINES, ".ndjson": FileKind.JSON_LINES,
}  # fmt: skip
SUPPORTED = "txt、md、html、docx、pdf、csv、tsv、xlsx、jsonl"
_PROMISED = {
    FileKind.WORD: "Word 文档（.docx）",
    FileKind.PDF: "PDF",
    FileKind.SHEET: "Excel 表格（.xlsx）",
}


def files_below(path: Path) -> Iterator[Path]:
    """Yield the files that a path names, in the same order on every machine.

    A folder is walked with its subfolders. Hidden files and folders in it are passed over, as are
    the lock files that office programs leave beside an open document.
    """
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir(), key=lambda e: e.name):
        if not entry.name.startswith((".", "~$")):
            yield from files_below(entry)


def kind_of(path: Path) -> FileKind:
    """Return what a file is, going by its content where content can tell.

    Raises Unreadable when it is missing, empty, too large, or not what its extension promises.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(1024)
    except FileNotFoundError:
        raise Unreadable("找不到这个文件，请检查路径。") from None
    except OSError:
        raise Unreadable("文件打不开，请检查读取权限。") from None
    if size > LARGEST_FILE:
        raise Unreadable("文件超过 100 MB，请拆分后再导入。")
    if not start.strip():
        raise Unreadable("文件是空的，没有可以导入的内容。")
    return _kind(path, start)


def _kind(path: Path, start: bytes) -> FileKind:
    promised = _BY_EXTENSION.get(path.suffix.lower())
    if start.lstrip().startswith(b"%PDF-"):
        return FileKind.PDF
    if start.startswith(b"PK\x03\x04"):
        return _packed_kind(path)
    if start.startswith(OLD_OFFICE):
        refuse_old_office(path)
    if promised in _PROMISED:
        raise Unreadable(f"文件内容不是{_PROMISED[promised]}，可能已损坏或扩展名有误。")
    if promised is None:
        raise Unreadable(f"不支持这种文件，可以导入的有 {SUPPORTED}。")
    if promised is FileKind.TEXT:
        opening = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if opening.startswith((b"<!doctype html", b"<html")):
            return FileKind.HTML
    return promised


def _packed_kind(path: Path) -> FileKind:
    names = packed_names(path)
    if "word/document.xml" in names:
        return FileKind.WORD
    if "xl/workbook.xml" in names:
        return FileKind.SHEET
    raise Unreadable(f"这是压缩包，请解压后再导入；可以导入的有 {SUPPORTED}。")
