"""Publishing without a draft: what the command line imports (命令行导入直接发布)."""

from __future__ import annotations

from datetime import datetime

from models.stored_file import StoredFile
from models.version import Version
from services.access import Actor
from services.audit import Action
from services.drafts import new_version, record
from services.new_subjects import begun
from services.public_copies import show_to_public
from services.version_contents import Content, subject_of
from services.version_states import locked, model_of


async def publish_directly(
    actor: Actor,
    content: Content,
    *,
    external_id: str,
    venue_id: int | None = None,
    agency_id: int | None = None,
    file: StoredFile | None = None,
    file_name: str = "",
    now: datetime,
) -> Version:
    """Publish a content as a version of its own, in place of what is known by its external id.

    Zone and agency count for what is new. Dates are those of the content, and none where it has none. A draft that somebody works on stays a draft.
    """
    subject = subject_of(content)
    known = await model_of(subject).get_or_none(external_id=external_id)
    if known is None:
        opening = begun(subject, content, external_id, venue_id, agency_id)
    else:
        opening = locked(subject, known.id)
    async with opening as taken:
        number = await taken.next_number() if known is not None else 1
        opened = await taken.open_version() if known is not None else None
        version = new_version(taken, content, number, actor)
        if file is not None:
            version.file_id, version.file_name = file.id, file_name
        await show_to_public(taken, version, now=now, staff_id=actor.staff_id, dating=False)
        if opened is not None:
            taken.row.open_state = opened.state
            await taken.row.save(using_db=taken.database, update_fields=["open_state"])
        await record(actor, Action.PUBLISHED, taken, version)
    return version
