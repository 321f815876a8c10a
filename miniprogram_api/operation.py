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
    """A shape; None where nothing comes back, or something else than JSON (reply_type)."""
    reply_example: Any
    body: Any = None
    """A shape; None where nothing is sent, or something else than JSON (request_type)."""
    body_example: Any = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = field(default=(422,))
    """Statuses besides the one of success."""
    success: int = 200
    signed_in: bool = False
    """Whether it is for those alone who signed in to the mini-program."""
    request_type: str = "application/json"
    """The media type of what is sent; body_schema says what it holds unless it is JSON."""
    body_schema: dict[str, Any] | None = None
    reply_type: str = "application/json"
    """The media type of what comes back."""
    also: tuple[int, ...] = ()
    """Other statuses of success, with the same reply."""
    partial: bool = False
    """Whether a part of it may be asked for (Range)."""
