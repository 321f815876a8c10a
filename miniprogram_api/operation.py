"""One thing that a program can ask for, described."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """Something that goes into the address or a header."""

    name: str
    place: str
    """ "path", "query" or "header"."""
    description: str
    example: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One thing that a program can ask for."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    reply: Any
    reply_example: Any
    body: Any = None
    body_example: Any = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = field(default=(422,))
    """Statuses besides the one of success."""
    success: int = 200
