"""Copying a version into the tables that the public reads, and taking it away again.

Only these functions change what the public sees of documents and entries. They run inside the
transaction that moves the version, together with the note that every index follows.
"""

from __future__ import annotations

from datetime import date, datetime

from tortoise.expressions import F

from models.document import Document, Paragraph, Validity
from models.publishable import Publication, VersionState
from models.question_entry import QuestionEntry
from models.version import Version
from services import index_changes
from services.clock import zone_day
from services.document_content import DocumentContent
from services.question_content import QuestionContent
from services.version_contents import content_of
from services.version_states import Locked, keep

_BATCH = 500


async def show_to_public(
    subject: Locked,
    version: Version,
    *,
    now: datetime,
    staff_id: int | None,
    dating: bool = True,
) -> None:
    """Publish a version in place of what is published of its subject.

    A document that carries no date at all was made public today, unless told not to be dated.
    """
    await retire_published(
        subject, VersionState.REPLACED, now=now, staff_id=staff_id, reason="", but=version
    )
    content, row, today = content_of(version), subject.row, zone_day(now)
    if isinstance(content, DocumentContent) and isinstance(row, Document):
        was_published_on = row.published_on
        row.update_from_dict(content.columns())
        row.published_on = content.published_on or was_published_on
        if dating and row.published_on is None and _is_undated(content):
            row.published_on = today
        row.validity = validity_on(content.validity, content.expires_on, today)
        row.file_id, row.file_name = version.file_id, version.file_name
        row.is_searchable = version.is_searchable
        row.replaced_by_id = None
        await Paragraph.filter(document_id=row.id).using_db(subject.database).delete()
        await Paragraph.bulk_create(
            content.rows_of_paragraphs(row.id), using_db=subject.database, batch_size=_BATCH
        )
    elif isinstance(content, QuestionContent) and isinstance(row, QuestionEntry):
        row.update_from_dict(content.columns())
        row.is_in_time = content.is_in_time(today)
        row.reviewer_id = version.reviewed_by_id
    row.content_hash = content.imported_hash or row.content_hash
    row.publication = Publication.PUBLISHED
    row.published_version = version.number
    await row.save(using_db=subject.database)
    version.published_at = now
    await keep(subject, version, VersionState.PUBLISHED)
    await index_changes.record(subject.subject, [row.id], using_db=subject.database)


async def hide_from_public(
    subject: Locked,
    *,
    now: datetime,
    staff_id: int | None,
    reason: str,
    replaced_by: int | None,
) -> None:
    """Withdraw what is published of a subject. Its row stays, to say that it was withdrawn."""
    await retire_published(
        subject, VersionState.WITHDRAWN, now=now, staff_id=staff_id, reason=reason
    )
    row = subject.row
    row.publication = Publication.WITHDRAWN
    if isinstance(row, Document):
        row.replaced_by_id = replaced_by
    await row.save(using_db=subject.database)
    await index_changes.record(subject.subject, [row.id], using_db=subject.database)


async def retire_published(
    subject: Locked,
    state: VersionState,
    *,
    now: datetime,
    staff_id: int | None,
    reason: str,
    but: Version | None = None,
) -> None:
    """Mark the version that the public sees as replaced or withdrawn."""
    published = Version.filter(
        subject=subject.subject, subject_id=subject.row.id, state=VersionState.PUBLISHED
    )
    if but is not None:
        published = published.exclude(id=but.id)
    await published.using_db(subject.database).update(
        state=state,
        edits=F("edits") + 1,
        retired_at=now,
        retired_by_id=staff_id,
        retire_reason=reason,
    )


def validity_on(validity: Validity, expires_on: date | None, today: date) -> Validity:
    """Return whether a document that binds until a day still binds."""
    over = expires_on is not None and expires_on < today
    return Validity.EXPIRED if over and validity in CAN_EXPIRE else validity


CAN_EXPIRE = frozenset({Validity.IN_FORCE, Validity.AMENDED, Validity.UNKNOWN})
"""What runs out at its last day. What was repealed stays so."""


def _is_undated(content: DocumentContent) -> bool:
    """Return whether a document carries no date.

    A law that carries one was made public long before this zone shows it.
    """
    return content.signed_on is None and content.effective_on is None
