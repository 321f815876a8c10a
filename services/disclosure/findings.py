"""Something wrong with a letter, for programs and for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong: a stable code, and a sentence that says how to mend it."""

    code: str
    sentence: str
