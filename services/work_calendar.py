"""Working days and holidays as the State Council announces them each year, 调休 included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import chinese_calendar
from chinese_calendar import Holiday, constants

_SATURDAY = 5
FIRST_YEAR = min(day.year for day in constants.holidays)
LAST_YEAR = max(day.year for day in constants.holidays)
"""The years whose notices the installed library carries."""
_FESTIVALS = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.national_day.value: "国庆节",
}


class DayKind(StrEnum):
    """What sort of day it is for those who work office hours."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """A day off that the yearly notice names, whatever the day of the week."""
    MAKE_UP = "make_up"
    """A Saturday or Sunday that is worked in exchange (调休上班)."""


@dataclass(frozen=True)
class CalendarDay:
    """What the yearly notice says of one day."""

    kind: DayKind
    festival: str = ""
    """The holiday it belongs to or is worked for, "" for an ordinary day."""
    is_announced: bool = True
    """False in a year whose notice is not known here: then only the day of the week counts."""


def calendar_day(day: date) -> CalendarDay:
    """Return what sort of day it is.

    Source: the yearly notice of the General Office of the State Council on holidays
    (国务院办公厅关于部分节假日安排的通知), as the library chinesecalendar carries it.
    """
    plain = DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKDAY
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return CalendarDay(plain, is_announced=False)
    is_off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return CalendarDay(plain)
    kind = DayKind.HOLIDAY if is_off else DayKind.MAKE_UP
    return CalendarDay(kind, _FESTIVALS.get(str(name), "节假日"))
