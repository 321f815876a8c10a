"""The calendar that periods are counted by: working days, 调休, and years not announced yet.

Source: 全国年节及纪念日放假办法 (2024 revision) and the yearly notice of the General Office of the State
Council. Article 33 and the other articles of the regulation count working days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version as version_of

from services.disclosure.statutory_holidays import statutory_holidays
from services.work_calendar import FIRST_YEAR, LAST_YEAR, CalendarDay, DayKind, calendar_day

_SATURDAY = 5
_DECEMBER = 12
_LONGEST_VERSION = 64
"""What the column has room for."""


@dataclass(frozen=True)
class HolidayYear:
    """What one notice says. It may name days of the December before: 元旦 reaches back at times."""

    year: int
    days_off: Mapping[date, str]
    """To the festival."""
    days_worked: Mapping[date, str]
    """Weekend days that are worked in exchange (调休上班), to the festival."""
    version: int = 1


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Which days are working days."""

    years: Mapping[int, HolidayYear] = field(default_factory=dict)
    """Imported notices. Each takes the place of what is built in for its year."""
    overlays: Sequence[HolidayYear] = ()
    """Local days of one agency or region, over everything else. 条例 knows none: off by default."""
    version: str = ""
    """Changes whenever an answer of this calendar may change."""

    def day(self, day: date) -> CalendarDay:
        """Return what sort of day it is."""
        for overlay in self.overlays:
            if day in overlay.days_off or day in overlay.days_worked:
                return _named(day, overlay, is_announced=self.is_announced(day.year))
        following = self.years.get(day.year + 1) if day.month == _DECEMBER else None
        if following and (day in following.days_off or day in following.days_worked):
            return _named(day, following)
        if (own := self.years.get(day.year)) is not None:
            return _named(day, own)
        return _built_in_day(day)

    def is_working(self, day: date) -> bool:
        """Return whether a day counts as a working day (工作日)."""
        return self.day(day).kind in {DayKind.WORKDAY, DayKind.MAKE_UP}

    def is_announced(self, year: int) -> bool:
        """Return whether the holiday notice of a year is known."""
        return year in self.years or FIRST_YEAR <= year <= LAST_YEAR


def built_in() -> WorkCalendar:
    """Return the calendar as the installed library has it, with nothing imported."""
    return calendar_of(())


def calendar_of(
    years: Sequence[HolidayYear], overlays: Sequence[tuple[str, HolidayYear]] = ()
) -> WorkCalendar:
    """Return the calendar of imported notices, one for a year, and of overlays with their scope."""
    parts = [version_of("chinesecalendar")]
    parts += [f"{year.year}.{year.version}" for year in sorted(years, key=lambda each: each.year)]
    parts += [f"{scope}/{year.year}.{year.version}" for scope, year in overlays]
    version = "+".join(parts)
    if len(version) > _LONGEST_VERSION:
        version = f"{parts[0]}+{sha256(version.encode()).hexdigest()[:24]}"
    return WorkCalendar(
        {year.year: year for year in years}, tuple(year for _, year in overlays), version
    )


def _named(day: date, notice: HolidayYear, *, is_announced: bool = True) -> CalendarDay:
    if (festival := notice.days_off.get(day)) is not None:
        return CalendarDay(DayKind.HOLIDAY, festival, is_announced)
    if (festival := notice.days_worked.get(day)) is not None:
        return CalendarDay(DayKind.MAKE_UP, festival, is_announced)
    return CalendarDay(_plain(day), is_announced=is_announced)


@cache
def _built_in_day(day: date) -> CalendarDay:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return calendar_day(day)
    if (festival := statutory_holidays(day.year).get(day)) is not None:
        return CalendarDay(DayKind.HOLIDAY, festival, is_announced=False)
    return CalendarDay(_plain(day), is_announced=False)


def _plain(day: date) -> DayKind:
    return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKDAY
