"""Applications that are being filled in: kept for a day behind a code that only their owner has.

What is filled in is encrypted, the code is kept as a keyed hash, and both are gone when it was sent,
after a day, or soon after somebody left a kiosk without taking the code along. What is on somebody's
phone is found by whose it is (services/phone_drafts.py), and kept for thirty days.
Source for the days: a convention of this project (draft on a kiosk: 24 hours, on a phone: 30 days).
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.application import Application
from models.application_draft import ApplicationDraft
from models.venue import Area, Venue
from services import venues
from services.disclosure.draft_content import DraftContent
from services.errors import Conflict, EditedMeanwhile, NotFound, Unavailable
from services.secret_key import SecretKeys

CODE_DIGITS = 12
"""So many that nobody guesses one within the day that it lives."""
KEPT = timedelta(hours=24)
KEPT_AT_A_KIOSK = timedelta(minutes=30)
"""How long after the last answer, where nobody took the code along."""
KEPT_ON_A_PHONE = timedelta(days=30)
_ATTEMPTS = 20
_SEPARATORS = re.compile(r"[\s\-–—−－_.·]+")


Change = Callable[[DraftContent], DraftContent]


class WrongDraftCode(NotFound):
    """No draft has this code, or no longer."""

    code = "wrong_draft_code"
    sentence = (
        f"没有找到这份草稿。请核对 {CODE_DIGITS} 位草稿码；草稿只保存 24 小时，"
        "提交或者转到别处填写以后，原来的草稿码就不能用了。"
    )


class AlreadySent(Conflict):
    """It became an application already, elsewhere or a moment ago."""

    code = "draft_sent"
    sentence = "这份草稿已经提交过了，没有重复登记。请在“我的申请”或者回执上看办理情况。"


@dataclass(frozen=True)
class Draft:
    """What somebody is filling in."""

    id: int
    code: str
    venue_id: int
    content: DraftContent
    began_at: datetime
    ends_at: datetime
    application_id: int | None
    """What it became, None while it was not sent."""
    edits: int
    citizen_id: int | None = None
    """Who has it on their phone, too."""


async def begin(
    venue: Venue,
    *,
    at_kiosk: bool,
    keys: SecretKeys,
    now: datetime,
    citizen_id: int | None = None,
    content: DraftContent | None = None,
) -> Draft:
    """Begin one at a zone, or on the phone of a citizen.

    Raises AreaMissing where the zone takes no applications.
    """
    await venues.require_area(venue, Area.APPLICATIONS, now=now)
    for _ in range(_ATTEMPTS):
        code = new_code()
        try:
            async with in_transaction() as database:
                return await create(
                    venue.id, code, content or DraftContent(), keys=keys, using_db=database,
                    ends_at=now + _kept(citizen_id, at_kiosk=at_kiosk), citizen_id=citizen_id,
                )  # fmt: skip
        except IntegrityError:
            continue  # Somebody else has this code.
    raise Unavailable("No free code was found for a draft.")


async def create(
    venue_id: int,
    code: str,
    content: DraftContent,
    *,
    ends_at: datetime,
    citizen_id: int | None,
    keys: SecretKeys,
    using_db: BaseDBAsyncClient,
) -> Draft:
    """Keep a draft under a code, inside a transaction. Raises IntegrityError where it is another's."""
    row = await ApplicationDraft.create(
        code_hash=code_hash(code, keys),
        venue_id=venue_id,
        encrypted_content=_encrypted(content, keys),
        ends_at=ends_at,
        citizen_id=citizen_id,
        encrypted_code=keys.encrypt(code) if citizen_id is not None else None,
        using_db=using_db,
    )
    return draft_in(row, code, keys)


def new_code() -> str:
    """Return a code that is most likely free."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _kept(citizen_id: int | None, *, at_kiosk: bool) -> timedelta:
    if citizen_id is not None:
        return KEPT_ON_A_PHONE
    return KEPT_AT_A_KIOSK if at_kiosk else KEPT


async def find(code: str, *, keys: SecretKeys, now: datetime) -> Draft:
    """Return the draft with a code, however it was typed. Raises WrongDraftCode."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", code[:60]))
    if not (plain.isascii() and plain.isdigit() and len(plain) == CODE_DIGITS):
        raise WrongDraftCode("It is no code.")
    row = await ApplicationDraft.get_or_none(
        code_hash__in=keys.keyed_hashes(_draft_key(plain)), ends_at__gt=now
    )
    if row is None:
        raise WrongDraftCode("No draft has this code.")
    return draft_in(row, plain, keys)


async def save(
    draft: Draft,
    change: Change,
    *,
    at_kiosk: bool,
    keys: SecretKeys,
    now: datetime,
) -> Draft:
    """Change what is filled in. What was filled in elsewhere meanwhile is kept: `change` is asked
    again with it. One that was sent meanwhile is returned as it is.

    Raises WrongDraftCode where it is gone.
    """
    for _ in range(_ATTEMPTS):
        if draft.application_id is not None:
            return draft
        content = change(draft.content)
        is_on_phone = draft.citizen_id is not None
        ends_at = draft.began_at + (KEPT_ON_A_PHONE if is_on_phone else KEPT)
        if at_kiosk and not is_on_phone and not content.is_taken_along:
            ends_at = min(ends_at, now + KEPT_AT_A_KIOSK)
        changed = await ApplicationDraft.filter(
            id=draft.id, edits=draft.edits, application_id=None
        ).update(
            encrypted_content=_encrypted(content, keys), ends_at=ends_at, edits=draft.edits + 1
        )
        if changed:
            return replace(draft, content=content, ends_at=ends_at, edits=draft.edits + 1)
        draft = await find(draft.code, keys=keys, now=now)
    raise EditedMeanwhile("Somebody else kept changing the draft.")


async def venue_of(draft: Draft) -> Venue:
    """Return the zone at which a draft was begun."""
    return await Venue.get(id=draft.venue_id)


async def settle(
    draft_id: int, application: Application, now: datetime, using_db: BaseDBAsyncClient
) -> ApplicationDraft | None:
    """Note in the transaction of a filing what a draft became, and wipe what was filled in.

    Returns its row, None where it is gone: its owner finds the receipt for a day. Raises AlreadySent
    where it became another application, so that no draft is ever two.
    """
    row = ApplicationDraft.filter(id=draft_id).using_db(using_db)
    changed = await row.filter(application_id=None).update(
        encrypted_content=b"", application_id=application.id, ends_at=now + KEPT
    )
    kept = await row.first()
    if kept is not None and not changed and kept.application_id != application.id:
        raise AlreadySent(f"Draft {draft_id} is application {kept.application_id}.")
    return kept


async def remove(draft: Draft) -> None:
    """Remove a draft that is not wanted any more. What somebody has on their phone stays there."""
    await ApplicationDraft.filter(id=draft.id, application_id=None, citizen_id=None).delete()


async def remove_ended(now: datetime) -> int:
    """Remove what has lived its day; return how many."""
    return await ApplicationDraft.filter(ends_at__lte=now).delete()


def spoken_code(code: str) -> str:
    """Return a code in groups of four, as people read it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_hash(code: str, keys: SecretKeys) -> str:
    """Return what a draft is found by."""
    return keys.keyed_hash(_draft_key(code))


def _draft_key(code: str) -> str:
    return f"application draft {code}"


def _encrypted(content: DraftContent, keys: SecretKeys) -> bytes:
    return keys.encrypt(msgspec.json.encode(content).decode())


def _content(row: ApplicationDraft, keys: SecretKeys) -> DraftContent:
    if row.application_id is not None:
        return DraftContent()
    try:
        return msgspec.json.decode(keys.decrypt(row.encrypted_content), type=DraftContent)
    except msgspec.MsgspecError:
        # The key was changed, or the program: nobody can read it any more.
        raise WrongDraftCode("It cannot be read.") from None


def draft_in(row: ApplicationDraft, code: str, keys: SecretKeys) -> Draft:
    """Return what somebody is filling in, of its row. Raises WrongDraftCode where no key opens it."""
    return Draft(
        *(row.id, code, row.venue_id, _content(row, keys), row.began_at, row.ends_at),
        row.application_id,
        row.edits,
        row.citizen_id,
    )
