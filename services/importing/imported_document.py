"""What a document file amounts to, ready to be stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import msgspec

from models.category import Category
from models.document import Document, Paragraph, Validity
from services.importing.source_text import Unreadable

_LONGEST_TITLE_IN_ID = 150


@dataclass(frozen=True)
class ImportedParagraph:
    """A paragraph or heading; the fields are those of models.document.Paragraph."""

    text: str
    level: int = 0
    article: str = ""
    heading_path: str = ""


@dataclass(frozen=True)
class ImportedDocument:
    """A document; the fields are those of models.document.Document."""

    title: str
    paragraphs: tuple[ImportedParagraph, ...]
    agency: str = ""
    document_number: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    category: Category = Category.UNSORTED
    addressees: str = ""
    attachments: tuple[str, ...] = ()
    is_law: bool = False
    """A law keeps each version as a document of its own; a later version amends an earlier one."""

    version_on: date | None = None
    """The date that tells a law's versions apart."""

    @property
    def external_id(self) -> str:
        """The same on every machine: the document number, or the title with its date.

        Decrees may promulgate several laws under one number, so that a law goes by its title.
        """
        if self.document_number and not self.is_law:
            return self.document_number
        day = self.version_on or self.signed_on or self.published_on
        title = self.title
        if len(title) > _LONGEST_TITLE_IN_ID:
            digest = hashlib.sha256(title.encode()).hexdigest()[:16]
            title = f"{title[:_LONGEST_TITLE_IN_ID]}…{digest}"
        return f"{title}({day})" if day else title

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything that the file says."""
        content = msgspec.to_builtins(self)
        # What says none is what it was before there were categories.
        if self.category is Category.UNSORTED:
            del content["category"]
        return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


_CHINESE_NAMES = {
    "title": "标题", "agency": "发文机关",
    "document_number": "发文字号", "addressees": "主送机关",
}  # fmt: skip


def check_sizes(document: ImportedDocument) -> None:
    """Raise Unreadable when something is longer than its column, or nothing would be stored."""
    if not document.title:
        raise Unreadable("没有找到文件标题，请在第一行写上标题。")
    if not document.paragraphs:
        raise Unreadable("文件只有标题，没有正文。")
    for field, name in _CHINESE_NAMES.items():
        limit = _limit(Document, field)
        if len(getattr(document, field)) > limit:
            raise Unreadable(f"{name}超过 {limit} 个字，请检查文件格式。")
    if any(len(p.article) > _limit(Paragraph, "article") for p in document.paragraphs):
        raise Unreadable("条款编号过长，请检查文件格式。")


def _limit(model: type[Document | Paragraph], field: str) -> int:
    return int(getattr(model._meta.fields_map[field], "max_length", 0))
