"""Phones on which somebody is signed in: a token for two hours, and one that renews it.

Tokens are 256 bits, kept nowhere but on the phone: the database has their SHA-256. A renewal makes
the token that renews from the one before and a key of the installation, so that the same renewal,
asked again because its answer was lost on the way, gets the same answer.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.citizen import Citizen, CitizenSession
from services.errors import NotSignedIn
from services.secret_key import SecretKeys

TOKEN_LASTS = timedelta(hours=2)
REFRESH_LASTS = timedelta(days=30)
"""A session that is not used for so long ends."""
ANSWER_MAY_BE_LOST = timedelta(seconds=60)
"""So long the token before may be used again. Later it was stolen, and the session ends."""
MOST_SESSIONS = 10
"""Phones of one person. The one that was used longest ago goes."""
_NOTED_EVERY = timedelta(minutes=10)


class SessionEnded(NotSignedIn):
    """A token that was good once: it is to be renewed, or the person to sign in again."""

    code = "session_ended"
    sentence = "登录已经过期，请重新进入小程序。"


@dataclass(frozen=True)
class Issued:
    """What a phone gets. Spans only: its clock may be off by days."""

    token: str = field(repr=False)
    expires_in: int
    """Seconds that the token is good for."""
    refresh_token: str = field(repr=False)
    refresh_expires_in: int
    """Seconds within which it can be renewed."""


async def begin(citizen: Citizen, *, now: datetime) -> Issued:
    """Begin a session on one more phone."""
    token, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    async with in_transaction() as database:
        await CitizenSession.create(
            citizen=citizen,
            token_hash=_hashed(token),
            token_ends_at=now + TOKEN_LASTS,
            refresh_hash=_hashed(refresh),
            refresh_ends_at=now + REFRESH_LASTS,
            last_seen_at=now,
            using_db=database,
        )
        of_citizen = CitizenSession.filter(citizen_id=citizen.id).using_db(database)
        kept = await of_citizen.order_by("-last_seen_at", "-id").values_list("id", flat=True)
        if len(kept) > MOST_SESSIONS:
            await CitizenSession.filter(id__in=kept[MOST_SESSIONS:]).using_db(database).delete()
    return _issued(token, refresh, TOKEN_LASTS, REFRESH_LASTS)


async def find(token: str, *, now: datetime) -> Citizen:
    """Return whose token it is. Raises NotSignedIn, SessionEnded where it is to be renewed."""
    session = (
        await CitizenSession.filter(token_hash=_hashed(token)).select_related("citizen").first()
    )
    if session is None:
        raise NotSignedIn("No session has this token.")
    if session.token_ends_at <= now:
        raise SessionEnded("The token is worn out.")
    if now - session.last_seen_at > _NOTED_EVERY:
        await CitizenSession.filter(id=session.id).update(last_seen_at=now)
        await Citizen.filter(id=session.citizen_id).update(last_active_at=now)
    return session.citizen


async def renew(refresh: str, *, keys: SecretKeys, now: datetime) -> tuple[Citizen, Issued]:
    """Return who it is, and new tokens; both old ones are worth nothing from then on.

    The same renewal within ANSWER_MAY_BE_LOST gets the same answer, also where both come at once.
    Raises NotSignedIn, SessionEnded.
    """
    hashed = _hashed(refresh)
    next_token, next_refresh = _after(refresh, "token", keys), _after(refresh, "refresh", keys)
    renewed = await CitizenSession.filter(refresh_hash=hashed, refresh_ends_at__gt=now).update(
        token_hash=_hashed(next_token),
        token_ends_at=now + TOKEN_LASTS,
        refresh_hash=_hashed(next_refresh),
        used_refresh_hash=hashed,
        refresh_ends_at=now + REFRESH_LASTS,
        renewed_at=now,
        last_seen_at=now,
    )
    wanted = {"refresh_hash": _hashed(next_refresh)} if renewed else {"used_refresh_hash": hashed}
    session = await CitizenSession.filter(**wanted).select_related("citizen").first()
    if session is None:
        await _refuse(hashed)
        raise NotSignedIn("No session can be renewed by this.")
    if not renewed:
        is_same = session.refresh_hash == _hashed(next_refresh)
        assert session.renewed_at is not None
        if not is_same or now - session.renewed_at > ANSWER_MAY_BE_LOST:
            await CitizenSession.filter(id=session.id).delete()
            raise SessionEnded("The token before was used again: somebody else has it.")
    await Citizen.filter(id=session.citizen_id).update(last_active_at=now)
    return session.citizen, _issued(
        *(next_token, next_refresh),
        session.token_ends_at - now,
        session.refresh_ends_at - now,
    )


async def end(token: str) -> None:
    """End the session on one phone. Raises NotSignedIn where no session has the token."""
    if not await CitizenSession.filter(token_hash=_hashed(token)).delete():
        raise NotSignedIn("No session has this token.")


async def remove_ended(now: datetime) -> int:
    """Remove the sessions that nobody can renew any more; return how many."""
    return await CitizenSession.filter(refresh_ends_at__lt=now).delete()


async def _refuse(hashed: str) -> None:
    if await CitizenSession.filter(refresh_hash=hashed).exists():
        raise SessionEnded("It was not used for too long.")


def _issued(token: str, refresh: str, good_for: timedelta, renewable_for: timedelta) -> Issued:
    return Issued(token, int(good_for.total_seconds()), refresh, int(renewable_for.total_seconds()))


def _after(refresh: str, purpose: str, keys: SecretKeys) -> str:
    return keys.keyed_hash(f"citizen session {purpose} {refresh}")


def _hashed(token: str) -> str:
    # Headers may hold bytes that are no text: they are the token of nobody.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
