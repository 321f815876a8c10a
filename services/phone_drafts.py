"""The drafts that somebody has on their phone: found by whose they are, without a code."""

from __future__ import annotations

from datetime import datetime

from models.application_draft import ApplicationDraft
from models.venue import Venue
from services import application_drafts
from services.application_drafts import Draft, WrongDraftCode
from services.disclosure.draft_content import DraftContent
from services.errors import Invalid, NotFound
from services.secret_key import UNREADABLE, SecretKeys

MOST = 10
"""Drafts that one person may have on their phone."""


class TooManyDrafts(Invalid):
    code = "too_many_drafts"
    sentence = f"手机上最多存 {MOST} 份草稿，请先提交或者删除一份。"


class NoSuchDraft(NotFound):
    code = "no_such_draft"
    sentence = "手机上没有这份草稿：可能已经删除，或者保存满 30 天清除了。"


async def begin(citizen_id: int, venue: Venue, *, keys: SecretKeys, now: datetime) -> Draft:
    """Begin one on a phone. Raises AreaMissing, TooManyDrafts."""
    await require_room(citizen_id, now)
    return await application_drafts.begin(
        venue, at_kiosk=False, keys=keys, now=now, citizen_id=citizen_id, content=DraftContent()
    )


async def require_room(citizen_id: int, now: datetime) -> None:
    """Raise TooManyDrafts where somebody has as many as one may have."""
    open_now = ApplicationDraft.filter(citizen_id=citizen_id, application_id=None, ends_at__gt=now)
    if await open_now.count() >= MOST:
        raise TooManyDrafts("There are too many drafts.")


async def every(citizen_id: int, *, keys: SecretKeys, now: datetime) -> list[Draft]:
    """Return what somebody did not send yet, the latest first."""
    rows = ApplicationDraft.filter(citizen_id=citizen_id, application_id=None, ends_at__gt=now)
    found = []
    for row in await rows.order_by("-id"):
        try:
            found.append(_draft(row, keys))
        except WrongDraftCode:
            continue  # The key was changed: nobody can read it any more.
    return found


async def one(citizen_id: int, draft_id: int, *, keys: SecretKeys, now: datetime) -> Draft:
    """Return one of somebody's drafts, also for a day after it was sent. Raises NoSuchDraft."""
    row = await ApplicationDraft.get_or_none(id=draft_id, citizen_id=citizen_id, ends_at__gt=now)
    if row is None:
        raise NoSuchDraft("They have no such draft.")
    try:
        return _draft(row, keys)
    except WrongDraftCode as unreadable:
        raise NoSuchDraft("It cannot be read.") from unreadable


async def remove(citizen_id: int, draft_id: int) -> None:
    """Remove one that is not wanted any more. Raises NoSuchDraft."""
    unsent = ApplicationDraft.filter(id=draft_id, citizen_id=citizen_id, application_id=None)
    if not await unsent.delete():
        raise NoSuchDraft("They have no such draft.")


def _draft(row: ApplicationDraft, keys: SecretKeys) -> Draft:
    code = keys.decrypt(row.encrypted_code) if row.encrypted_code is not None else UNREADABLE
    if code == UNREADABLE:
        raise WrongDraftCode("Its code cannot be read.")
    return application_drafts.draft_in(row, code, keys)
