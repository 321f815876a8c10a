"""What one version of a document says, as it is kept, compared and published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self

import msgspec

from models.category import Category
from models.document import Document, Paragraph, Validity
from search.document_number import number_key
from services.text_columns import too_long, unreadable_in

_LONGEST_PARAGRAPH = 100_000
_MOST_PARAGRAPHS = 50_000
_MOST_ATTACHMENTS = 200
_LONGEST_KEY = 200
_NAMES = {
    "title": "标题", "agency": "发文机关", "document_number": "发文字号",
    "addressees": "主送机关",
}  # fmt: skip


class ParagraphContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph or heading; the fields are those of models.document.Paragraph."""

    text: str
    level: int = 0
    article: str = ""
    heading_path: str = ""


class DocumentContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document; the fields are those of models.document.Document."""

    title: str
    paragraphs: tuple[ParagraphContent, ...] = ()
    agency: str = ""
    document_number: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    expires_on: date | None = None
    category: Category = Category.UNSORTED
    addressees: str = ""
    attachments: tuple[str, ...] = ()
    imported_hash: str = ""
    """SHA-256 of what the file said that this was read from, "" for none; no part of the text."""

    @classmethod
    def of_row(cls, row: Document, paragraphs: Iterable[Paragraph]) -> Self:
        """Return what the public sees; the paragraphs come in their order."""
        return cls(
            title=row.title,
            paragraphs=tuple(
                ParagraphContent(p.text, p.level, p.article, p.heading_path) for p in paragraphs
            ),
            agency=row.agency,
            document_number=row.document_number,
            signed_on=row.signed_on,
            published_on=row.published_on,
            effective_on=row.effective_on,
            validity=row.validity,
            expires_on=row.expires_on,
            category=row.category,
            addressees=row.addressees,
            attachments=tuple(row.attachments),
            imported_hash=row.content_hash,
        )

    @property
    def is_searchable(self) -> bool:
        """Whether there is any text; a scan has none."""
        return bool(self.paragraphs)

    def columns(self) -> dict[str, Any]:
        """Return what the row of a document holds of this."""
        return {
            "title": self.title,
            "agency": self.agency,
            "document_number": self.document_number,
            "number_key": number_key(self.document_number)[:_LONGEST_KEY],
            "signed_on": self.signed_on,
            "published_on": self.published_on,
            "effective_on": self.effective_on,
            "validity": self.validity,
            "expires_on": self.expires_on,
            "category": self.category,
            "addressees": self.addressees,
            "attachments": list(self.attachments),
        }

    def rows_of_paragraphs(self, document_id: int) -> list[Paragraph]:
        """Return the paragraphs as rows, not yet stored."""
        return [
            Paragraph(
                document_id=document_id,
                position=position,
                level=paragraph.level,
                article=paragraph.article,
                heading_path=paragraph.heading_path,
                text=paragraph.text,
            )
            for position, paragraph in enumerate(self.paragraphs)
        ]

    def problems(self, *, has_file: bool) -> list[str]:
        """Return Chinese sentences on what keeps this from being saved."""
        found = [] if self.title.strip() else ["请写上标题。"]
        if not self.paragraphs and not has_file:
            found.append("请写上正文，或者附上原件。")
        found += too_long(self, Document, _NAMES)
        found += _problems_of(self.paragraphs)
        if len(self.attachments) > _MOST_ATTACHMENTS:
            found.append(f"附件超过 {_MOST_ATTACHMENTS} 个。")
        texts = [self.title, self.agency, self.document_number, self.addressees]
        texts += [*self.attachments, *(p.text for p in self.paragraphs)]
        return found + unreadable_in(texts)


def _problems_of(paragraphs: Sequence[ParagraphContent]) -> list[str]:
    if len(paragraphs) > _MOST_PARAGRAPHS:
        return [f"正文超过 {_MOST_PARAGRAPHS} 段，请分成几份文件。"]
    for place, paragraph in enumerate(paragraphs, start=1):
        if len(paragraph.text) > _LONGEST_PARAGRAPH:
            return [f"第 {place} 段超过 {_LONGEST_PARAGRAPH} 个字，请分段。"]
        if too_long(paragraph, Paragraph, {"article": "", "heading_path": ""}):
            return [f"第 {place} 段的条款编号或标题过长，请检查格式。"]
    return []
