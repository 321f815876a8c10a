"""What is said of a zone's hours, in words that can be read aloud."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.clock import ZONE, zone_day
from services.opening_hours import OpenDay, Timetable, Why, clock_time, closing_time

UNKNOWN = "开放时间没有登记，请先打电话问一问。"
PROVISIONAL = "那一年的放假安排还没有公布，请以公告为准。"


def open_now(timetable: Timetable, now: datetime) -> str:
    """Return whether it is open, until when, and otherwise why not and when it opens."""
    if not timetable.hours.are_known:
        return UNKNOWN
    today, opening = zone_day(now), timetable.next_opening(now)
    closes = timetable.closes_at(now)
    if closes is not None:
        return f"现在开放，{_closing(closes, opening, today)}。"
    why = _why_shut(timetable.on(today), today, opening)
    if opening is None:
        return f"{why}，什么时候开门请打电话问一问。"
    opened = f"{_day(zone_day(opening), today)}{clock_time(opening.astimezone(ZONE).time())}开门"
    provisional = timetable.on(zone_day(opening)).is_provisional
    return f"{why}，{opened}。" + (PROVISIONAL if provisional else "")


def _closing(closes: datetime, opening: datetime | None, today: date) -> str:
    at = closing_time(closes.astimezone(ZONE).time())
    if opening is not None and zone_day(opening) == today and opening > closes:
        return f"{at}关门，今天{clock_time(opening.astimezone(ZONE).time())}再开门"
    return f"今天{at}关门"


def _why_shut(day: OpenDay, today: date, opening: datetime | None) -> str:
    """Return why it is shut: before opening and after closing on a day with hours, only that."""
    if day.spans:
        later = opening is not None and zone_day(opening) == today
        return "现在没有开放" if later else "今天已经关门"
    if day.why is Why.CLOSURE:
        return f"因{day.note}暂停开放"
    if day.why is Why.HOLIDAY:
        return f"{day.note}放假"
    if day.why is Why.SINGLE_DAY and day.note:
        return f"因{day.note}今天不开放"
    return "今天不开放"


def _day(day: date, today: date) -> str:
    if day == today:
        return "今天"
    if day == today + timedelta(days=1):
        return "明天"
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日"


def days_written(first: date, last: date) -> str:
    """Return the days of a closure as a notice has them: 2026年12月1日至3日."""
    start = f"{first.year}年{first.month}月{first.day}日"
    if first == last:
        return start
    if first.year != last.year:
        return f"{start}至{last.year}年{last.month}月{last.day}日"
    month = f"{last.month}月" if last.month != first.month else ""
    return f"{start}至{month}{last.day}日"
