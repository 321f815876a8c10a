"""The numbers by which people ask after what they left: 261124-048213.

The day, so that staff find it in their papers, and six digits that nobody can guess: who has the
number reads the answer, and nobody else does.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date

from services.errors import NotFound

_WRITTEN = re.compile(r"(\d{6})-?(\d{6}|\d{4})")
_SEPARATORS = re.compile(r"[\s\-–—−－_.·]+")


class WrongNumber(NotFound):
    """Nothing was left under a number."""

    code = "wrong_number"
    sentence = "没有找到这个编号，请对照当时给您的编号再输一次，样子是 261124-048213。"


def new_number(day: date) -> str:
    """Return a number that is most likely free; six digits make a million for each day."""
    return f"{day:%y%m%d}-{secrets.randbelow(1_000_000):06d}"


def read_number(typed: str) -> str:
    """Return a number as it is kept, however it was typed. Older ones have four digits at the end.

    Raises WrongNumber for what is no number at all.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed[:60]))
    found = _WRITTEN.fullmatch(plain)
    if found is None or not plain.isascii():
        raise WrongNumber("It is no number.")
    return f"{found[1]}-{found[2]}"
