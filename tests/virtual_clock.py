"""Time that can be moved on, for the loopback WeChat and for what is ours alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from devtools.wechat.starting import LoopbackWeChat


class VirtualClock:
    """The time as our side sees it; it moves on in step with WeChat's."""

    def __init__(self, wechat: LoopbackWeChat) -> None:
        self._wechat = wechat
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def move_to(self, moment: datetime) -> None:
        more = moment - self()
        if more > timedelta():
            await self._wechat.acontrol("clock", advance=more.total_seconds())
            self.ahead += more
