"""Drafts of documents and library entries: begun, written, handed in, given up."""

from __future__ import annotations

from datetime import UTC, datetime

from models.document import Document, Paragraph
from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.question_entry import QuestionEntry
from models.stored_file import StoredFile
from models.version import Version
from services import audit
from services.access import Actor
from services.audit import Action
from services.document_content import DocumentContent
from services.errors import Invalid, WrongState
from services.new_subjects import begun, find_subject
from services.question_content import QuestionContent
from services.version_contents import (
    Content,
    content_of,
    encoded,
    hash_of,
    is_searchable,
    require_sound,
    subject_of,
    title_of,
    with_imported_hash,
)
from services.version_states import (
    Locked,
    keep,
    locked,
    locked_version,
    require_move,
    require_unedited,
    require_work,
    writing,
)


async def create(
    actor: Actor,
    content: Content,
    *,
    venue_id: int | None,
    agency_id: int | None = None,
    external_id: str | None = None,
    file: StoredFile | None = None,
    file_name: str = "",
) -> Version:
    """Begin something new with a draft, or a new draft of what is known by an external id.

    Where its draft or its published version says the very same already, that version is returned
    as it is. Raises Invalid for a content that cannot be kept, NotFound and NotAllowed for a zone
    or agency that is not the actor's, WrongState where another draft of it is worked on.
    """
    subject = subject_of(content)
    actor.require(writing(subject))
    actor.require_work(venue_id, agency_id)
    require_sound(content, has_file=file is not None)
    if external_id is not None:
        known, external_id = await find_subject(actor, subject, external_id, venue_id)
        if known is not None:
            return await _draft_of_known(actor, subject, known.id, content, file, file_name)
    async with begun(subject, content, external_id, venue_id, agency_id) as taken:
        version = new_version(taken, content, 1, actor)
        _attach(version, file, file_name)
        await keep(taken, version, VersionState.DRAFT)
        await record(actor, Action.DRAFT_SAVED, taken, version)
    return version


async def _draft_of_known(
    actor: Actor,
    subject: Subject,
    subject_id: int,
    content: Content,
    file: StoredFile | None,
    file_name: str,
) -> Version:
    async with locked(subject, subject_id) as taken:
        require_work(actor, taken.row)
        opened = await taken.open_version()
        latest = opened or await taken.published_version()
        if latest is not None and _says(latest, content, file):
            return latest
        if opened is not None:
            raise WrongState(
                f"Version {opened.id} is worked on.",
                sentence=f"“{opened.title}”有一稿正在处理（{opened.state.label}），"
                "请先办完那一稿，再导入新的。",
            )
        version = new_version(taken, content, await taken.next_number(), actor)
        _attach(version, file, file_name)
        await keep(taken, version, VersionState.DRAFT)
        await record(actor, Action.DRAFT_SAVED, taken, version)
    return version


async def begin_editing(actor: Actor, subject: Subject, subject_id: int) -> Version:
    """Return the version that is worked on, or a new draft of what the public sees.

    What was withdrawn or given up is taken up again from its last version.
    """
    actor.require(writing(subject))
    async with locked(subject, subject_id) as taken:
        require_work(actor, taken.row)
        opened = await taken.open_version()
        if opened is not None:
            return opened
        before = await taken.published_version() or await taken.last_version()
        if before is None or taken.row.publication is Publication.PUBLISHED:
            # The row knows what happened since: that a law was repealed, say.
            content = await public_content(taken)
        else:
            content = content_of(before)
        version = new_version(taken, content, await taken.next_number(), actor)
        if before is not None:
            version.file_id, version.file_name = before.file_id, before.file_name
        await keep(taken, version, VersionState.DRAFT)
        await record(actor, Action.DRAFT_SAVED, taken, version)
    return version


async def save(
    actor: Actor,
    version_id: int,
    content: Content,
    *,
    edits: int,
    file: StoredFile | None = None,
    file_name: str = "",
) -> Version:
    """Keep what somebody wrote, unless another did so since they were shown the draft.

    Without a file the one that is there stays. Raises EditedMeanwhile, WrongState for what is no
    draft, Invalid.
    """
    async with locked_version(version_id) as (taken, version):
        actor.require(writing(taken.subject))
        require_work(actor, taken.row)
        require_unedited(version, edits)
        if version.state is not VersionState.DRAFT:
            raise WrongState(
                f"Version {version_id} is {version.state}.",
                sentence=f"这一稿现在是“{version.state.label}”，不能修改。要改，请先退回拟稿。",
            )
        if subject_of(content) is not taken.subject:
            raise Invalid("The content is of another kind.")
        require_sound(content, has_file=file is not None or version.file_id is not None)
        _write(version, content, actor)
        _attach(version, file, file_name)
        await _name_unpublished(taken, content)
        await keep(taken, version, VersionState.DRAFT)
        await record(actor, Action.DRAFT_SAVED, taken, version)
    return version


async def submit(actor: Actor, version_id: int, *, edits: int) -> Version:
    """Hand a draft to a second person for the secrecy check."""
    async with locked_version(version_id) as (taken, version):
        actor.require(writing(taken.subject))
        require_work(actor, taken.row)
        require_unedited(version, edits)
        require_move(version, VersionState.IN_REVIEW)
        version.submitted_by_id, version.submitted_at = actor.staff_id, datetime.now(UTC)
        version.review_note = ""
        await keep(taken, version, VersionState.IN_REVIEW)
        await record(actor, Action.SUBMITTED, taken, version)
    return version


async def abandon(actor: Actor, version_id: int, *, edits: int) -> Version:
    """Give a version up before it is published. It is kept, and what is published stays."""
    async with locked_version(version_id) as (taken, version):
        actor.require(writing(taken.subject))
        require_work(actor, taken.row)
        require_unedited(version, edits)
        require_move(version, VersionState.ABANDONED)
        version.publish_at = None
        await keep(taken, version, VersionState.ABANDONED)
        await record(actor, Action.DRAFT_ABANDONED, taken, version)
    return version


def new_version(taken: Locked, content: Content, number: int, actor: Actor) -> Version:
    """Return a version that is not stored yet."""
    version = Version(subject=taken.subject, subject_id=taken.row.id, number=number)
    _write(version, content, actor)
    version.edits = -1  # Keeping it the first time makes it 0.
    return version


async def public_content(taken: Locked) -> Content:
    """Return what the public sees of a subject."""
    row = taken.row
    if isinstance(row, QuestionEntry):
        return QuestionContent.of_row(row)
    paragraphs = (
        await Paragraph.filter(document_id=row.id).using_db(taken.database).order_by("position")
    )
    return DocumentContent.of_row(row, paragraphs)


async def record(actor: Actor, action: Action, taken: Locked, version: Version) -> None:
    """Note what was done to a version, as the last step of its transaction."""
    await audit.record(
        actor,
        action,
        taken.name,
        venue_id=taken.row.venue_id,
        using_db=taken.database,
        version=version.number,
        state=version.state.value,
    )


def _write(version: Version, content: Content, actor: Actor) -> None:
    if not content.imported_hash and version.content:
        # What was read from a file and then worked on still is that file, imported.
        kept = content_of(version).imported_hash
        content = with_imported_hash(content, kept)
    version.title = title_of(content)
    version.content, version.content_hash = encoded(content), hash_of(content)
    version.is_searchable = is_searchable(content)
    version.written_by_id = actor.staff_id


def _attach(version: Version, file: StoredFile | None, file_name: str) -> None:
    if file is not None:
        version.file_id, version.file_name = file.id, file_name


def _says(version: Version, content: Content, file: StoredFile | None) -> bool:
    same_file = file is None or file.id == version.file_id
    return same_file and version.content_hash == hash_of(content)


async def _name_unpublished(taken: Locked, content: Content) -> None:
    """Let what never was published be called as its draft is."""
    row = taken.row
    if row.publication is not Publication.UNPUBLISHED:
        return
    if isinstance(row, Document):
        row.title = title_of(content)
        await row.save(using_db=taken.database, update_fields=["title"])
    else:
        row.question = title_of(content)
        await row.save(using_db=taken.database, update_fields=["question"])
