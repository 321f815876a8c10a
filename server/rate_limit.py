"""How often one address may do something that costs staff their time."""

from __future__ import annotations

import time
from collections import OrderedDict, deque

from services.errors import OpenZoneError

_MINUTE = 60.0
_ADDRESSES = 1000
"""How many addresses are remembered; the one seen longest ago is forgotten first."""


class TooManyRequests(OpenZoneError):
    """One address asked for the same thing too often within a minute."""

    code = "too_many_requests"
    sentence = "刚才提交得太频繁了，请过一分钟再试，或直接找工作人员。"


class RateLimit:
    """Counts what each address did in the last minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, address: str) -> None:
        """Count one more.

        Raises TooManyRequests when the address has used up its minute.
        """
        now = time.monotonic()
        times = self._times.setdefault(address, deque())
        self._times.move_to_end(address)
        while times and now - times[0] > _MINUTE:
            times.popleft()
        if len(times) >= self._per_minute:
            raise TooManyRequests("The address used up its minute.")
        times.append(now)
        while len(self._times) > _ADDRESSES:
            self._times.popitem(last=False)
