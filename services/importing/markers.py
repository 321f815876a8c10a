"""The marks that open headings and items in Chinese documents: 一、 （一） 1． （1） 第X章 第X条."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from services.importing.chinese_numerals import NUMERALS, number

_N = f"[{NUMERALS}]"
_CN = "[一二三四五六七八九十百]"


class MarkerKind(IntEnum):
    """Kinds of marks, the highest first, so that a smaller value outranks a larger one.

    The order below the articles is that of GB/T 9704, section 7.3.3.
    """

    BOOK = 1
    CHAPTER = 2
    SECTION = 3
    ARTICLE = 4
    FIRST = 5
    SECOND = 6
    THIRD = 7
    FOURTH = 8

    @property
    def heads_a_law(self) -> bool:
        """Whether it opens a 编, 章 or 节."""
        return self <= MarkerKind.SECTION


@dataclass(frozen=True)
class Marker:
    """One mark at the start of a text."""

    kind: MarkerKind
    number: int
    text: str
    """As printed."""


_PATTERNS = (
    (MarkerKind.BOOK, re.compile(rf"第({_N}+|\d+)\s*(?:编|部分)(?=\s|$|[^\s，。、；的])")),
    (MarkerKind.CHAPTER, re.compile(rf"第({_N}+|\d+)\s*章(?=\s|$|[^\s，。、；的])")),
    (MarkerKind.SECTION, re.compile(rf"第({_N}+|\d+)\s*节(?=\s|$|[^\s，。、；的])")),
    (
        MarkerKind.ARTICLE,
        re.compile(rf"第({_N}+|\d+)\s*条(?:之({_CN}+))?(?=\s|$|[^\s，。、；的第之至])"),
    ),
    (MarkerKind.FIRST, re.compile(rf"({_CN}+)\s*[、．.](?=\s*\S)")),
    (MarkerKind.SECOND, re.compile(rf"[（(]\s*({_CN}+)\s*[）)](?![项款、至])")),
    (MarkerKind.THIRD, re.compile(r"(\d{1,3})\s*(?:．|、|\.(?!\d))(?=\s*\S)")),
    (MarkerKind.FOURTH, re.compile(r"[（(]\s*(\d{1,3})\s*[）)](?![项款、至])")),
)


def marker_at(text: str, start: int = 0) -> Marker | None:
    """Return the mark that stands at a place in text, None where there is none."""
    for kind, pattern in _PATTERNS:
        match = pattern.match(text, start)
        if match is not None:
            return Marker(kind, number(match[1]), match[0])
    return None


def starts_with_marker(line: str) -> bool:
    """Return whether a line opens a heading, an item or an article."""
    return marker_at(line) is not None
