"""A circuit breaker: while WeChat is down nobody waits to learn it again."""

from __future__ import annotations

import time
from collections.abc import Callable

from services.wechat import Reaction, WeChatFailed

TOLERATED = 5
"""Failures in a row before nobody is let through."""
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 60.0
PROBE_S = 30.0
"""How long whoever tries first after a pause is waited for."""


class WeChatDown(WeChatFailed):
    """WeChat was not asked: it is known to be down, or too many calls wait for it already."""


class Breaker:
    """Stands before one API path. Business answers count as working, whatever they say."""

    def __init__(self, path: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._is_probing = False

    def check(self) -> None:
        """Let a call through, or raise WeChatDown. After a pause one goes first."""
        if self._failures < TOLERATED:
            return
        now = self._clock()
        if now < self._closed_until:
            raise WeChatDown(f"{self._path} is down.", reaction=Reaction.RETRY)
        self._closed_until = now + PROBE_S
        self._is_probing = True

    def worked(self) -> None:
        """Note that WeChat answered."""
        self._failures = 0
        self._closed_until = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._is_probing = False

    def failed(self) -> None:
        """Note that WeChat was busy, silent, or made no sense."""
        self._failures += 1
        now = self._clock()
        # Those that were under way when it closed tell nothing new, but whoever went first does.
        is_news = self._is_probing or now >= self._closed_until
        if self._failures >= TOLERATED and is_news:
            self._is_probing = False
            self._closed_until = now + self._pause_s
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
