"""The secrecy check (保密审查): a second person lets a version go out, or gives it back.

Source: Regulation on Open Government Information (2019 revision), Article 17: before information is
made public it is examined, and who examines it answers for that.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.audit_record import AuditRecord
from models.publishable import VersionState
from models.version import Version
from services.access import Actor, Permission
from services.audit import Action
from services.drafts import record
from services.errors import Invalid, SecondPersonNeeded, WrongState
from services.public_copies import show_to_public
from services.version_states import (
    Locked,
    keep,
    locked_version,
    require_move,
    require_unedited,
    require_work,
    writing,
)

_LONGEST_NOTE = 2_000


async def approve(
    actor: Actor,
    version_id: int,
    *,
    edits: int,
    note: str = "",
    publish_at: datetime | None = None,
    now: datetime,
) -> Version:
    """Pass the check: the version is published at once, or at its time.

    Raises SecondPersonNeeded for whoever wrote or submitted it.
    """
    actor.require(Permission.REVIEW)
    async with locked_version(version_id) as (taken, version):
        require_work(actor, taken.row)
        require_unedited(version, edits)
        later = publish_at is not None and publish_at > now
        following = VersionState.SCHEDULED if later else VersionState.PUBLISHED
        require_move(version, following)
        if version.state is not VersionState.IN_REVIEW:
            raise WrongState(f"Version {version_id} passed the check already.")
        await require_second_person(actor, taken, version)
        version.reviewed_by_id, version.reviewed_at = actor.staff_id, now
        version.review_note = _checked(note)
        version.publish_at = publish_at if later else None
        if later:
            await keep(taken, version, following)
        else:
            await show_to_public(taken, version, now=now, staff_id=actor.staff_id)
        await record(actor, Action.REVIEW_PASSED, taken, version)
        if not later:
            await record(actor, Action.PUBLISHED, taken, version)
    return version


async def give_back(actor: Actor, version_id: int, note: str, *, edits: int) -> Version:
    """Make a version a draft again: not passed, or called back by those who write it."""
    async with locked_version(version_id) as (taken, version):
        if not actor.may(writing(taken.subject)):
            actor.require(Permission.REVIEW)
        require_work(actor, taken.row)
        require_unedited(version, edits)
        require_move(version, VersionState.DRAFT)
        version.review_note = _checked(note)
        version.publish_at = None
        await keep(taken, version, VersionState.DRAFT)
        await record(actor, Action.REVIEW_RETURNED, taken, version)
    return version


async def require_second_person(actor: Actor, taken: Locked, version: Version) -> None:
    """Raise SecondPersonNeeded for whoever had a hand in a version, and for no person at all."""
    hands = {version.written_by_id, version.submitted_by_id}
    if actor.staff_id is None or actor.staff_id in hands:
        raise SecondPersonNeeded(f"Version {version.id} was written or submitted by the same.")
    # Somebody may have written a part that another changed afterwards.
    saved = await AuditRecord.filter(
        action=Action.DRAFT_SAVED.value, subject=taken.name, staff_id=actor.staff_id
    ).using_db(taken.database)
    if any(msgspec.json.decode(row.detail).get("version") == version.number for row in saved):
        raise SecondPersonNeeded(f"Version {version.id} was written by the same.")


def _checked(note: str) -> str:
    note = note.strip()
    if len(note) > _LONGEST_NOTE or "\0" in note:
        raise Invalid("The note is too long.", sentence=f"意见最多 {_LONGEST_NOTE} 个字。")
    return note
