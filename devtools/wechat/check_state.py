"""By which rules an account's texts, pictures and sounds are judged."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Suggestion = Literal["pass", "review", "risky"]
SEVERITY: dict[Suggestion, int] = {"pass": 0, "review": 1, "risky": 2}
NORMAL = 100
"""The label of what nothing is wrong with."""


class Rule(Struct, kw_only=True, forbid_unknown_fields=True):
    """What holds `pattern` is of this kind.

    In texts it is a word; of media it is part of the address, or the SHA-256 of the bytes.
    """

    pattern: str
    suggest: Suggestion = "risky"
    label: int = 20001


class CheckRules(Struct, kw_only=True, forbid_unknown_fields=True):
    rules: list[Rule] = field(default_factory=list)
    """What none of them fits passes."""
    active_within: float = 2 * 3600
    """Virtual seconds since a person was there, for texts in their name (61010)."""
    too_long: int = 47001
    """The code for more than 2,500 characters, which is not documented."""
    media_after: float = 2.0
    """Virtual seconds from a check of media to its verdict."""
    downloads_media: bool = False
    """Whether media are really fetched, from this machine alone."""
    label_is_text: bool = True
    """Whether a pushed verdict has its label as text, as in reality."""
    media_ahead: int = 30
    """How often the same address may be asked about before its verdict (87020)."""
