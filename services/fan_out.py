"""A published notice becomes a message for everybody whom it is for, some hundred at a time.

How far it has come is kept with the notice, in the transaction of each batch: a process that is
killed leaves nothing twice and nobody out.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from models.card_template import CardPurpose
from models.citizen import Citizen
from models.citizen_tie import Follow
from models.delivery import Delivery, DeliveryState
from models.notice import Audience, Notice, NoticeState
from services.access import with_venues_below
from services.cards.sources import of_notice
from services.deliveries import CardPlan, Owed, Reason, card_plan, write_down

BATCH = 500
PAGE = "pages/notice/notice"


async def fan_out_next(app_id: str, now: datetime) -> int | None:
    """Write deliveries for the next people of the oldest notice that is not through, emergencies first.

    Returns for how many, None where no notice waits. Safe to do in several processes at once.
    """
    waiting = Notice.filter(state=NoticeState.PUBLISHED, fan_out_done_at=None)
    first = await waiting.order_by("-is_emergency", "id").only("id").first()
    if first is None:
        return None
    async with in_transaction() as database:
        # Locks the notice: whoever withdraws it waits, and so does another process.
        this = Notice.filter(id=first.id).using_db(database)
        await this.update(fan_out_after=F("fan_out_after"))
        notice = await this.select_related("venue").get()
        if notice.state is not NoticeState.PUBLISHED or notice.fan_out_done_at is not None:
            return 0
        people: list[Citizen] = []
        if notice.on_phones and not _is_over(notice, now):
            people = await _next_people(notice, app_id, database)
        if people:
            await _write(notice, people, app_id, database, now)
            await this.update(fan_out_after=people[-1].id)
        if len(people) < BATCH:
            await this.update(fan_out_done_at=now)
    return len(people)


async def cancel_what_is_over(now: datetime) -> int:
    """Cancel what is queued of notices that were withdrawn or whose time is over; return how many."""
    over = (
        await Notice.filter(
            Q(state=NoticeState.WITHDRAWN) | Q(shown_until__lte=now),
            deliveries__state=DeliveryState.QUEUED,
        )
        .distinct()
        .only("id", "state")
    )
    cancelled = 0
    for notice in over:
        withdrawn = notice.state is NoticeState.WITHDRAWN
        cancelled += await Delivery.filter(notice_id=notice.id, state=DeliveryState.QUEUED).update(
            state=DeliveryState.CANCELLED,
            reason=Reason.WITHDRAWN if withdrawn else Reason.TOO_LATE,
            settled_at=now,
        )
    return cancelled


async def plan_of(notice: Notice, app_id: str) -> CardPlan | None:
    """Return how a notice, with its venue, is told by card; None where it is not."""
    if not notice.by_card:
        return None
    sources = of_notice(
        notice.title,
        notice.text,
        zone=notice.venue.title,
        is_emergency=notice.is_emergency,
        at=notice.published_at or notice.created_at,
    )
    return await card_plan(app_id, CardPurpose.NOTICE, sources, written=notice.card_values)


def _is_over(notice: Notice, now: datetime) -> bool:
    return notice.shown_until is not None and notice.shown_until <= now


async def _write(
    notice: Notice, people: list[Citizen], app_id: str, database: BaseDBAsyncClient, now: datetime
) -> None:
    owed = Owed(CardPurpose.NOTICE, f"{PAGE}?id={notice.id}", notice_id=notice.id)
    keyed = {f"notice:{notice.id}:{citizen.id}": citizen for citizen in people}
    # Where staff stopped the cards, whoever comes after gets the message in the app alone.
    stopped = Delivery.filter(
        notice_id=notice.id, state=DeliveryState.CANCELLED, reason=Reason.STOPPED
    ).using_db(database)
    plan = None if await stopped.exists() else await plan_of(notice, app_id)
    await write_down(keyed, owed, plan, using_db=database, now=now)


async def _next_people(notice: Notice, app_id: str, database: BaseDBAsyncClient) -> list[Citizen]:
    """Return who follows what the notice is for, since before it was published, each once."""
    follows = Follow.filter(
        await _whom(notice), citizen_id__gt=notice.fan_out_after, citizen__app_id=app_id
    ).using_db(database)
    if notice.published_at is not None:
        follows = follows.filter(followed_at__lte=notice.published_at)
    ids = (
        await follows.distinct()
        .order_by("citizen_id")
        .limit(BATCH)
        .values_list("citizen_id", flat=True)
    )
    return await Citizen.filter(id__in=ids).using_db(database).order_by("id")


async def _whom(notice: Notice) -> Q:
    if notice.audience is Audience.SUBJECT:
        return Q(category=notice.category)
    if notice.audience is Audience.AREA:
        return Q(venue_id__in=sorted(await with_venues_below([notice.venue_id])))
    return Q(venue_id=notice.venue_id)
