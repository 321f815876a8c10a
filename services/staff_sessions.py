"""Signed-in sessions of staff: kept in the database, so that every process knows them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.staff import Staff, StaffSession
from services import audit
from services.access import actor_of

IDLE = timedelta(minutes=30)
"""A session in which nobody does anything ends after this."""
LONGEST = timedelta(hours=12)
"""Every session ends after this."""
_NOTED_EVERY = timedelta(minutes=1)


async def begin(staff: Staff, *, seal_key: bytes, now: datetime) -> str:
    """Begin a session and return its token, which is kept nowhere but in the browser."""
    token = secrets.token_urlsafe(32)
    actor = await actor_of(staff, seal_key)
    async with in_transaction() as database:
        await StaffSession.create(
            staff=staff,
            token_hash=_hashed(token),
            form_token=secrets.token_urlsafe(32),
            last_seen_at=now,
            using_db=database,
        )
        await audit.record(*(actor, audit.Action.SIGNED_IN, f"staff:{staff.id}"), using_db=database)
    return token


async def find(token: str, *, now: datetime, is_active: bool) -> StaffSession | None:
    """Return the session of a token with its staff, None where it ended or never was.

    `is_active`: whether somebody did something, which keeps the session from ending.
    """
    session = (
        await StaffSession.filter(token_hash=_hashed(token), ended_at=None)
        .select_related("staff")
        .first()
    )
    if session is None or not session.staff.is_active:
        return None
    if now - session.last_seen_at > IDLE or now - session.began_at > LONGEST:
        return None
    if is_active and now - session.last_seen_at > _NOTED_EVERY:
        await StaffSession.filter(id=session.id).update(last_seen_at=now)
    return session


async def end(session: StaffSession, *, seal_key: bytes, now: datetime) -> None:
    """End a session; its token is worth nothing from then on."""
    actor = await actor_of(session.staff, seal_key)
    async with in_transaction() as database:
        await StaffSession.filter(id=session.id).using_db(database).update(ended_at=now)
        await audit.record(
            *(actor, audit.Action.SIGNED_OUT, f"staff:{session.staff_id}"), using_db=database
        )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
