"""What is remembered of a push."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from devtools.wechat.push_letters import Trick


class Attempt(Struct, kw_only=True):
    at: float
    """By the virtual clock."""
    query: dict[str, str]
    status: int | None = None
    answer: str = ""
    problem: str = ""
    """Why it counts as not answered."""


class Pushed(Struct, kw_only=True):
    """One event and how often it was tried."""

    number: int
    appid: str
    event: dict[str, Any]
    trick: Trick | None = None
    attempts: list[Attempt] = field(default_factory=list)
    is_answered: bool = False
