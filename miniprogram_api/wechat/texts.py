"""Texts as WeChat takes them."""

from __future__ import annotations

import re

LONGEST_PART = 2_500
"""Characters that are checked at once."""
_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return a text without halves of characters, which have no UTF-8."""
    return _SURROGATE.sub("�", text)


def parts_of(text: str, longest: int = LONGEST_PART) -> list[str]:
    """Cut a text into parts that are checked one by one, at ends of sentences where there are any."""
    parts: list[str] = []
    rest = whole(text)
    while len(rest) > longest:
        head = rest[:longest]
        ends = [found.end() for found in _SENTENCE_END.finditer(head)]
        cut = ends[-1] if ends else longest
        parts.append(rest[:cut])
        rest = rest[cut:]
    parts.append(rest)
    return [part for part in parts if part.strip()]
