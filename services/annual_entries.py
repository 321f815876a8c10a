"""What staff write of an annual report: figures of table two, texts, and row two where it is set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from services.disclosure.report_other_tables import Entry
from services.disclosure.report_tables import ReportColumn
from services.disclosure.report_wording import Section
from services.errors import Invalid

LONGEST_TEXT = 20_000
LONGEST_REASON = 300
_MOST = Decimal(10) ** 9
_FEE_PLACES = 6
"""Fees are told in 万元: this is to the hundredth of a yuan."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no office file can hold."""


@dataclass(frozen=True)
class Kept:
    """What staff write of a report."""

    entered: Mapping[Entry, Decimal]
    texts: Mapping[Section, str]
    carried_over: Mapping[ReportColumn, int] | None
    carried_over_reason: str


def require_sense(kept: Kept) -> None:
    """Raise Invalid for what no report can say."""
    for entry, number in kept.entered.items():
        places = _FEE_PLACES if entry is Entry.FEES else 0
        if not 0 <= number < _MOST or number != round(number, places):
            raise Invalid(f"{entry} is {number}.", sentence=f"“{entry.label}”填得不对。")
    if any(len(text) > LONGEST_TEXT for text in kept.texts.values()):
        raise Invalid("Too long.", sentence=f"每一部分的文字请不要超过 {LONGEST_TEXT} 个字。")
    words = (*kept.texts.values(), kept.carried_over_reason)
    if any(_UNPRINTABLE.search(text) for text in words):
        raise Invalid("Control characters.", sentence="文字里有不能显示的字符，请删去后再保存。")
    if kept.carried_over is not None and not kept.carried_over_reason:
        raise Invalid("No reason.", sentence="改动上年结转数，请写明原因。")
    if len(kept.carried_over_reason) > LONGEST_REASON:
        raise Invalid("Too long.", sentence=f"原因请不要超过 {LONGEST_REASON} 个字。")
    if kept.carried_over is not None and any(n < 0 for n in kept.carried_over.values()):
        raise Invalid("Less than nothing.", sentence="上年结转数不能小于 0。")


def number_of(text: str) -> Decimal | None:
    """Return what was typed as a figure, None for what is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number + 0 if number.is_finite() else None  # -0 is 0.
