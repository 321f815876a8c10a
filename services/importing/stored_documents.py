"""Writing documents to the database."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from tortoise.transactions import in_transaction

from models.document import Document, Paragraph
from models.index_change import Subject
from search.document_number import number_key
from services import index_changes
from services.importing.imported_document import ImportedDocument

_LONGEST_KEY = 200


class Stored(Enum):
    """What storing something came to."""

    NEW = auto()
    CHANGED = auto()
    UNCHANGED = auto()


async def store_document(imported: ImportedDocument) -> Stored:
    """Store a document with its paragraphs, in place of what was imported under the same id."""
    content_hash = imported.content_hash
    existing = await Document.get_or_none(external_id=imported.external_id)
    if existing is not None and existing.content_hash == content_hash:
        return Stored.UNCHANGED
    async with in_transaction() as database:
        document = await Document.get_or_none(
            external_id=imported.external_id, using_db=database
        ) or Document(external_id=imported.external_id)
        document.update_from_dict(_columns(imported) | {"content_hash": content_hash})
        await document.save(using_db=database)
        await Paragraph.filter(document_id=document.id).using_db(database).delete()
        await Paragraph.bulk_create(
            [
                Paragraph(
                    document_id=document.id,
                    position=position,
                    level=paragraph.level,
                    article=paragraph.article,
                    heading_path=paragraph.heading_path,
                    text=paragraph.text,
                )
                for position, paragraph in enumerate(imported.paragraphs)
            ],
            using_db=database,
            batch_size=500,
        )
        await index_changes.record(Subject.DOCUMENT, [document.id], using_db=database)
    return Stored.NEW if existing is None else Stored.CHANGED


def _columns(imported: ImportedDocument) -> dict[str, Any]:
    return {
        "title": imported.title,
        "agency": imported.agency,
        "document_number": imported.document_number,
        "number_key": number_key(imported.document_number)[:_LONGEST_KEY],
        "signed_on": imported.signed_on,
        "published_on": imported.published_on,
        "effective_on": imported.effective_on,
        "validity": imported.validity,
        "addressees": imported.addressees,
        "attachments": list(imported.attachments),
    }
