"""Applications that are being filled in: kept for a day behind a code that only their owner has.

What is filled in is encrypted, the code is kept as a keyed hash, and both are gone when it was sent,
after a day, or soon after somebody left a kiosk without taking the code along.
Source for the day: a convention of this project (draft on a kiosk: 24 hours).
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.application_draft import ApplicationDraft
from models.venue import Area, Venue
from services import venues
from services.disclosure.draft_content import DraftContent
from services.errors import EditedMeanwhile, NotFound, Unavailable
from services.secret_key import SecretKeys

CODE_DIGITS = 12
"""So many that nobody guesses one within the day that it lives."""
KEPT = timedelta(hours=24)
KEPT_AT_A_KIOSK = timedelta(minutes=30)
"""How long after the last answer, where nobody took the code along."""
_ATTEMPTS = 20
_SEPARATORS = re.compile(r"[\s\-–—−－_.·]+")


Change = Callable[[DraftContent], DraftContent]


class WrongDraftCode(NotFound):
    """No draft has this code, or no longer."""

    code = "wrong_draft_code"
    sentence = (
        f"没有找到这份草稿。请核对 {CODE_DIGITS} 位草稿码；草稿只保存 24 小时，提交后就清除。"
    )


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


async def begin(venue: Venue, *, at_kiosk: bool, keys: SecretKeys, now: datetime) -> Draft:
    """Begin one at a zone.

    Raises AreaMissing where the zone takes no applications.
    """
    await venues.require_area(venue, Area.APPLICATIONS, now=now)
    content = DraftContent()
    for _ in range(_ATTEMPTS):
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        try:
            async with in_transaction() as database:
                row = await ApplicationDraft.create(
                    code_hash=_hash(code, keys),
                    venue_id=venue.id,
                    encrypted_content=_encrypted(content, keys),
                    ends_at=now + (KEPT_AT_A_KIOSK if at_kiosk else KEPT),
                    using_db=database,
                )
        except IntegrityError:
            continue  # Somebody else has this code.
        return _draft(row, code, content)
    raise Unavailable("No free code was found for a draft.")


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
    return _draft(row, plain, _content(row, keys))


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
        ends_at = draft.began_at + KEPT
        if at_kiosk and not content.is_taken_along:
            ends_at = min(ends_at, now + KEPT_AT_A_KIOSK)
        changed = await ApplicationDraft.filter(
            id=draft.id, edits=draft.edits, application_id=None
        ).update(
            encrypted_content=_encrypted(content, keys), ends_at=ends_at, edits=draft.edits + 1
        )
        if changed:
            return Draft(
                *(draft.id, draft.code, draft.venue_id, content),
                *(draft.began_at, ends_at, None, draft.edits + 1),
            )
        draft = await find(draft.code, keys=keys, now=now)
    raise EditedMeanwhile("Somebody else kept changing the draft.")


async def settle(draft: Draft, application_id: int, now: datetime) -> None:
    """Note what a draft became and wipe what was filled in: its owner finds the receipt for a day."""
    await ApplicationDraft.filter(id=draft.id).update(
        encrypted_content=b"", application_id=application_id, ends_at=now + KEPT
    )


async def remove(draft: Draft) -> None:
    """Remove a draft that is not wanted any more."""
    await ApplicationDraft.filter(id=draft.id, application_id=None).delete()


async def remove_ended(now: datetime) -> int:
    """Remove what has lived its day; return how many."""
    return await ApplicationDraft.filter(ends_at__lte=now).delete()


def spoken_code(code: str) -> str:
    """Return a code in groups of four, as people read it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _hash(code: str, keys: SecretKeys) -> str:
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


def _draft(row: ApplicationDraft, code: str, content: DraftContent) -> Draft:
    return Draft(
        *(row.id, code, row.venue_id, content),
        *(row.began_at, row.ends_at, row.application_id, row.edits),
    )
