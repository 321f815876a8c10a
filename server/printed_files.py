"""Sending printed documents (services/printed_document.py) as files, or as what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from urllib.parse import quote

from sanic import HTTPResponse
from sanic.response import raw

from services.errors import NotFound
from services.printed_document import PrintedDocument
from services.printed_pdf import pdf_of
from services.printed_word import docx_of


class FileKind(StrEnum):
    """A kind of file that a document is printed as."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """What the kind is called in headers."""
        return {
            "pdf": "application/pdf",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }[self.value]


_MAKERS: dict[FileKind, Callable[[PrintedDocument], bytes]] = {
    FileKind.PDF: pdf_of,
    FileKind.DOCX: docx_of,
}


def file_kind(name: str) -> FileKind:
    """Return the kind that an address names by its ending. Raises NotFound."""
    try:
        return FileKind(name)
    except ValueError:
        raise NotFound(f"There is no such kind of file: {name[:20]!r}.") from None


async def printed_file(document: PrintedDocument, kind: FileKind, name: str) -> HTTPResponse:
    """Return a document as a file to be saved under a name, kept by no cache on the way."""
    content = await asyncio.to_thread(_MAKERS[kind], document)
    # The plain form is for programs that know no other, the second one holds Chinese.
    disposition = f"attachment; filename=\"document.{kind}\"; filename*=UTF-8''" + quote(
        f"{name}.{kind}", safe=""
    )
    return raw(
        content,
        content_type=kind.media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
