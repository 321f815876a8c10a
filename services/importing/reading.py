"""Reading one document file, from its bytes to what will be stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from services.importing import (
    flattened,
    html,
    law,
    markdown,
    official_document,
    pdf,
    plain_text,
    shuffled,
    word,
)
from services.importing.files import FileKind
from services.importing.imported_document import ImportedDocument, check_sizes
from services.importing.source_text import Unreadable

_READERS = {
    FileKind.TEXT: plain_text.read,
    FileKind.MARKDOWN: markdown.read,
    FileKind.HTML: html.read,
    FileKind.WORD: word.read,
    FileKind.PDF: pdf.read,
}


def read_document(path: Path, kind: FileKind) -> ImportedDocument:
    """Return the document in a file. Heavy work: to be called outside the event loop.

    Raises Unreadable.
    """
    source = _READERS[kind](path)
    if not source.lines:
        raise Unreadable("文件里没有文字，没有可以导入的内容。")
    if law.is_law(source.lines):
        document = law.read(source)
    else:
        lines = shuffled.repaired(flattened.unflattened(source.lines))
        document = official_document.read(replace(source, lines=lines))
    check_sizes(document)
    return document
