"""Numbers that are said in pieces, checked as they grow: 3+4+4 of a telephone, 6+8+4 of a card.

People choose their pieces. A number that can be told to be complete is asked about at once, one that
cannot be right is said so before everything is said again. Nothing is refused: the form decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.disclosure.identity_numbers import check_resident_id

_MOBILE = 11
_POSTCODE = 6
_CARD = 18
_LONGEST = {"phone": 12, "postcode": _POSTCODE, "identity": 20, "fax": 12}


class Growth(StrEnum):
    """How far a number has come."""

    MORE = "more"
    """There may be more to come, or it may be all of it: whoever says it knows."""
    COMPLETE = "complete"
    WRONG = "wrong"
    """It cannot be right as it is."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A number with its last piece."""

    growth: Growth
    sentence: str = ""
    """What is shown of it, never spoken: it may tell of the number."""


def grown(field: str, number: str, *, today: date) -> Grown:
    """Return how far the number of a field has come: phone, fax, postcode, identity, or another.

    Source: GB 11643-1999 for identity numbers; a number of a mobile has 11 digits and begins with 1, a
    postcode has 6.
    """
    if "X" in number[:-1]:
        return Grown(Growth.WRONG, "X 只能在最后一位，请核对。")
    if len(number) > _LONGEST.get(field, len(number)):
        return Grown(Growth.WRONG, f"有{len(number)}位，太长了，请核对。")
    if field == "phone" and number.startswith("1"):
        if len(number) > _MOBILE:
            return Grown(Growth.WRONG, f"手机号是{_MOBILE}位，这里是{len(number)}位，请核对。")
        return Grown(Growth.COMPLETE if len(number) == _MOBILE else Growth.MORE)
    if field == "postcode" and len(number) == _POSTCODE:
        return Grown(Growth.COMPLETE)
    if field == "identity" and len(number) == _CARD:
        checked = check_resident_id(number, today=today)
        # Other documents may have numbers as long; then it is said to be right after all.
        return Grown(Growth.COMPLETE if checked.valid else Growth.WRONG, checked.reason)
    return Grown(Growth.MORE)
