"""How a document or a library entry comes before the public, and how it goes.

A version goes from draft (services.drafts) through the secrecy check by a second person
(services.secrecy_check) to publication, and from there to replaced or withdrawn. Every version is
kept. Nothing reaches the public but by services.public_copies, in one transaction with the move of
its version, the note that every search index follows, and the audit record.
"""

from __future__ import annotations

from datetime import datetime

from models.document import Document
from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.version import Version
from services import audit
from services.access import Actor, Permission
from services.audit import Action
from services.direct_publication import publish_directly
from services.drafts import abandon, begin_editing, create, record, save, submit
from services.errors import Invalid, NotFound, WrongState
from services.public_copies import hide_from_public, show_to_public
from services.secrecy_check import approve, give_back
from services.version_contents import Content, content_of
from services.version_states import Row, locked, model_of, require_work, writing

__all__ = [
    "Content",
    "abandon",
    "approve",
    "begin_editing",
    "content_of",
    "create",
    "give_back",
    "publish_directly",
    "publish_due",
    "save",
    "subject_row",
    "submit",
    "version",
    "versions_of",
    "withdraw",
]

LONGEST_REASON = 500


async def withdraw(
    actor: Actor,
    subject: Subject,
    subject_id: int,
    *,
    reason: str,
    replaced_by: int | None = None,
    now: datetime,
) -> None:
    """Take away what is published (撤下), with the reason, and the document to read instead.

    Raises Invalid without a reason, WrongState for what is not published, NotFound for a
    replacement that the public does not see.
    """
    actor.require(writing(subject))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(
            "A withdrawal has a reason.", sentence=f"请写明撤下的原因，最多 {LONGEST_REASON} 个字。"
        )
    async with locked(subject, subject_id) as taken:
        require_work(actor, taken.row)
        if taken.row.publication is not Publication.PUBLISHED:
            raise WrongState(f"{taken.name} is {taken.row.publication}.")
        if replaced_by is not None:
            await _require_replacement(actor, subject, subject_id, replaced_by)
        await hide_from_public(
            taken, now=now, staff_id=actor.staff_id, reason=reason, replaced_by=replaced_by
        )
        await audit.record(
            actor,
            Action.WITHDRAWN,
            taken.name,
            venue_id=taken.row.venue_id,
            using_db=taken.database,
            version=taken.row.published_version,
            replaced_by=replaced_by,
        )


async def _require_replacement(
    actor: Actor, subject: Subject, subject_id: int, replaced_by: int
) -> None:
    replacement = await Document.get_or_none(id=replaced_by, publication=Publication.PUBLISHED)
    if replacement is None or not actor.sees(
        replacement.venue_id, replacement.responsible_agency_id
    ):
        raise NotFound(sentence="没有找到替代它的文件，请检查编号。")
    if subject is not Subject.DOCUMENT or replaced_by == subject_id:
        raise Invalid(
            "Only a document replaces another.", sentence="请选另一份文件作为替代的文件。"
        )


async def publish_due(now: datetime, actor: Actor) -> int:
    """Publish what passed the check and whose time has come; return how many there were.

    Several processes may do so at once: each version is published by one of them.
    """
    due = (
        await Version.filter(state=VersionState.SCHEDULED, publish_at__lte=now)
        .order_by("publish_at", "id")
        .only("id", "subject", "subject_id")
    )
    published = 0
    for waiting in due:
        async with locked(waiting.subject, waiting.subject_id) as taken:
            found = await Version.get(id=waiting.id, using_db=taken.database)
            if found.state is not VersionState.SCHEDULED or (found.publish_at or now) > now:
                continue
            await show_to_public(taken, found, now=now, staff_id=found.reviewed_by_id)
            await record(actor, Action.PUBLISHED, taken, found)
            published += 1
    return published


async def versions_of(actor: Actor, subject: Subject, subject_id: int) -> list[Version]:
    """Return every version of something, the newest first. Raises NotFound."""
    await subject_row(actor, subject, subject_id)
    return await Version.filter(subject=subject, subject_id=subject_id).order_by("-number")


async def version(actor: Actor, version_id: int) -> Version:
    """Return one version. Raises NotFound."""
    found = await Version.get_or_none(id=version_id)
    if found is None:
        raise NotFound(f"There is no version {version_id}.")
    await subject_row(actor, found.subject, found.subject_id)
    return found


async def subject_row(actor: Actor, subject: Subject, subject_id: int) -> Row:
    """Return the row of a document or entry as staff see it, published or not. Raises NotFound."""
    actor.require(Permission.LOOK)
    row: Row | None = await model_of(subject).get_or_none(id=subject_id)
    if row is None:
        raise NotFound(f"There is no {subject} {subject_id}.")
    actor.require_sight(row.venue_id, row.responsible_agency_id)
    return row
