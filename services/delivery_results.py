"""What became of a notice: for those who wrote it. By number, never by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.functions import Count
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from services import audit, notices
from services.access import Actor, Permission
from services.audit import Action
from services.deliveries import Reason
from services.errors import NotFound, WrongState
from services.fan_out import plan_of

UNKNOWN_FOR_GOOD = timedelta(hours=24)
"""After so long WeChat tells no more what became of a card."""
TRIED_AGAIN = (Reason.BUSY, Reason.NOT_TAKEN, Reason.FAILED_LATER, Reason.ARGS_INVALID)
"""Failures that are certain, and that may go better another time."""
_S = DeliveryState


@dataclass(frozen=True)
class Pile:
    """So many cards that ended, or wait, for one reason."""

    state: DeliveryState
    reason: str
    count: int

    @property
    def label(self) -> str:
        """Why, for pages; "" where there is nothing to say."""
        return Reason(self.reason).label if self.reason else ""


@dataclass(frozen=True)
class Results:
    """How far a notice has come."""

    people: int
    """To how many it was written down so far."""
    is_all: bool
    """Whether these are all."""
    opened: int
    """Who opened it in the mini-program."""
    piles: tuple[Pile, ...]
    """Of cards."""

    def count(self, *states: DeliveryState) -> int:
        """Return how many cards are in one of some states."""
        return sum(pile.count for pile in self.piles if pile.state in states)

    @property
    def cards(self) -> int:
        return sum(pile.count for pile in self.piles)

    @property
    def over(self) -> int:
        """Cards about which nothing more is done by itself."""
        return sum(pile.count for pile in self.piles if pile.state.is_over)

    @property
    def may_try_again(self) -> int:
        return sum(pile.count for pile in self.piles if _may_try_again(pile.state, pile.reason))

    @property
    def is_under_way(self) -> bool:
        return not self.is_all or self.over < self.cards


async def results_of(notice: Notice) -> Results:
    """Return how far a notice has come."""
    of_app = Delivery.filter(notice_id=notice.id, way=DeliveryWay.APP)
    counted = (
        await Delivery.filter(notice_id=notice.id, way=DeliveryWay.CARD)
        .annotate(count=Count("id"))
        .group_by("state", "reason")
        .values("state", "reason", "count")
    )
    order = list(DeliveryState)
    piles = [Pile(DeliveryState(row["state"]), row["reason"], row["count"]) for row in counted]
    return Results(
        people=await of_app.count(),
        is_all=notice.fan_out_done_at is not None or notice.state is not NoticeState.PUBLISHED,
        opened=await of_app.exclude(read_at=None).count(),
        piles=tuple(sorted(piles, key=lambda pile: (order.index(pile.state), pile.reason))),
    )


def recipients(notice_id: int, state: DeliveryState | None) -> QuerySet[Delivery]:
    """Return the cards of a notice, those in one state or all."""
    cards = Delivery.filter(notice_id=notice_id, way=DeliveryWay.CARD).order_by("id")
    return cards if state is None else cards.filter(state=state)


def is_for_staff_to_say(row: Delivery, now: datetime) -> bool:
    """Return whether nobody but the person can tell any more whether a card arrived."""
    return (
        row.state is _S.UNKNOWN
        and row.settled_at is not None
        and row.settled_at < now - UNKNOWN_FOR_GOOD
    )


def with_unknown_cards(actor: Actor, now: datetime) -> QuerySet[Notice]:
    """Return somebody's notices that have cards which are unknown for good."""
    return (
        notices.seen_by(actor)
        .filter(deliveries__state=_S.UNKNOWN, deliveries__settled_at__lt=now - UNKNOWN_FOR_GOOD)
        .distinct()
    )


async def waiting_for_word(actor: Actor, now: datetime) -> int:
    """Return how many cards of somebody's notices are unknown for good."""
    ids = [notice.id for notice in await with_unknown_cards(actor, now).only("id")]
    if not ids:
        return 0
    unknown = Delivery.filter(notice_id__in=ids, state=_S.UNKNOWN)
    return await unknown.filter(settled_at__lt=now - UNKNOWN_FOR_GOOD).count()


async def stop_sending(actor: Actor, notice_id: int, now: datetime) -> int:
    """Cancel the cards of a notice that wait; return how many. Who comes later gets none either."""
    notice = await _theirs(actor, notice_id)
    async with in_transaction() as database:
        waiting = Delivery.filter(notice_id=notice.id, way=DeliveryWay.CARD, state=_S.QUEUED)
        stopped = await waiting.using_db(database).update(
            state=_S.CANCELLED, reason=Reason.STOPPED, settled_at=now
        )
        await audit.record(
            actor, Action.DELIVERY_SETTLED, f"notice:{notice.id}", venue_id=notice.venue_id,
            using_db=database, deed="stopped", cards=stopped,
        )  # fmt: skip
    return stopped


async def try_again(actor: Actor, notice_id: int, app_id: str, now: datetime) -> int:
    """Queue what certainly failed once more, with the card as it would be now; return how many.

    Raises WrongState where the notice is not published any more, or no card can be made of it.
    """
    notice = await _theirs(actor, notice_id)
    over = notice.shown_until is not None and notice.shown_until <= now
    plan = await plan_of(notice, app_id)
    if notice.state is not NoticeState.PUBLISHED or over or plan is None or plan.faulty_field:
        raise WrongState(
            "No card can be sent of it.",
            sentence="通知已经撤回、过期，或者卡片内容还不合模板要求，不能再发。",
        )
    async with in_transaction() as database:
        failed = Delivery.filter(
            notice_id=notice.id, way=DeliveryWay.CARD, state=_S.FAILED, reason__in=TRIED_AGAIN
        )
        queued = await failed.using_db(database).update(
            state=_S.QUEUED, reason="", errcode=None, field_name="", msgid="", attempts=0,
            not_before=now, claimed_by="", claimed_at=None, settled_at=None,
            template_id=plan.template.id, values=plan.values,
        )  # fmt: skip
        await audit.record(
            actor, Action.DELIVERY_SETTLED, f"notice:{notice.id}", venue_id=notice.venue_id,
            using_db=database, deed="tried_again", cards=queued,
        )  # fmt: skip
    return queued


async def say_what_became(
    actor: Actor, notice_id: int, delivery_id: int, *, arrived: bool, now: datetime
) -> None:
    """Settle a card whose fate nobody else tells any more. Raises NotFound, WrongState."""
    notice = await _theirs(actor, notice_id)
    row = await recipients(notice.id, None).get_or_none(id=delivery_id)
    if row is None:
        raise NotFound("There is no such card.")
    if not is_for_staff_to_say(row, now):
        raise WrongState(
            "Its fate is known, or may still be told.",
            sentence="这一条的结果已经明确，或者微信还可能告知，暂时不用人工认定。",
        )
    async with in_transaction() as database:
        await (
            Delivery.filter(id=row.id, state=_S.UNKNOWN)
            .using_db(database)
            .update(
                state=_S.SENT if arrived else _S.FAILED,
                reason=Reason.SAID_SENT if arrived else Reason.SAID_NOT_SENT,
                settled_at=now,
            )
        )
        await audit.record(
            actor, Action.DELIVERY_SETTLED, f"delivery:{row.id}", venue_id=notice.venue_id,
            using_db=database, deed="said", arrived=arrived,
        )  # fmt: skip


def _may_try_again(state: DeliveryState, reason: str) -> bool:
    return state is _S.FAILED and reason in TRIED_AGAIN


async def _theirs(actor: Actor, notice_id: int) -> Notice:
    actor.require(Permission.WRITE_NOTICES)
    notice = await notices.find(actor, notice_id)
    actor.require_work(notice.venue_id, notice.agency_id)
    return notice
