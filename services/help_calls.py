"""Calling a member of staff to a kiosk, and who is rung for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.help_call import HelpCall
from models.staff import Role, Staff, StaffSession
from models.venue import Venue
from services import audit, venues
from services.access import Actor, Permission
from services.errors import Conflict, NotFound
from services.staff_sessions import IDLE

URGENT_AFTER = timedelta(minutes=3)
"""Nobody came: the call is marked and rings louder, and the zone above is rung too."""
RINGS_AT_MOST = timedelta(minutes=30)
"""Whoever called has gone by then. The call stays on the list and is silent."""
_MOST = 100


class CallTaken(Conflict):
    """Somebody else was quicker."""

    code = "call_taken"

    def __init__(self, name: str) -> None:
        super().__init__("The call was taken.", sentence=f"{name}已经去了，您不用再去。")


@dataclass(frozen=True)
class Call:
    """One call as consoles show it."""

    id: int
    kiosk_name: str
    venue_id: int
    place: str
    called_at: datetime
    taken_at: datetime | None
    taken_by: str
    """Who went, "" while nobody has."""
    closed_at: datetime | None

    def is_urgent(self, now: datetime) -> bool:
        """Return whether nobody has come for too long."""
        return self.taken_at is None and now - self.called_at >= URGENT_AFTER

    def waited(self, now: datetime) -> timedelta:
        """Return how long the visitor waited for somebody, or has been waiting."""
        return max((self.taken_at or self.closed_at or now) - self.called_at, timedelta(0))


async def call(
    kiosk_name: str, *, venue: Venue, device_id: int | None = None
) -> tuple[HelpCall, bool]:
    """Ask for somebody to come to a kiosk; return the call and whether it is a new one.

    Asking again while nobody has come is the same call.
    """
    async with in_transaction() as database:
        # The venue's row puts those who call at one moment, in whichever process, in an order.
        await Venue.filter(id=venue.id).using_db(database).update(edits=F("edits"))
        waiting = (
            await HelpCall.filter(venue_id=venue.id, device_id=device_id, kiosk_name=kiosk_name)
            .filter(taken_at=None, closed_at=None)
            .using_db(database)
            .first()
        )
        if waiting is not None:
            return waiting, False
        made = await HelpCall.create(
            kiosk_name=kiosk_name, venue_id=venue.id, device_id=device_id, using_db=database
        )
        return made, True


async def called_from(call_id: int, *, venue_id: int, device_id: int | None) -> HelpCall:
    """Return a call to the kiosk that it came from.

    Raises NotFound, for the calls of other kiosks too.
    """
    called = await HelpCall.get_or_none(id=call_id, venue_id=venue_id, device_id=device_id)
    if called is None:
        raise NotFound(f"There is no help call {call_id} of this kiosk.")
    return called


async def take(actor: Actor, call_id: int, *, now: datetime) -> None:
    """Note that somebody goes to the kiosk; the first to say so counts.

    Raises NotAllowed, NotFound, CallTaken.
    """
    actor.require(Permission.TAKE_CALLS)
    called = await _own(actor, call_id)
    async with in_transaction() as database:
        took = await (
            HelpCall.filter(id=call_id, taken_at=None, closed_at=None)
            .using_db(database)
            .update(taken_at=now, taken_by_id=actor.staff_id)
        )
        if took:
            await audit.record(
                *(actor, audit.Action.CALL_TAKEN, f"help_call:{call_id}"),
                venue_id=called.venue_id,
                using_db=database,
            )
            return
    called = await _own(actor, call_id)
    if called.taken_by_id not in (None, actor.staff_id):
        raise CallTaken((await Staff.get(id=called.taken_by_id)).display_name)


async def close(actor: Actor, call_id: int, *, now: datetime) -> None:
    """Note that a call is done with, whether somebody went or the visitor had left.

    Raises NotAllowed, NotFound.
    """
    actor.require(Permission.TAKE_CALLS)
    called = await _own(actor, call_id)
    async with in_transaction() as database:
        closed = await (
            HelpCall.filter(id=call_id, closed_at=None)
            .using_db(database)
            .update(closed_at=now, closed_by_id=actor.staff_id)
        )
        if closed:
            await audit.record(
                *(actor, audit.Action.CALL_CLOSED, f"help_call:{call_id}"),
                venue_id=called.venue_id,
                using_db=database,
            )


async def open_calls() -> list[Call]:
    """Return the calls of all zones that nobody has closed, the longest waiting first."""
    return await _shown(
        await HelpCall.filter(closed_at=None)
        .exclude(venue_id=None)
        .select_related("venue", "taken_by")
        .order_by("id")
        .limit(_MOST)
    )


async def closed_lately(actor: Actor, *, limit: int = 30) -> list[Call]:
    """Return the calls that somebody sees and that were closed last, the newest first."""
    actor.require(Permission.TAKE_CALLS)
    closed = HelpCall.exclude(closed_at=None).exclude(venue_id=None)
    if actor.venue_ids is not None:
        closed = closed.filter(venue_id__in=sorted(actor.venue_ids))
    return await _shown(
        await closed.select_related("venue", "taken_by").order_by("-closed_at", "-id").limit(limit)
    )


async def ringing_for(calls: Iterable[Call], *, now: datetime) -> dict[int, frozenset[int]]:
    """Return for each waiting call the zones whose staff are rung.

    Its own zone is. Where nobody there is signed in, or nobody has come for URGENT_AFTER, the zone
    above is rung too, and so on up the tree: the city is not rung for every village.
    """
    waiting = [c for c in calls if c.taken_at is None and now - c.called_at < RINGS_AT_MOST]
    if not waiting:
        return {}
    tree, manned = await venues.tree(), await _manned(now)
    ringing: dict[int, frozenset[int]] = {}
    for called in waiting:
        levels_in_time = 1 + (now - called.called_at) // URGENT_AFTER
        rung: list[int] = []
        for venue_id in tree.upwards(called.venue_id):
            if len(rung) >= levels_in_time and manned.intersection(rung):
                break
            rung.append(venue_id)
        ringing[called.id] = frozenset(rung)
    return ringing


async def _manned(now: datetime) -> frozenset[int]:
    """Return the zones for which somebody who takes calls is signed in."""
    rows = await StaffSession.filter(
        ended_at=None,
        last_seen_at__gte=now - IDLE,
        staff__is_active=True,
        staff__role=Role.CLERK,
    ).values("staff__venues__id")
    found = {row["staff__venues__id"] for row in rows}
    return frozenset(found - {None})


async def _own(actor: Actor, call_id: int) -> HelpCall:
    called = await HelpCall.get_or_none(id=call_id)
    if called is None or called.venue_id is None or not actor.works_on(called.venue_id):
        raise NotFound(f"There is no help call {call_id} for {actor.staff_id}.")
    return called


async def _shown(rows: list[HelpCall]) -> list[Call]:
    calls = []
    for row in rows:
        assert row.venue is not None and row.venue_id is not None, "only calls of zones are read"
        calls.append(
            Call(
                id=row.id,
                kiosk_name=row.kiosk_name,
                venue_id=row.venue_id,
                place=row.venue.place,
                called_at=row.called_at,
                taken_at=row.taken_at,
                taken_by=row.taken_by.display_name if row.taken_by is not None else "",
                closed_at=row.closed_at,
            )
        )
    return calls
