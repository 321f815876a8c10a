"""Faults that are injected on purpose: which calls they are for, and what they do.

Every kind combines with every other. What decides the answer itself (errcode, malformed, redirect)
is taken from the first that was set.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Literal

from msgspec import Struct, field


class Fault(Struct, tag_field="kind", kw_only=True, forbid_unknown_fields=True):
    """Which calls: all that fit everything given here."""

    path: str = "*"
    """A path, or a pattern with `*`."""
    appid: str | None = None
    openid: str | None = None
    probability: float = 1.0
    seed: int = 0
    """Of the dice: the same seed throws the same."""
    skip: int = 0
    """Calls that are let by first."""
    count: int | None = None
    """How often it still happens, None for ever."""
    after: float | None = None
    until: float | None = None
    """A window of virtual time, Unix seconds."""
    lasting: float | None = None
    """Virtual seconds from now, instead of `until`."""
    until_end_of: Literal["minute", "day"] | None = None
    """Of virtual time; the day is Beijing's."""


class ErrcodeFault(Fault, tag="errcode"):
    """An error instead of the action: busy (-1), quota (45009), ban (43107), refusal (43101) …"""

    errcode: int = -1
    errmsg: str | None = None


class TokenDies(Fault, tag="token_dies"):
    """The token that the call carries is worth nothing from now on."""

    errcode: Literal[40001, 40014, 42001] = 42001
    is_stuck: bool = False
    """stable_token goes on giving the same token, until it is forced."""


class Slow(Fault, tag="slow"):
    """A real pause."""

    seconds: float
    before: Literal["work", "headers", "body"] = "headers"
    """Before the action is done, or once it is."""


class Drip(Fault, tag="drip"):
    """The reply comes a few bytes at a time."""

    pause: float
    """Real seconds between pieces."""
    piece: int = 1
    """Bytes of a piece."""


class Lost(Fault, tag="lost"):
    """The action is done and the connection dropped: nobody is told."""

    with_reset: bool = False
    """RST instead of FIN."""


class Reset(Fault, tag="reset"):
    """RST: as the connection is taken, before the action, or in the middle of the reply."""

    at: Literal["accept", "request", "body"] = "request"


class Silent(Fault, tag="silent"):
    """No answer ever: nothing is read, or nothing is done with what was read."""

    at: Literal["accept", "request"] = "request"


class Refuse(Fault, tag="refuse"):
    """Nobody listens: connections are refused, and those that stand are reset."""


class CloseIdle(Fault, tag="close_idle"):
    """After the reply the connection is closed without notice."""

    seconds: float = 0.0


Form = Literal[
    "truncated",
    "html_200",
    "html_502",
    "empty",
    "null",
    "list",
    "errcode_text",
    "invalid_utf8",
    "too_long_length",
    "too_short_length",
    "gzip_garbage",
]


class Malformed(Fault, tag="malformed"):
    """A reply that is none."""

    form: Form
    performs: bool = True
    """Whether the action is done all the same."""


class Redirect(Fault, tag="redirect"):
    location: str = "/elsewhere"


class Odd(Fault, tag="odd"):
    """A reply with other fields than it should have."""

    put: dict[str, object] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)


class MediaFault(Fault, tag="media"):
    """What becomes of the verdict that is pushed for a media check."""

    form: Literal["never", "twice", "before_reply", "unknown_trace"]


AnyFault = (
    ErrcodeFault
    | TokenDies
    | Slow
    | Drip
    | Lost
    | Reset
    | Silent
    | Refuse
    | CloseIdle
    | Malformed
    | Redirect
    | Odd
    | MediaFault
)


class _Set:
    """A fault that is set, its dice and its count."""

    def __init__(self, number: int, fault: AnyFault) -> None:
        self.number = number
        self.fault = fault
        self.dice = random.Random(fault.seed)
        self.skip = fault.skip
        self.left = fault.count
        self.happened = 0

    def is_over(self, now: float) -> bool:
        return self.left == 0 or (self.fault.until is not None and now >= self.fault.until)

    def strikes(self, path: str, appid: str | None, openid: str | None, now: float) -> bool:
        fault = self.fault
        if self.is_over(now) or (fault.after is not None and now < fault.after):
            return False
        if not (path == "" or fnmatchcase(path, fault.path)):
            return False
        if fault.appid not in (None, appid) or fault.openid not in (None, openid):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if fault.probability < 1.0 and self.dice.random() >= fault.probability:
            return False
        if self.left is not None:
            self.left -= 1
        self.happened += 1
        return True


def is_about_connections(fault: AnyFault) -> bool:
    """Whether it strikes before anything is read: then it cannot know the path or the person."""
    return isinstance(fault, Refuse) or (isinstance(fault, Reset | Silent) and fault.at == "accept")


class Faults:
    """All faults that are set, in the order in which they were."""

    def __init__(self) -> None:
        self._set: list[_Set] = []
        self._next = 1

    def add(self, fault: AnyFault) -> int:
        """Set a fault and return its number. Raises ValueError for one that can never strike."""
        selects = fault.path != "*" or fault.appid is not None or fault.openid is not None
        if is_about_connections(fault) and selects:
            raise ValueError("A fault of connections comes before path, appid and openid.")
        self._set.append(_Set(self._next, fault))
        self._next += 1
        return self._next - 1

    def remove(self, number: int) -> bool:
        before = len(self._set)
        self._set = [each for each in self._set if each.number != number]
        return len(self._set) < before

    def clear(self) -> None:
        self._set.clear()

    def of_call(
        self, path: str, appid: str | None, openid: str | None, now: float
    ) -> list[AnyFault]:
        """Return what strikes this call, and count it."""
        return [
            each.fault
            for each in self._set
            if not is_about_connections(each.fault) and each.strikes(path, appid, openid, now)
        ]

    def of_connection(self, now: float) -> AnyFault | None:
        """Return what strikes a connection that is being taken, and count it."""
        for each in self._set:
            is_due = is_about_connections(each.fault) and not isinstance(each.fault, Refuse)
            if is_due and each.strikes("", None, None, now):
                return each.fault
        return None

    def is_refusing(self, now: float) -> bool:
        return any(
            isinstance(each.fault, Refuse)
            and not each.is_over(now)
            and (each.fault.after is None or now >= each.fault.after)
            for each in self._set
        )

    def turning_points(self, now: float) -> list[float]:
        """Return when connections begin or cease to be refused, as far as the clock tells."""
        edges: Iterable[float | None] = (
            edge
            for each in self._set
            if isinstance(each.fault, Refuse)
            for edge in (each.fault.after, each.fault.until)
        )
        return sorted(edge for edge in edges if edge is not None and edge > now)

    def listing(self) -> list[dict[str, object]]:
        return [
            {
                "number": each.number,
                "fault": each.fault,
                "left": each.left,
                "happened": each.happened,
            }
            for each in self._set
        ]
