"""Whose card is sent next: claimed in the database, so that no two processes send the same one.

A card that was claimed may have been sent. Where the process that claimed it is gone, nobody knows,
and it is never claimed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.citizen import Citizen
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from models.wechat_alarm import WeChatStop
from services import card_grants
from services.citizens import openid_of
from services.deliveries import Reason
from services.secret_key import UNREADABLE, SecretKeys
from services.wechat import Card

LEASE = timedelta(minutes=1)
"""How long a claim holds. A call ends within half a minute."""
SEND = "/cgi-bin/message/subscribe/send"
_STOPPING = (SEND, "/cgi-bin/stable_token")
_LOOKED_AT = 4
"""How many cards are looked at for each that is wanted: of one person only one goes at a time."""

_S = DeliveryState


@dataclass(frozen=True)
class Claimed:
    """A card that this process alone may send."""

    row: Delivery
    card: Card


async def claim(
    app_id: str, worker: str, most: int, *, keys: SecretKeys, now: datetime
) -> list[Claimed]:
    """Claim cards that are due, each with a permission of its person; return those to be sent.

    What cannot be sent after all is settled: no permission left, withdrawn or over. None while
    WeChat is not to be called.
    """
    if await stopped_until(app_id, now) is not None:
        return []
    async with in_transaction() as database:
        rows = await _due(app_id, most, now, database)
        if not rows:
            return []
        kept = [row for row in rows if await _may_be_sent(row, database, now)]
        claimed = [one for row in kept if (one := await _card_of(row, keys, database, now))]
        await (
            Delivery.filter(id__in=[one.row.id for one in claimed])
            .using_db(database)
            .update(state=_S.SENDING, claimed_by=worker, claimed_at=now)
        )
    for one in claimed:
        one.row.state, one.row.claimed_by, one.row.claimed_at = _S.SENDING, worker, now
    return claimed


async def stopped_until(app_id: str, now: datetime) -> datetime | None:
    """Return until when no card may be sent, None where they may."""
    stop = (
        await WeChatStop.filter(app_id=app_id, api__in=_STOPPING, until__gt=now)
        .order_by("-until")
        .first()
    )
    return stop.until if stop is not None else None


async def give_up_lost_claims(now: datetime) -> int:
    """Mark as unknown what was claimed by processes that are gone; return how many."""
    lost = Delivery.filter(state=_S.SENDING, claimed_at__lt=now - LEASE)
    return await lost.update(state=_S.UNKNOWN, reason=Reason.INTERRUPTED, settled_at=now)


async def _due(
    app_id: str, most: int, now: datetime, database: BaseDBAsyncClient
) -> list[Delivery]:
    """Return cards to claim, their people locked: what tells of a case goes before notices."""
    due = (
        Delivery.filter(
            way=DeliveryWay.CARD, state=_S.QUEUED, not_before__lte=now,
            citizen__app_id=app_id, template__halted_at=None,
        )
        .using_db(database)
        .limit(most * _LOOKED_AT)
    )  # fmt: skip
    cases = due.filter(notice_id=None).order_by("id")
    # An emergency is of no use behind the thousands of another notice.
    first_emergencies = ("-notice__is_emergency", "not_before", "id")
    notices = due.exclude(notice_id=None).order_by(*first_emergencies)
    found = [*await _first_of_each(cases), *await _first_of_each(notices)]
    first: dict[int, Delivery] = {}
    for row in found:
        first.setdefault(row.citizen_id, row)
    locked = await _locked(list(first), most, database)
    busy = Delivery.filter(citizen_id__in=locked, state=_S.SENDING).using_db(database)
    locked -= {one.citizen_id for one in await busy.only("id", "citizen_id")}
    # Somebody may have claimed or stopped it between the look and the lock, or does so right now.
    ids = [first[citizen_id].id for citizen_id in locked]
    again = Delivery.filter(id__in=ids, state=_S.QUEUED).using_db(database)
    again = again.select_for_update(skip_locked=True)
    return await again.prefetch_related("citizen", "template", "notice").order_by("id")


async def _locked(citizen_ids: list[int], most: int, database: BaseDBAsyncClient) -> set[int]:
    """Lock people until the transaction ends, those first that come first.

    Whoever claims at this moment too has locked others already: they are passed over.
    """
    for start in range(0, len(citizen_ids), most):
        some = Citizen.filter(id__in=citizen_ids[start : start + most]).using_db(database)
        people = some.only("id").order_by("id").select_for_update(skip_locked=True)
        if locked := {one.id for one in await people}:
            return locked
    return set()


async def _first_of_each(due: QuerySet[Delivery]) -> list[Delivery]:
    return await due.only("id", "citizen_id")


async def _may_be_sent(row: Delivery, database: BaseDBAsyncClient, now: datetime) -> bool:
    if row.notice is not None and (over := _over(row.notice, now)) is not None:
        return await _end(row, _S.CANCELLED, over, database, now)
    if row.citizen.is_unreachable:
        return await _end(row, _S.FAILED, Reason.UNREACHABLE, database, now)
    assert row.template is not None, "a card has a template"
    if not await card_grants.spend(row.citizen_id, row.template, database):
        return await _end(row, _S.REFUSED, Reason.NO_GRANT, database, now)
    return True


def _over(notice: Notice, now: datetime) -> Reason | None:
    if notice.state is NoticeState.WITHDRAWN:
        return Reason.WITHDRAWN
    if notice.shown_until is not None and notice.shown_until <= now:
        return Reason.TOO_LATE
    return None


async def _card_of(
    row: Delivery, keys: SecretKeys, database: BaseDBAsyncClient, now: datetime
) -> Claimed | None:
    assert row.template is not None, "a card has a template"
    openid = openid_of(row.citizen, keys)
    if openid == UNREADABLE:
        await card_grants.give_back(row.citizen_id, row.template, database)
        await _end(row, _S.FAILED, Reason.UNREACHABLE, database, now)
        return None
    return Claimed(row, Card(openid, row.template.template_id, row.values, row.page))


async def _end(
    row: Delivery, state: DeliveryState, reason: Reason, database: BaseDBAsyncClient, now: datetime
) -> bool:
    """End a card that is not sent. Returns False: it is not to be sent."""
    await (
        Delivery.filter(id=row.id, state=_S.QUEUED)
        .using_db(database)
        .update(state=state, reason=reason, settled_at=now)
    )
    return False
