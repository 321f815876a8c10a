"""What WeChat pushed: kept at once and once, worked on later by the delivery process.

WeChat repeats what is not answered within five seconds, and events of subscriptions are counted:
so whatever comes is written down, answered, and handed on exactly once.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.pushed_message import PushedMessage, PushedNonce
from services import card_grants, citizen_agreement, citizens, deliveries, pushed_events
from services.logged_failures import failure_fields
from services.pushed_events import PushedEvent
from services.secret_key import SecretKeys

KEPT_FOR = timedelta(days=7)
"""Long after WeChat has stopped repeating it."""
NONCES_KEPT_FOR = timedelta(hours=49)
"""Longer than a request is taken that is ahead of our clock."""
MOST_ATTEMPTS = 8
_AT_ONCE = 50
_PAUSE = timedelta(seconds=20)
"""After a failure, times the square of how often it failed."""

log = structlog.get_logger(__name__)


class Kept(StrEnum):
    """What became of something that was pushed."""

    NEW = "new"
    REPEATED = "repeated"
    """The message, or the very request, had come before."""


class Outcome(StrEnum):
    """What came of working on it."""

    COUNTED = "counted"
    SETTLED = "settled"
    NOT_OURS = "not_ours"
    NOBODY = "nobody"
    """Nobody of that openid is known here, or not any more."""
    NOT_AGREED = "not_agreed"
    """They let cards be sent, and did not agree to what is kept of them for that."""
    NOTED = "noted"
    IGNORED = "ignored"
    FAILED = "failed"


async def keep(
    message: dict[str, Any], request_words: str, app_id: str, *, keys: SecretKeys, now: datetime
) -> Kept:
    """Write a message down.

    `request_words`: what makes the request that brought it, so that a captured one counts once.
    """
    event = pushed_events.read(message)
    asked = keys.keyed_hashes(f"push {app_id} {request_words}")
    told = keys.keyed_hashes(f"pushed {app_id} {pushed_events.identity(event)}")
    if await PushedNonce.exists(key__in=asked):
        return Kept.REPEATED
    if not await PushedMessage.exists(key__in=told):
        try:
            async with in_transaction() as database:
                await PushedNonce.create(key=asked[0], came_at=now, using_db=database)
                await PushedMessage.create(
                    key=told[0],
                    app_id=app_id,
                    event=event.name,
                    encrypted_body=keys.encrypt(json.dumps(message)),
                    came_at=now,
                    using_db=database,
                )
        except IntegrityError:
            # Another process took it in at the same moment.
            return Kept.REPEATED
        return Kept.NEW
    try:
        await PushedNonce.create(key=asked[0], came_at=now)
    except IntegrityError:
        pass  # Another process has just noted it.
    return Kept.REPEATED


async def work_on(app_id: str, keys: SecretKeys, now: datetime) -> int:
    """Work on what waits, oldest first; return how many messages that settled."""
    waiting = (
        await PushedMessage.filter(app_id=app_id, worked_at=None).order_by("id").limit(_AT_ONCE)
    )
    settled = 0
    for row in waiting:
        if now < row.came_at + _PAUSE * row.attempts**2:
            continue
        try:
            settled += await _work_on_one(row, keys, now)
        except Exception as error:  # noqa: BLE001 - one message must not keep the others waiting.
            log.error("pushed message not worked on", message_id=row.id, **failure_fields(error))
            await _note_failure(row, now)
    return settled


async def remove_old(now: datetime) -> None:
    """Forget what cannot come again any more."""
    await PushedNonce.filter(came_at__lt=now - NONCES_KEPT_FOR).delete()
    await PushedMessage.filter(came_at__lt=now - KEPT_FOR).delete()


async def last_came_at(app_id: str) -> datetime | None:
    """Return when WeChat pushed something last, None where it never did."""
    last = await PushedMessage.filter(app_id=app_id).order_by("-id").first()
    return last.came_at if last is not None else None


async def _work_on_one(row: PushedMessage, keys: SecretKeys, now: datetime) -> bool:
    event = pushed_events.read(json.loads(keys.decrypt_bytes(row.encrypted_body)))
    # What is counted, and that it was, is committed together: a crash counts nothing twice.
    async with in_transaction() as database:
        mine = PushedMessage.filter(id=row.id, worked_at=None).using_db(database)
        if not await mine.update(worked_at=now, encrypted_body=b""):
            return False
        outcome = await _hand_on(event, row.app_id, keys, now)
        await PushedMessage.filter(id=row.id).using_db(database).update(outcome=outcome.value)
    return True


async def _note_failure(row: PushedMessage, now: datetime) -> None:
    waiting = PushedMessage.filter(id=row.id, worked_at=None)
    if row.attempts + 1 >= MOST_ATTEMPTS:
        await waiting.update(
            worked_at=now,
            outcome=Outcome.FAILED.value,
            encrypted_body=b"",
            attempts=F("attempts") + 1,
        )
    else:
        await waiting.update(attempts=F("attempts") + 1)


async def _hand_on(event: PushedEvent, app_id: str, keys: SecretKeys, now: datetime) -> Outcome:
    if event.name == pushed_events.CHECKED:
        return Outcome.NOTED
    if event.name not in {pushed_events.ASKED, pushed_events.CHANGED, pushed_events.SENT}:
        return Outcome.IGNORED
    citizen = await citizens.by_openid(app_id, event.openid, keys)
    if citizen is None:
        return Outcome.NOBODY
    at = event.created_at or now
    outcome = Outcome.NOT_OURS
    for item in event.items:
        template_id = item.get("TemplateId", "")
        if event.name == pushed_events.SENT:
            is_ours = await deliveries.settle_sent(
                citizen_id=citizen.id,
                template_id=template_id,
                msgid=item.get("MsgID", ""),
                is_ok=item.get("ErrorCode", "") == "0",
                at=at,
            )
            outcome = Outcome.SETTLED if is_ours else outcome
        elif (told := item.get("SubscribeStatusString")) in {"accept", "reject"}:
            is_accept = told == "accept"
            if is_accept and not citizen_agreement.has_agreed(citizen):
                # WeChat's question is not ours: nothing is sent to who did not agree, or does
                # no longer.
                outcome = Outcome.NOT_AGREED
                continue
            await card_grants.report_from_wechat(citizen, template_id, is_accept, at, now)
            outcome = Outcome.COUNTED
    return outcome
