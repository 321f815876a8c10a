"""Documents as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.document import Document, Paragraph, Validity
from models.publishable import Publication
from search.document_number import DocumentNumber, find_numbers
from services.errors import NotFound, Withdrawn

_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class ShownDocument:
    """A document with all its paragraphs, in order."""

    id: int
    external_id: str
    title: str
    agency: str
    document_number: str
    signed_on: date | None
    published_on: date | None
    effective_on: date | None
    validity: Validity
    expires_on: date | None
    addressees: str
    attachments: tuple[str, ...]
    file_id: int | None
    """The original, for downloading."""
    file_name: str
    is_searchable: bool
    """False for a scan without text."""
    version: str
    """Another one whenever another text is shown."""
    outline: tuple[Paragraph, ...]


async def show(id_or_number: str) -> ShownDocument:
    """Return a document by its database id, its external id, or its number however typed.

    Of several with one number, as with a decree that promulgated more than one regulation or a law
    in several versions, the newest that binds is shown. Raises NotFound, and Withdrawn for what was
    published once.
    """
    document = await published(id_or_number)
    paragraphs = await Paragraph.filter(document_id=document.id).order_by("position")
    return ShownDocument(
        id=document.id,
        external_id=document.external_id,
        title=document.title,
        agency=document.agency,
        document_number=document.document_number,
        signed_on=document.signed_on,
        published_on=document.published_on,
        effective_on=document.effective_on,
        validity=document.validity,
        expires_on=document.expires_on,
        addressees=document.addressees,
        attachments=tuple(document.attachments),
        file_id=document.file_id,
        file_name=document.file_name,
        is_searchable=document.is_searchable,
        version=version_of(document),
        outline=tuple(paragraphs),
    )


async def published(id_or_number: str) -> Document:
    """Return the row of a document, without its paragraphs. Finds and raises as show does."""
    document = await _find(id_or_number.strip())
    if document is not None and document.publication is Publication.WITHDRAWN:
        raise await _withdrawn(document)
    if document is None or document.publication is not Publication.PUBLISHED:
        raise NotFound(sentence="没有找到这份文件，请检查编号或文号。")
    return document


def version_of(document: Document) -> str:
    """Return what tells the published text of a document from those before and after it."""
    return f"{document.published_version or 0}-{document.content_hash[:12]}"


async def _withdrawn(document: Document) -> Withdrawn:
    """Return what to say of a document that was withdrawn: what to read instead, if anything."""
    replacement = await Document.get_or_none(
        id=document.replaced_by_id or 0, publication=Publication.PUBLISHED
    )
    if replacement is None:
        return Withdrawn(sentence="这份文件已经撤下。您可以查一查别的文件，或请工作人员帮忙。")
    number = f"（{replacement.document_number}）" if replacement.document_number else ""
    return Withdrawn(
        sentence=f"这份文件已经撤下，由《{replacement.title}》{number}替代。",
        replaced_by=replacement.id,
    )


async def _find(wanted: str) -> Document | None:
    """Return what is meant, whether the public sees it or not."""
    if wanted.isascii() and wanted.isdecimal() and int(wanted) <= _LARGEST_ID:
        return await Document.get_or_none(id=int(wanted))
    document = await Document.get_or_none(external_id=wanted)
    if document is not None and document.publication is Publication.PUBLISHED:
        return document
    number = next(iter(find_numbers(wanted)), None)
    found = await _numbered(number) if number is not None else None
    return found or document


async def _numbered(number: DocumentNumber) -> Document | None:
    """Return what is published under a number, else what was withdrawn under it."""
    ever = Document.exclude(publication=Publication.UNPUBLISHED)
    same_number = await ever.filter(number_key=number.key)
    if not same_number and not number.prefix:
        # Year and number alone name a document only where no other agency has the same.
        alike = await ever.filter(number_key__endswith=number.short_key)
        same_number = alike if len({d.number_key for d in alike}) == 1 else []
    return max(
        same_number,
        key=lambda d: (
            d.publication is Publication.PUBLISHED,
            d.validity is Validity.IN_FORCE,
            d.signed_on or date.min,
            d.id,
        ),
        default=None,
    )
