"""The sender of cards: claims what is due, sends it, and writes down what became of it.

A row is claimed before it is sent, and settled after. Where the process is killed between the two
nobody knows whether WeChat got it: it is never sent again, and staff are told so.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from models.delivery import DeliveryState
from services import delivery_outcomes
from services.delivery_claims import Claimed, claim, give_up_lost_claims
from services.delivery_outcomes import Outcome
from services.delivery_settling import settle
from services.fan_out import cancel_what_is_over
from services.logged_failures import failure_fields
from services.pacing import Pace
from services.secret_key import SecretKeys
from services.wechat import WeChat, WeChatFailed

AT_ONCE = 16
"""Calls under way at the same time. One takes about a tenth of a second."""
PER_SECOND = 100.0
"""Far below what an account may send, and 10,000 in under two minutes."""
IDLE_S = 0.5
_HOUSEKEEPING_S = 1.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_PATIENCE_S = 12.0
"""Seconds for calls under way when the process ends."""
_SETTLING_AGAIN_S = 1.0
_MOST_SETTLINGS = 20

log = structlog.get_logger(__name__)


def worker_name() -> str:
    """Return a name that no other process has, now or before."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Pausing:
    """While nothing gets through, one card is tried now and then, ever more seldom."""

    seconds: float = 0.0
    until: float = 0.0

    def longer(self, at: float) -> None:
        """Pause from a moment of the loop's clock, twice as long as last time."""
        if at < self.until:
            return  # One that was under way when the pause began.
        self.seconds = min(max(_FIRST_PAUSE_S, 2 * self.seconds), _LONGEST_PAUSE_S)
        self.until = at + self.seconds

    def over(self) -> None:
        """Note that something got through."""
        self.seconds, self.until = 0.0, 0.0


class Sender:
    """Sends the cards of one account, in one process."""

    def __init__(
        self,
        wechat: WeChat,
        keys: SecretKeys,
        *,
        at_once: int = AT_ONCE,
        per_second: float = PER_SECOND,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._wechat = wechat
        self._keys = keys
        self._at_once = at_once
        self._pace = Pace(per_second, burst=float(at_once))
        self._now = now
        self._name = worker_name()
        self._sending: set[asyncio.Task[None]] = set()
        self._pausing = Pausing()
        self._kept_at = -_HOUSEKEEPING_S
        self.counted: Counter[DeliveryState] = Counter()
        """What became of cards, since the process began."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Send what is owed until told to stop; the calls under way are waited for."""
        try:
            while not stopping.is_set():
                try:
                    wait_s = await self.step()
                except Exception as error:  # noqa: BLE001 - each driver has failures of its own.
                    # The database may be away for a while.
                    log.warning("cards not looked at", **failure_fields(error))
                    wait_s = 2 * IDLE_S
                if wait_s > 0:
                    await self._rest(wait_s, stopping)
        finally:
            await self.finish()

    async def step(self) -> float:
        """Begin to send what is due and there is room for; return the seconds until the next look."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._kept_at >= _HOUSEKEEPING_S:
            self._kept_at = loop.time()
            await self._keep_house()
        if (pause := self._pausing.until - loop.time()) > 0:
            return min(pause, IDLE_S)
        free = self._at_once - len(self._sending)
        if self._pausing.seconds:
            free = min(free, 1 - len(self._sending))
        if free <= 0 or free < self._at_once // 2 <= len(self._sending):
            return IDLE_S
        room = self._pace.take(free)
        if room == 0:
            return self._pace.wait_s(free // 2 or 1)
        claimed: list[Claimed] = []
        try:
            claimed = await claim(
                self._wechat.app_id, self._name, room, keys=self._keys, now=self._now()
            )
        finally:
            self._pace.give_back(room - len(claimed))
        for one in claimed:
            task = asyncio.create_task(self._send(one))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return 0.0 if claimed else IDLE_S

    async def finish(self) -> None:
        """Wait for the calls under way, not for ever. What is left then is unknown one day."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=_PATIENCE_S)

    async def _rest(self, seconds: float, stopping: asyncio.Event) -> None:
        """Wait, at most until a call under way has ended."""
        ended = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait(
                {ended, *self._sending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ended.cancel()

    async def _keep_house(self) -> None:
        if lost := await give_up_lost_claims(self._now()):
            log.error("cards of unknown fate", deliveries=lost)
        await cancel_what_is_over(self._now())

    async def _send(self, one: Claimed) -> None:
        outcome = await self._outcome(one)
        if outcome.pauses_all:
            self._pausing.longer(asyncio.get_running_loop().time())
        elif outcome.state is not DeliveryState.UNKNOWN:
            self._pausing.over()
        self.counted[outcome.state] += 1
        if outcome.state is not DeliveryState.SENT:
            log.info(
                "card not sent", delivery_id=one.row.id, state=outcome.state,
                reason=outcome.reason, errcode=outcome.errcode,
            )  # fmt: skip
        for _ in range(_MOST_SETTLINGS):
            try:
                await settle(one.row, outcome, self._now())
                return
            except Exception as error:  # noqa: BLE001 - each driver has failures of its own.
                # Lost here, the card would be unknown although its fate is known.
                log.warning("card not settled", delivery_id=one.row.id, **failure_fields(error))
                await asyncio.sleep(_SETTLING_AGAIN_S)

    async def _outcome(self, one: Claimed) -> Outcome:
        try:
            return delivery_outcomes.sent(await self._wechat.send_card(one.card))
        except WeChatFailed as failure:
            return delivery_outcomes.failed(failure, one.row.attempts)
        except Exception as error:  # noqa: BLE001 - whatever it is, the card may have been sent.
            log.error("sending broke", delivery_id=one.row.id, error=type(error).__name__)
            return delivery_outcomes.lost()
