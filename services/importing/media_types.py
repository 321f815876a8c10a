"""What a file is by its content, as browsers call it; its name is never asked."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

from services.importing.packed import OLD_OFFICE

HTML = "text/html"
BINARY = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_OFFICE}.wordprocessingml.document"
_SHEET = f"{_OFFICE}.spreadsheetml.sheet"
EXTENSIONS = {
    "application/pdf": (".pdf",),
    "application/zip": (".zip",),
    HTML: (".html", ".htm", ".xhtml"),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "text/plain": (".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".jsonl", ".ndjson"),
    _WORD: (".docx",),
    _SHEET: (".xlsx",),
}
"""The endings of names that go with a content, the usual one first."""
_START = 8192
_PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}
_PICTURE_ENDS = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND"}
_END_WITHIN = 4096
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")
_NOT_IN_TEXT = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27}


def media_type_of(path: Path) -> str:
    """Return the media type of a file's content; octet-stream for what is not known."""
    with path.open("rb") as file:
        return media_type_in(file)


def media_type_in(file: BinaryIO) -> str:
    """Return the media type of what is in a file that is open, read from where it stands."""
    start = file.read(_START)
    picture = picture_type(start)
    if picture is not None:
        return picture
    if start.lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if start.startswith(b"PK\x03\x04"):
        return _packed_type(file)
    if start.startswith(OLD_OFFICE):
        return "application/x-ole-storage"
    lowered = start.lower()
    # A browser takes for a page what has such a sign anywhere near its beginning.
    if any(sign in lowered for sign in _HTML_SIGNS):
        return HTML
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_wide or not any(byte in _NOT_IN_TEXT for byte in start):
        return "text/plain"
    return BINARY


def picture_type(start: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, None for anything else."""
    return next((kind for mark, kind in _PICTURES.items() if start.startswith(mark)), None)


def is_whole_picture(path: Path, media_type: str) -> bool:
    """Return whether a picture has its end; a TIFF, which has none, whether its pages are inside."""
    with path.open("rb") as file:
        return is_whole_picture_in(file, media_type)


def is_whole_picture_in(file: BinaryIO, media_type: str) -> bool:
    """Return the same of a file that is open."""
    size = file.seek(0, io.SEEK_END)
    if media_type == "image/tiff":
        file.seek(0)
        start = file.read(8)
        order = "little" if start.startswith(b"II") else "big"
        first_page = int.from_bytes(start[4:8], order)  # type: ignore[arg-type]
        return len(start) == 8 and 8 <= first_page <= size - 2
    file.seek(max(0, size - _END_WITHIN))
    return _PICTURE_ENDS[media_type] in file.read()


def _packed_type(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return BINARY
    if "word/document.xml" in names:
        return _WORD
    if "xl/workbook.xml" in names:
        return _SHEET
    return "application/zip"
