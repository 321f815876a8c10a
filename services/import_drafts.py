"""What was read from a file made a draft: something new, a new draft of what is known, or nothing."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from models.category import Category
from models.document import Document, Validity
from models.import_batch import ImportBatch
from models.index_change import Subject
from models.publishable import VersionState
from models.stored_file import StoredFile
from models.version import Version
from services import publication
from services.access import Actor
from services.document_content import DocumentContent
from services.importing.contents import document_content, question_content
from services.importing.imported_document import ImportedDocument
from services.importing.imported_question import ImportedQuestion
from services.new_subjects import find_subject
from services.question_content import QuestionContent
from services.version_contents import content_of
from services.version_states import Row

_TOLD_BY_VERSIONS = [state for state in VersionState if state.is_open] + [VersionState.PUBLISHED]


class Outcome(StrEnum):
    """What importing something came to; the values are columns of ImportFile."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


async def draft_document(
    actor: Actor,
    imported: ImportedDocument,
    scan_id: str,
    batch: ImportBatch,
    file: StoredFile | None,
    file_name: str,
) -> tuple[Outcome, Version]:
    """Make a draft of a document that a file holds, unless it says what is known already.

    What staff added to the known document, as its category, stays. Raises what
    publication.create raises.
    """
    content = document_content(imported)
    external_id = scan_id or imported.external_id
    row, _ = await find_subject(actor, Subject.DOCUMENT, external_id, batch.venue_id)
    before = await _newest(Subject.DOCUMENT, row)
    if before is not None:
        if before.file_id is not None and _was_read_already(before, content.imported_hash):
            return Outcome.UNCHANGED, before
        content = _with_what_staff_added(content, content_of(before))
    elif isinstance(row, Document):
        content = _with_what_staff_added(content, DocumentContent.of_row(row, ()))
    version = await publication.create(
        actor,
        content,
        venue_id=batch.venue_id,
        agency_id=batch.agency_id,
        external_id=external_id,
        file=file,
        file_name=file_name,
    )
    return _outcome(row, before, version), version


async def draft_question(actor: Actor, imported: ImportedQuestion, batch: ImportBatch) -> Outcome:
    """Make a draft of one row of a question table, unless it says what is known already."""
    content = question_content(imported)
    row, _ = await find_subject(actor, Subject.QUESTION, imported.external_id, batch.venue_id)
    before = await _newest(Subject.QUESTION, row)
    said = before is not None and _was_read_already(before, content.imported_hash)
    if said or (row is not None and row.content_hash == content.imported_hash):
        return Outcome.UNCHANGED
    known = content_of(before) if before is not None else None
    if isinstance(known, QuestionContent):
        content = msgspec.structs.replace(
            content, valid_from=known.valid_from, valid_to=known.valid_to,
            next_review_on=known.next_review_on,
        )  # fmt: skip
    version = await publication.create(
        actor,
        content,
        venue_id=batch.venue_id,
        agency_id=batch.agency_id,
        external_id=imported.external_id,
    )
    return _outcome(row, before, version)


async def _newest(subject: Subject, row: Row | None) -> Version | None:
    """Return the version that is worked on, or else the one that is published."""
    if row is None:
        return None
    told = Version.filter(subject=subject, subject_id=row.id, state__in=_TOLD_BY_VERSIONS)
    return await told.order_by("-number").first()


def _was_read_already(version: Version, imported_hash: str) -> bool:
    """Return whether a version was read from the same text, whatever staff changed in it since."""
    return content_of(version).imported_hash == imported_hash


def _with_what_staff_added(
    content: DocumentContent, before: DocumentContent | QuestionContent
) -> DocumentContent:
    if not isinstance(before, DocumentContent):
        return content
    is_sorted = content.category is not Category.UNSORTED
    is_known = content.validity is not Validity.UNKNOWN
    return msgspec.structs.replace(
        content,
        category=content.category if is_sorted else before.category,
        validity=content.validity if is_known else before.validity,
        expires_on=content.expires_on or before.expires_on,
    )


def _outcome(row: Row | None, before: Version | None, version: Version) -> Outcome:
    if row is None:
        return Outcome.NEW
    is_same = before is not None and before.id == version.id
    return Outcome.UNCHANGED if is_same else Outcome.CHANGED
