"""Numerals between characters and digits: wetext's grammars, loaded when first needed."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Protocol

_loading = threading.Lock()
_CHARACTERS = "零一二三四五六七八九"


class _Normaliser(Protocol):
    def normalize(self, text: str) -> str: ...


@lru_cache(maxsize=2)
def _normaliser(operator: str) -> _Normaliser:
    from wetext import Normalizer

    normaliser: _Normaliser = Normalizer(lang="zh", operator=operator)
    return normaliser


@lru_cache(maxsize=8192)
def in_digits(numeral: str) -> str:
    """Return a spelt-out numeral in digits: 一百二十 as 120."""
    # The grammars are not documented to be safe between threads.
    with _loading:
        return _normaliser("itn").normalize(numeral)


@lru_cache(maxsize=8192)
def as_read(numeral: str) -> str:
    """Return a numeral with its unit as it is read aloud: 2.5元 as 二点五元, 2个 as 两个."""
    with _loading:
        return _normaliser("tn").normalize(numeral)


def cardinal(number: int) -> str:
    """Return a number below ten thousand as an ordinal counts: 33 as 三十三, 2 as 二."""
    if number == 0:
        return "零"
    digits, units, parts = str(number), ("", "十", "百", "千"), ""
    for place, digit in enumerate(digits):
        if digit != "0":
            parts += _CHARACTERS[int(digit)] + units[len(digits) - 1 - place]
        elif not parts.endswith("零"):
            parts += "零"
    parts = parts.rstrip("零")
    return parts[1:] if parts.startswith("一十") else parts


def one_by_one(digits: str, *, one: str = "一") -> str:
    """Return digits read one after the other; what is no digit is left out."""
    return "".join(
        one if digit == "1" else _CHARACTERS[int(digit)]
        for digit in digits
        if digit.isascii() and digit.isdecimal()
    )
