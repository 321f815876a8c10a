"""The bell of the console: one look at the calls each half second, shared by all who listen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import structlog

from models.staff import Staff
from services import help_calls
from services.access import Actor
from services.help_calls import Call

LOOK_SECONDS = 0.5
"""A call must ring within two seconds, whichever process it came in by."""

log = structlog.get_logger(__name__)


class Ringing(msgspec.Struct, frozen=True):
    """One open call, as the page of one member of staff is told of it."""

    id: int
    kiosk_name: str
    place: str
    is_taken: bool
    rings: bool
    is_urgent: bool


@dataclass(frozen=True)
class Snapshot:
    """What the last look saw, for everybody."""

    calls: tuple[Call, ...] = ()
    rung: tuple[tuple[int, frozenset[int]], ...] = ()
    """The zones that ring, by call."""
    urgent: frozenset[int] = frozenset()

    def told_to(self, actor: Actor, own_venue_ids: frozenset[int]) -> list[Ringing]:
        """Return what somebody is told who works for some zones (and what is below those)."""
        rung = dict(self.rung)
        return [
            Ringing(
                id=call.id,
                kiosk_name=call.kiosk_name,
                place=call.place,
                is_taken=call.taken_at is not None,
                rings=bool(rung.get(call.id, frozenset()) & own_venue_ids),
                is_urgent=call.id in self.urgent,
            )
            for call in self.calls
            if actor.works_on(call.venue_id)
        ]


async def look() -> Snapshot:
    """Look at the open calls of all zones."""
    now = datetime.now(UTC)
    calls = await help_calls.open_calls()
    rung = await help_calls.ringing_for(calls, now=now)
    urgent = frozenset(call.id for call in calls if call.is_urgent(now))
    return Snapshot(tuple(calls), tuple(sorted(rung.items())), urgent)


async def own_venues(actor: Actor) -> frozenset[int]:
    """Return the zones that somebody is bound to, without those below."""
    bound = await Staff.get(id=actor.staff_id).prefetch_related("venues")
    ids: list[int] = [venue.id for venue in bound.venues]
    return frozenset(ids)


class CallBell:
    """Looks at the calls while anybody listens. One to a process."""

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._changed = asyncio.Event()
        self._listeners = 0
        self._looking: asyncio.Task[None] | None = None
        self._is_away = False
        self.is_closing = False

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keep the bell looking for as long as the block runs."""
        self._listeners += 1
        try:
            if self._looking is None:
                await self._look_once()
                if self._looking is None:  # Nobody else began meanwhile.
                    self._looking = asyncio.create_task(self._look_on(), name="call bell")
            yield
        finally:
            self._listeners -= 1
            if self._listeners == 0:
                self._stop_looking()

    async def next(self, seen: Snapshot, seconds: float) -> None:
        """Return when something is other than was seen, or after a while."""
        if self._snapshot is not seen or self.is_closing:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)

    def close(self) -> None:
        """Let everybody who listens go, since the server stops."""
        self.is_closing = True
        self._stop_looking()
        self._tell()

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look_once()

    async def _look_once(self) -> None:
        try:
            seen = await look()
        except Exception as error:  # noqa: BLE001 - a driver names its troubles in many ways.
            if not self._is_away:
                log.warning("calls not looked at", error=type(error).__name__)
            self._is_away = True
            return
        self._is_away = False
        if seen != self._snapshot:
            self._snapshot = seen
            self._tell()

    def _tell(self) -> None:
        """Wake everybody who waits now; whoever waits from now on waits for the next change."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
