"""Contents in the column of a version, and back."""

from __future__ import annotations

import hashlib

import msgspec

from models.index_change import Subject
from models.version import Version
from services.document_content import DocumentContent
from services.errors import Invalid
from services.question_content import QuestionContent

Content = DocumentContent | QuestionContent
_LONGEST_TITLE = 500


def subject_of(content: Content) -> Subject:
    """Return what kind of thing a content is of."""
    return Subject.DOCUMENT if isinstance(content, DocumentContent) else Subject.QUESTION


def title_of(content: Content) -> str:
    """Return what lists call it."""
    title = content.title if isinstance(content, DocumentContent) else content.question
    return title[:_LONGEST_TITLE]


def hash_of(content: Content) -> str:
    """Return the SHA-256 of what it says, wherever it was read from."""
    return hashlib.sha256(msgspec.json.encode(with_imported_hash(content, ""))).hexdigest()


def with_imported_hash(content: Content, imported_hash: str) -> Content:
    """Return the same content as read from another file."""
    return msgspec.structs.replace(content, imported_hash=imported_hash)


def encoded(content: Content) -> str:
    """Return a content as a version keeps it."""
    return msgspec.json.encode(content).decode()


def content_of(version: Version) -> Content:
    """Return what a version says."""
    if version.subject is Subject.DOCUMENT:
        return msgspec.json.decode(version.content, type=DocumentContent)
    return msgspec.json.decode(version.content, type=QuestionContent)


def is_searchable(content: Content) -> bool:
    """Return whether there is text to find it by."""
    return content.is_searchable if isinstance(content, DocumentContent) else True


def require_sound(content: Content, *, has_file: bool) -> None:
    """Raise Invalid, saying everything that is wrong, unless a content can be kept."""
    if isinstance(content, DocumentContent):
        problems = content.problems(has_file=has_file)
    else:
        problems = content.problems()
    if problems:
        raise Invalid("The content does not fit.", sentence="".join(problems))
