"""Signed-in sessions of staff: kept in the database, so that every process knows them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.staff import Staff, StaffSession
from services import audit
from services.access import Actor, actor_of

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


async def open_of(actor: Actor, *, now: datetime) -> list[StaffSession]:
    """Return the sessions in which somebody is signed in, the one used last first."""
    return await (
        StaffSession.filter(staff_id=actor.staff_id, ended_at=None)
        .filter(last_seen_at__gte=now - IDLE, began_at__gte=now - LONGEST)
        .order_by("-last_seen_at", "-id")
    )


async def end_own(actor: Actor, session_ids: list[int] | None, *, keep: int, now: datetime) -> int:
    """End other sessions of somebody's own (None: all others); return how many ended.

    Sessions of others are not theirs to end: nothing happens.
    """
    async with in_transaction() as database:
        own = StaffSession.filter(staff_id=actor.staff_id, ended_at=None).exclude(id=keep)
        if session_ids is not None:
            own = own.filter(id__in=session_ids)
        ended = await own.using_db(database).update(ended_at=now)
        await audit.record(
            *(actor, audit.Action.SIGNED_OUT, f"staff:{actor.staff_id}"),
            using_db=database,
            sessions=ended,
        )
    return ended


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
