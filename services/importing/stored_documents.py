"""Publishing the documents that files hold."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

import msgspec

from models.category import Category
from models.document import Document
from services.access import Actor
from services.direct_publication import publish_directly
from services.importing.contents import document_content
from services.importing.imported_document import ImportedDocument


class Stored(Enum):
    """What storing something came to."""

    NEW = auto()
    CHANGED = auto()
    UNCHANGED = auto()


async def store_document(imported: ImportedDocument, actor: Actor, now: datetime) -> Stored:
    """Publish a document in place of what was imported under the same id.

    One that was imported from the very same file before is left as it is, whatever has become of it
    since: edited at the console, or withdrawn.
    """
    existing = await Document.get_or_none(external_id=imported.external_id)
    content = document_content(imported)
    if existing is not None and existing.content_hash == content.imported_hash:
        return Stored.UNCHANGED
    if existing is not None and content.category is Category.UNSORTED:
        # What staff have sorted stays where they put it.
        content = msgspec.structs.replace(content, category=existing.category)
    await publish_directly(actor, content, external_id=imported.external_id, now=now)
    return Stored.NEW if existing is None else Stored.CHANGED
