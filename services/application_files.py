"""Files of a case: looked at before they are taken, encrypted piece by piece, and sent as a stream.

Nothing of them is on disk in the clear, not even while they come in: proof of identity must not be
left on a machine in a hall.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.application import Application, ApplicationState
from models.application_file import ApplicationFile, ApplicationFilePart, FilePurpose
from models.staff import Role
from services import application_access as access
from services import audit
from services.access import Actor
from services.applicants import Reason
from services.case_file_contents import CaseFileTooLarge, checked_name, largest
from services.errors import Invalid, NotAllowed, NotFound, WrongState
from services.secret_key import SecretKeys
from services.stored_files import FileEmpty

PART_BYTES = 1024 * 1024
MOST_FILES = 100
"""Files that one case may have."""
_COMING_IN = -1
"""Stands where the size will be, until every piece is there."""
_GIVEN_UP_AFTER = timedelta(hours=6)
_OF_THE_FILER = {FilePurpose.ATTACHMENT, FilePurpose.CORRECTION}


class TooManyFiles(Invalid):
    code = "too_many_files"
    sentence = f"一件申请最多收 {MOST_FILES} 个文件，请合并后再上传。"


@dataclass(frozen=True)
class CaseFile:
    """A file of a case, as lists show it."""

    id: int
    application_id: int
    purpose: FilePurpose
    name: str
    """Without what its sender called it, where that is not theirs to see."""
    media_type: str
    size_bytes: int
    stored_at: datetime
    is_removed: bool


async def store(
    actor: Actor,
    application_id: int,
    purpose: FilePurpose,
    name: str,
    chunks: AsyncIterable[bytes],
    *,
    keys: SecretKeys,
) -> CaseFile:
    """Keep a file of a case.

    Raises NotFound out of sight, NotAllowed for whom the case is none of their work, WrongState once
    it is archived, CaseFileTooLarge as soon as too much has come, FileEmpty, FileNotTaken,
    TooManyFiles.
    """
    application = await _open_case(actor, application_id)
    if purpose not in _OF_THE_FILER and purpose is not FilePurpose.IDENTITY:
        access.require_words(actor, application)
        if not access.works_on(actor, application):
            raise _not_theirs(actor)
    elif not (
        access.may_see_words(actor, application) or access.may_see_contact(actor, application)
    ):
        raise _not_theirs(actor)
    if await ApplicationFile.filter(application_id=application_id).count() >= MOST_FILES:
        raise TooManyFiles(f"Application {application_id} has too many files.")
    content = await _whole(chunks, largest(purpose))
    name, media_type = await asyncio.to_thread(checked_name, name, bytes(content), purpose)
    row = await ApplicationFile.create(
        application_id=application_id, purpose=purpose, encrypted_name=keys.encrypt(name),
        media_type=media_type, size_bytes=_COMING_IN, staff_id=actor.staff_id,
    )  # fmt: skip
    # One transaction for all pieces would lock the database for seconds.
    for position, start in enumerate(range(0, len(content), PART_BYTES)):
        piece = bytes(content[start : start + PART_BYTES])
        await ApplicationFilePart.create(
            file_id=row.id, position=position,
            encrypted_data=await asyncio.to_thread(keys.encrypt_bytes, piece),
        )  # fmt: skip
    async with in_transaction() as database:
        row.size_bytes = len(content)
        await row.save(update_fields=["size_bytes"], using_db=database)
        await _record(actor, audit.Action.CASE_FILE_KEPT, row, application, using_db=database)
    return _shown(row, name)


async def listed(actor: Actor, application_id: int, *, keys: SecretKeys) -> list[CaseFile]:
    """Return the files of a case that somebody may know of. Raises NotFound out of sight."""
    application = await access.seen(actor, application_id)
    rows = await ApplicationFile.filter(
        application_id=application_id, size_bytes__gt=_COMING_IN
    ).order_by("id")
    return [
        _shown(row, _name(actor, application, row, keys))
        for row in rows
        if _may_read(actor, application, row.purpose)
        or (row.purpose is FilePurpose.IDENTITY and access.may_see_masked(actor, application))
    ]


async def opened(
    actor: Actor, file_id: int, *, keys: SecretKeys, reason: Reason | None = None
) -> tuple[CaseFile, AsyncIterator[bytes]]:
    """Return a file and its content, piece by piece. That it was seen is on the record before it is.

    Raises NotFound out of sight and for what was removed, NotAllowed for whom it is none of their
    business, Invalid where proof of identity is asked for without a reason.
    """
    row, application = await _found(actor, file_id)
    if not _may_read(actor, application, row.purpose):
        raise _not_theirs(actor)
    if row.removed_at is not None:
        raise NotFound("It was removed.", sentence="这个文件已经按规定移除。")
    if row.purpose is FilePurpose.IDENTITY and reason is None and actor.role is not None:
        raise Invalid("A reason is missing.", sentence="查看身份证明要先选择事由。")
    async with in_transaction() as database:
        await _record(
            *(actor, audit.Action.CASE_FILE_SEEN, row, application),
            using_db=database, reason=reason.value if reason else None,
        )  # fmt: skip
    return _shown(row, keys.decrypt(row.encrypted_name)), _chunks(row.id, keys)


async def remove(actor: Actor, file_id: int, *, now: datetime) -> None:
    """Remove the content of a file that was put in by mistake; its row stays.

    Raises NotFound out of sight, NotAllowed for who does not work on the case, WrongState once it is
    archived.
    """
    row, application = await _found(actor, file_id)
    await access.require_work(actor, application.id)
    if application.state is ApplicationState.ARCHIVED:
        raise _archived()
    if row.removed_at is not None:
        return
    async with in_transaction() as database:
        await ApplicationFilePart.filter(file_id=row.id).using_db(database).delete()
        await ApplicationFile.filter(id=row.id).using_db(database).update(removed_at=now)
        await _record(actor, audit.Action.CASE_FILE_REMOVED, row, application, using_db=database)


async def remove_given_up(now: datetime) -> None:
    """Remove what stopped coming in half-way: the process died, or the sender went away."""
    await ApplicationFile.filter(
        size_bytes=_COMING_IN, stored_at__lt=now - _GIVEN_UP_AFTER
    ).delete()


async def _open_case(actor: Actor, application_id: int) -> Application:
    application = await access.seen(actor, application_id)
    if application.state is ApplicationState.ARCHIVED:
        raise _archived()
    return application


async def _found(actor: Actor, file_id: int) -> tuple[ApplicationFile, Application]:
    row = await ApplicationFile.get_or_none(id=file_id, size_bytes__gt=_COMING_IN)
    if row is None:
        raise NotFound("There is no such file.", sentence="没有找到这个文件。")
    return row, await access.seen(actor, row.application_id)


def _may_read(actor: Actor, application: Application, purpose: FilePurpose) -> bool:
    if purpose is FilePurpose.IDENTITY:
        return access.may_see_identity(actor, application)
    if not access.may_see_words(actor, application):
        return False
    return actor.role is not Role.CLERK or purpose in _OF_THE_FILER


def _name(actor: Actor, application: Application, row: ApplicationFile, keys: SecretKeys) -> str:
    is_theirs = _may_read(actor, application, row.purpose)
    return keys.decrypt(row.encrypted_name) if is_theirs else row.purpose.label


def _shown(row: ApplicationFile, name: str) -> CaseFile:
    return CaseFile(
        *(row.id, row.application_id, row.purpose, name, row.media_type, row.size_bytes),
        *(row.stored_at, row.removed_at is not None),
    )


async def _whole(chunks: AsyncIterable[bytes], most: int) -> bytearray:
    content = bytearray()
    async for chunk in chunks:
        if len(content) + len(chunk) > most:
            raise CaseFileTooLarge(most)
        content += chunk
    if not content:
        raise FileEmpty("No byte came.")
    return content


async def _chunks(file_id: int, keys: SecretKeys) -> AsyncIterator[bytes]:
    position = 0
    while part := await ApplicationFilePart.get_or_none(file_id=file_id, position=position):
        yield await asyncio.to_thread(keys.decrypt_bytes, part.encrypted_data)
        position += 1


async def _record(
    actor: Actor,
    action: audit.Action,
    row: ApplicationFile,
    application: Application,
    *,
    using_db: BaseDBAsyncClient,
    reason: str | None = None,
) -> None:
    detail: dict[str, int | str | bool | None | list[int]] = {
        "application": application.id, "purpose": row.purpose.value,
    }  # fmt: skip
    if reason:
        detail["reason"] = reason
    subject = f"application_file:{row.id}"
    await audit.record(
        actor, action, subject, venue_id=application.venue_id, using_db=using_db, **detail
    )


def _not_theirs(actor: Actor) -> NotAllowed:
    return NotAllowed(
        f"{actor.role} has nothing to do with this file.",
        sentence="这个文件只有受理机关的经办人可以办理，需要时请联系受理机关。",
    )


def _archived() -> WrongState:
    return WrongState("The case is archived.", sentence="这件申请已经归档，文件不能再增减。")
