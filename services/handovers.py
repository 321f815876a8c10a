"""Handing a draft over: begun at a kiosk, gone on with on a phone, finished at the counter, one case.

A code is for one use, dies in ten minutes and says nothing of anybody: whoever shows it has the draft.
Taking a draft over gives it a new code of its own, so that the place that it left forgets it for good.
Of several who use one code at the same moment exactly one wins. Doors slow down who guesses.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.application_draft import ApplicationDraft
from models.scan_code import HandOver, HandOverPlace
from services import application_drafts, audit
from services.access import Actor, Permission
from services.application_drafts import KEPT, KEPT_ON_A_PHONE, AlreadySent, Draft, WrongDraftCode
from services.audit import Action
from services.errors import NotFound
from services.secret_key import SecretKeys

LIVES = timedelta(minutes=10)
_REMEMBERED = timedelta(days=1)
"""How long it is known that a code was used or ran out, so that this can be said."""
_TOKEN = re.compile(r"h[0-9A-Za-z_-]{22,31}")
"""What a code carries: at most 32 characters of those that every scanner reads."""
_RANDOM_BYTES = 16
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that is read or heard as something else."""
_SPOKEN_LENGTH = 8
_SEPARATORS = re.compile(r"[\s\-–—−－_.·]+")

_P = HandOverPlace
_GOES_TO: dict[HandOverPlace, frozenset[HandOverPlace]] = {
    _P.KIOSK: frozenset(_P),
    # What is on somebody's phone goes to no other phone: a picture of their screen is no consent.
    _P.PHONE: frozenset({_P.KIOSK, _P.COUNTER}),
    _P.COUNTER: frozenset(),
}


class UnknownHandOver(NotFound):
    """No code of this installation, or one that is for another place."""

    code = "hand_over_unknown"
    sentence = "没有这个接续码。请核对，或者回到原来的地方重新生成一个。"


class HandOverUsed(UnknownHandOver):
    code = "hand_over_used"
    sentence = "这个接续码已经用过了。每个码只能用一次，请回到原来的地方重新生成一个。"


class HandOverExpired(UnknownHandOver):
    code = "hand_over_expired"
    sentence = "这个接续码过期了（10 分钟内有效）。请回到原来的地方重新生成一个。"


class HandOverForeign(UnknownHandOver):
    """It came from a phone, and goes back to that one alone."""

    code = "hand_over_foreign"
    sentence = "这份草稿是从另一部手机转来的，请在那部手机上接着填。"


@dataclass(frozen=True)
class Offered:
    """A code to be shown. It is nowhere kept, and shown once."""

    id: int
    token: str = field(repr=False)
    """For a camera or a scanner."""
    spoken: str = field(repr=False)
    """For who types it, in fours."""
    ends_at: datetime


@dataclass(frozen=True)
class Taken:
    """A draft that was handed over, and to what it belongs."""

    hand_over_id: int
    draft: Draft


async def offer(draft: Draft, place: HandOverPlace, *, keys: SecretKeys, now: datetime) -> Offered:
    """Make a code that hands a draft over. Those that were made for it before are void.

    Raises AlreadySent where there is nothing left to hand over.
    """
    if draft.application_id is not None:
        raise AlreadySent(f"Draft {draft.id} was sent.")
    token = f"h{secrets.token_urlsafe(_RANDOM_BYTES)}"
    spoken = "".join(secrets.choice(_ALPHABET) for _ in range(_SPOKEN_LENGTH))
    async with in_transaction() as database:
        unused = HandOver.filter(draft_id=draft.id, used_at=None).using_db(database)
        await unused.update(ends_at=now)
        row = await HandOver.create(
            token_hash=keys.keyed_hash(_key(token)),
            spoken_hash=keys.keyed_hash(_key(spoken)),
            draft_id=draft.id,
            encrypted_code=keys.encrypt(draft.code),
            begun_at_place=place,
            made_at=now,
            ends_at=now + LIVES,
            citizen_id=draft.citizen_id,
            using_db=database,
        )
    return Offered(row.id, token, f"{spoken[:4]}-{spoken[4:]}", row.ends_at)


def looks_like_one(code: str) -> bool:
    """Return whether something that was typed or scanned may be such a code."""
    return _plain(code) is not None


async def take_to_phone(code: str, citizen_id: int, *, keys: SecretKeys, now: datetime) -> Taken:
    """Move a draft to somebody's phone. Asked again by the same person, it is there already.

    Raises UnknownHandOver, HandOverUsed, HandOverExpired, AlreadySent.
    """
    async with in_transaction() as database:
        row = await _row(code, _P.PHONE, keys, now, database)
        draft = await _draft_of(row, keys, now, database)
        if row.used_at_place is _P.PHONE and row.citizen_id == draft.citizen_id == citizen_id:
            return Taken(row.id, draft)  # The answer to the first request was lost on the way.
        if row.used_at is None and draft.citizen_id not in {None, citizen_id}:
            raise HandOverForeign(f"Draft {draft.id} is on another phone.")
        await _use(row, _P.PHONE, now, database, citizen_id=citizen_id)
        return Taken(row.id, await _move(draft, keys, database, citizen_id=citizen_id))


async def take_to_browser(
    code: str, place: HandOverPlace, *, keys: SecretKeys, now: datetime
) -> Taken:
    """Move a draft to a kiosk, or to the browser of a phone that knows no mini-program (PHONE). On the
    phone of who offered it there it stays too.

    Raises UnknownHandOver, HandOverUsed, HandOverExpired, AlreadySent.
    """
    async with in_transaction() as database:
        row = await _row(code, place, keys, now, database)
        draft = await _draft_of(row, keys, now, database)
        await _use(row, place, now, database)
        return Taken(row.id, await _move(draft, keys, database))


async def take_to_counter(actor: Actor, code: str, *, keys: SecretKeys, now: datetime) -> Taken:
    """Show a draft to who takes applications in, to be filed by them. That they saw it is recorded.

    Raises UnknownHandOver, HandOverUsed, HandOverExpired, AlreadySent, NotAllowed.
    """
    actor.require(Permission.TAKE_APPLICATIONS)
    async with in_transaction() as database:
        row = await _row(code, _P.COUNTER, keys, now, database)
        draft = await _draft_of(row, keys, now, database)
        await _use(row, _P.COUNTER, now, database)
        if draft.application_id is not None:
            raise AlreadySent(f"Draft {draft.id} was sent.")
        await audit.record(
            actor, Action.APPLICANT_SEEN, f"draft:{draft.id}", venue_id=draft.venue_id,
            using_db=database, hand_over=row.id,
        )  # fmt: skip
    return Taken(row.id, draft)


async def was_taken(hand_over_id: int) -> bool:
    """Return whether somebody took a draft over, for the page that offers it."""
    return await HandOver.filter(id=hand_over_id).exclude(used_at=None).exists()


async def at_the_counter(hand_over_id: int) -> int | None:
    """Return the draft that was handed over to a counter, None where it is gone."""
    row = await HandOver.get_or_none(id=hand_over_id, used_at_place=_P.COUNTER)
    return row.draft_id if row is not None else None


async def remove_ended(now: datetime) -> int:
    """Remove codes that nobody asks after any more; return how many."""
    return await HandOver.filter(ends_at__lte=now - _REMEMBERED).delete()


def _plain(code: str) -> str | None:
    """Return a code as it was hashed, None for what is none."""
    text = unicodedata.normalize("NFKC", code[:80]).strip()
    if _TOKEN.fullmatch(text):
        return text
    typed = _SEPARATORS.sub("", text).upper()
    is_spoken = len(typed) == _SPOKEN_LENGTH and all(letter in _ALPHABET for letter in typed)
    return typed if is_spoken else None


async def _row(
    code: str, place: HandOverPlace, keys: SecretKeys, now: datetime, database: BaseDBAsyncClient
) -> HandOver:
    plain = _plain(code)
    if plain is None:
        raise UnknownHandOver("It is no code.")
    hashes = keys.keyed_hashes(_key(plain))
    column = "spoken_hash__in" if len(plain) == _SPOKEN_LENGTH else "token_hash__in"
    row = await HandOver.get_or_none(using_db=database, **{column: hashes})
    if row is None or place not in _GOES_TO[row.begun_at_place]:
        raise UnknownHandOver("There is no such code for this place.")
    return row


async def _use(
    row: HandOver, place: HandOverPlace, now: datetime, database: BaseDBAsyncClient,
    **changes: Any,
) -> None:  # fmt: skip
    """Use a code up: one update, which only one of several makes."""
    unused = HandOver.filter(id=row.id, used_at=None, ends_at__gt=now).using_db(database)
    if await unused.update(used_at=now, used_at_place=place, **changes):
        return
    if await HandOver.filter(id=row.id, used_at=None).using_db(database).exists():
        raise HandOverExpired(f"Hand-over {row.id} ended.")
    raise HandOverUsed(f"Hand-over {row.id} was used.")


async def _move(
    draft: Draft, keys: SecretKeys, database: BaseDBAsyncClient, *, citizen_id: int | None = None
) -> Draft:
    """Give a draft a new code, and to a phone where it goes to one. Raises AlreadySent."""
    owner = citizen_id if citizen_id is not None else draft.citizen_id
    code = application_drafts.new_code()
    unsent = ApplicationDraft.filter(id=draft.id, application_id=None).using_db(database)
    changed = await unsent.update(
        code_hash=application_drafts.code_hash(code, keys),
        encrypted_code=keys.encrypt(code) if owner is not None else None,
        citizen_id=owner,
        ends_at=draft.began_at + (KEPT if owner is None else KEPT_ON_A_PHONE),
        edits=F("edits") + 1,
    )
    if not changed:
        raise AlreadySent(f"Draft {draft.id} was sent.")
    moved = await ApplicationDraft.get(id=draft.id, using_db=database)
    return application_drafts.draft_in(moved, code, keys)


async def _draft_of(
    row: HandOver, keys: SecretKeys, now: datetime, database: BaseDBAsyncClient
) -> Draft:
    """Return what a code hands over. Raises HandOverExpired where it is gone."""
    draft = await ApplicationDraft.get_or_none(id=row.draft_id, ends_at__gt=now, using_db=database)
    if draft is None:
        raise HandOverExpired(f"The draft of hand-over {row.id} is gone.")
    code = keys.decrypt(draft.encrypted_code or row.encrypted_code)
    try:
        return application_drafts.draft_in(draft, code, keys)
    except WrongDraftCode as unreadable:
        raise HandOverExpired(f"The draft of hand-over {row.id} cannot be read.") from unreadable


def _key(code: str) -> str:
    return f"hand over {code}"
