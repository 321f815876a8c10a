"""Numbers and dates as Chinese documents write them."""

from __future__ import annotations

import re
from datetime import date

_DIGITS = {c: value for value, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "Ｏ": 0, "０": 0, "两": 2, "元": 1,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERALS = "零〇一二三四五六七八九十百千"

DATE = re.compile(
    r"(?P<y>\d{4})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})(?!\d)\s*日?"
    r"|(?P<cy>[〇○Ｏ０零一二三四五六七八九]{4})\s*年\s*"
    r"(?P<cm>[一二三四五六七八九十]{1,2})\s*月\s*(?P<cd>[一二三四五六七八九十]{1,3})\s*日"
)


def number(text: str) -> int:
    """Return the number that digits or numerals write: 12, 十二, 二〇二一, 一百零三.

    Raises ValueError for anything else.
    """
    if text.isdecimal():
        return int(text)
    if text and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        elif c in _DIGITS:
            digit = _DIGITS[c]
        else:
            raise ValueError(text)
    if not text:
        raise ValueError(text)
    return total + digit


def date_of(match: re.Match[str]) -> date | None:
    """Return the date a match of DATE writes; None where no calendar has that day."""
    parts = [match[name] or match[f"c{name}"] for name in ("y", "m", "d")]
    try:
        year, month, day = (number(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def first_date(text: str) -> date | None:
    """Return the first date that text writes, in digits or in Chinese numerals."""
    return next((day for m in DATE.finditer(text) if (day := date_of(m)) is not None), None)
