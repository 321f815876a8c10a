"""Hours as staff type them: 9:00-12:00, 13:30-17:00."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from services.errors import Invalid
from services.opening_hours import SingleDay, Span, Spans, clock_time, closing_time

_SHUT = {"", "-", "无", "休息", "不开放", "闭馆"}
_DASHES = re.compile(r"\s*(?:-{1,2}|[—–－~〜～至到])+\s*")
_BETWEEN = re.compile(r"[\s,;、和及]+")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:-|月|/|\.)(\d{1,2})日?")
_HOW = "请写成 9:00-12:00 13:30-17:00 的样子，不开放就留空。"


def read_spans(text: str) -> Spans:
    """Return the spans of a day. Raises Invalid where they cannot be read."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip())
    if plain in _SHUT:
        return ()
    spans = []
    for part in _BETWEEN.split(plain):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise Invalid("No hours.", sentence=f"“{text[:30]}”看不懂。{_HOW}")
        hour, minute, last_hour, last_minute = (int(number) for number in found.groups())
        spans.append(
            Span(_time(hour, minute, text), _time(last_hour, last_minute, text, ends=True))
        )
    return tuple(spans)


def spans_text(spans: Spans) -> str:
    """Return spans as they are typed."""
    return " ".join(f"{clock_time(span.opens)}-{closing_time(span.closes)}" for span in spans)


def read_month_day(text: str) -> str:
    """Return a day of the year, 05-01. Raises Invalid where it cannot be read."""
    found = _MONTH_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise Invalid("No day.", sentence=f"“{text[:20]}”看不懂，请写成 5-1 的样子。")
    return f"{int(found[1]):02}-{int(found[2]):02}"


def read_single_days(lines: list[str]) -> tuple[SingleDay, ...]:
    """Return single days from lines like: 2026-12-31 9:00-12:00 提前闭馆. Raises Invalid."""
    return tuple(_single_day(line) for line in lines)


def single_day_line(single: SingleDay) -> str:
    """Return a single day as it is typed."""
    hours = spans_text(single.spans).replace(" ", ",") or "不开放"
    return f"{single.day} {hours} {single.reason}".strip()


def _single_day(line: str) -> SingleDay:
    parts = _DASHES.sub("-", unicodedata.normalize("NFKC", line).strip()).split(maxsplit=2)
    try:
        day = date.fromisoformat(parts[0])
    except (ValueError, IndexError):
        raise Invalid(
            "No day.",
            sentence=f"“{line[:30]}”看不懂，请写成 2026-12-31 9:00-12:00 提前闭馆 的样子。",
        ) from None
    spans = read_spans(parts[1]) if len(parts) > 1 else ()
    reason = parts[2] if len(parts) > 2 else ""
    if len(reason) > 60:
        raise Invalid("Too long.", sentence=f"{day} 的原因太长了，请不要超过 60 个字。")
    return SingleDay(day, spans, reason)


def _time(hour: int, minute: int, text: str, *, ends: bool = False) -> time:
    if ends and (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise Invalid("No time.", sentence=f"“{text[:30]}”里有不存在的时间。{_HOW}")
    return time(hour, minute)
