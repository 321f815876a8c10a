"""One document with all its paragraphs."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from services import documents
from services.documents import ShownDocument


class ParagraphReply(msgspec.Struct, frozen=True):
    """One paragraph or heading."""

    position: int
    level: int
    """0 for text, 1 and up for headings."""
    article: str
    heading_path: str
    text: str


class DocumentReply(msgspec.Struct, frozen=True):
    """A document as published."""

    id: int
    external_id: str
    title: str
    agency: str
    document_number: str
    signed_on: date | None
    published_on: date | None
    effective_on: date | None
    validity: str
    addressees: str
    attachments: tuple[str, ...]
    paragraphs: list[ParagraphReply]

    @classmethod
    def of(cls, document: ShownDocument) -> DocumentReply:
        """Return a document as the API shows it."""
        return cls(
            id=document.id,
            external_id=document.external_id,
            title=document.title,
            agency=document.agency,
            document_number=document.document_number,
            signed_on=document.signed_on,
            published_on=document.published_on,
            effective_on=document.effective_on,
            validity=document.validity.label,
            addressees=document.addressees,
            attachments=document.attachments,
            paragraphs=[
                ParagraphReply(p.position, p.level, p.article, p.heading_path, p.text)
                for p in document.outline
            ],
        )


async def show_document(request: Request, wanted: str) -> HTTPResponse:
    """Show a document by its id or its number."""
    return json(DocumentReply.of(await documents.show(unquote(wanted))))
