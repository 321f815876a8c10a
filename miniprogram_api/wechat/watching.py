"""What follows of an answer for everybody: alarms raised and cleared, calls stopped for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from tortoise.exceptions import BaseORMException

from miniprogram_api.wechat.apis import Api
from miniprogram_api.wechat.breaker import WeChatDown
from services import wechat_alarms, wechat_stops
from services.wechat import Reaction, WeChatFailed
from services.wechat_alarms import ABOUT_ONE_THING

log = structlog.get_logger(__name__)

_REMEMBERED_S = 1.0
"""How long what was read of a stop holds: each process asks the database once a second."""
_LOOKED_AT_S = 30.0
"""How often a call that works looks whether an alarm is to be cleared."""


class Watch:
    """Keeps the alarms and stops of one mini-program."""

    def __init__(self, app_id: str, now: Callable[[], datetime]) -> None:
        self._app_id = app_id
        self._now = now
        self._stops: dict[str, tuple[float, WeChatFailed | None]] = {}
        self._looked: dict[tuple[str, str], float] = {}

    async def require(self, api: Api) -> None:
        """Raise WeChatDown while an API is stopped, in whichever process that was noticed."""
        read_at, failure = self._stops.get(api.path, (-_REMEMBERED_S, None))
        if time.monotonic() - read_at >= _REMEMBERED_S:
            failure = await self._read_stop(api.path)
            self._stops[api.path] = (time.monotonic(), failure)
        if failure is not None:
            # A new one each time: an exception keeps the places that it passed through.
            raise WeChatDown(
                str(failure), reaction=failure.reaction, errcode=failure.errcode, rid=failure.rid
            )

    async def failed(self, api: Api, failure: WeChatFailed, about: str = "") -> None:
        """Note a failure: whom it concerns is never part of that."""
        log.warning(
            "wechat call failed",
            api=api.path,
            errcode=failure.errcode,
            rid=failure.rid,
            reaction=failure.reaction.value,
            is_fate_unknown=failure.is_fate_unknown,
        )
        try:
            await self._stop_where_needed(api, failure)
            if failure.reaction in {Reaction.ALARM, Reaction.STOP_FOR_TODAY}:
                await self._raise_alarm(api, failure, about)
        except BaseORMException as error:
            log.error("wechat alarm lost", api=api.path, error=type(error).__name__)

    async def worked(self, api: Api, about: str = "") -> None:
        """Clear the alarms that a call which worked shows to be over."""
        if time.monotonic() - self._looked.get((api.path, about), -_LOOKED_AT_S) < _LOOKED_AT_S:
            return
        try:
            await wechat_alarms.clear_what_works(self._app_id, api.path, about, now=self._now())
        except BaseORMException as error:
            # What was asked of WeChat is done: that must not look like a failure.
            log.error("wechat alarm not cleared", api=api.path, error=type(error).__name__)
            return
        if len(self._looked) > 500:
            self._looked.clear()
        self._looked[api.path, about] = time.monotonic()

    async def _raise_alarm(self, api: Api, failure: WeChatFailed, about: str) -> None:
        # Whatever worked lately, the next success looks again.
        self._looked = {key: at for key, at in self._looked.items() if key[0] != api.path}
        told = about if failure.errcode in ABOUT_ONE_THING else failure.told
        told = told or (f"rid {failure.rid}" if failure.rid else "")
        await wechat_alarms.raise_alarm(
            self._app_id, api.path, failure.errcode or 0, told, now=self._now()
        )

    async def _stop_where_needed(self, api: Api, failure: WeChatFailed) -> None:
        if failure.reaction is Reaction.STOP_FOR_TODAY:
            until = wechat_stops.next_quota_day(self._now())
        elif failure.reaction is Reaction.RETRY_NEXT_MINUTE and not api.is_limited_per_person:
            until = wechat_stops.next_minute(self._now())
        else:
            return
        await wechat_stops.stop(self._app_id, api.path, failure.errcode or 0, until)
        self._stops.pop(api.path, None)

    async def _read_stop(self, path: str) -> WeChatFailed | None:
        found = await wechat_stops.stopped(self._app_id, path, self._now())
        if found is None:
            return None
        is_short = (found.until - self._now()).total_seconds() < 120
        return WeChatFailed(
            f"{path} is stopped until {found.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}.",
            reaction=Reaction.RETRY_NEXT_MINUTE if is_short else Reaction.STOP_FOR_TODAY,
            errcode=found.errcode,
        )
