"""When a zone is open: usual weeks, seasons, holidays, weekends worked in exchange, closures.

Nothing here reads the clock or the database. Moments are given with their time zone and count as
they are in China. Libraries may have hours on holidays and a zone in them its own narrower ones
(公共图书馆法, article 38), so every rule is the zone's and none is the type's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from services.clock import ZONE, zone_day
from services.work_calendar import CalendarDay, DayKind, calendar_day

DAYS_AHEAD = 60
"""How far the next opening is looked for."""
_MIDNIGHT = time(0)
_LEAP_DAY, _LAST_OF_FEBRUARY = "02-29", "02-28"

TimeOfDay = Annotated[time, msgspec.Meta(tz=False)]
MonthDay = Annotated[str, msgspec.Meta(pattern=r"^\d\d-\d\d$")]
"""A day of any year, 05-01."""


class Span(msgspec.Struct, frozen=True, order=True):
    """From one time of a day to another. Closing at 00:00 is closing at the day's end."""

    opens: TimeOfDay
    closes: TimeOfDay

    def holds(self, moment: time) -> bool:
        """Return whether it is open then; at its closing time it is closed."""
        return self.opens <= moment and (moment < self.closes or self.closes == _MIDNIGHT)

    def written(self) -> str:
        """Return it as a notice board has it: 9:00—12:00."""
        return f"{clock_time(self.opens)}—{closing_time(self.closes)}"


Spans = tuple[Span, ...]
Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
NEVER: Week = ((), (), (), (), (), (), ())


class Season(msgspec.Struct, frozen=True):
    """Other hours from one day of the year to another, both included; it may span New Year."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    first: MonthDay
    last: MonthDay
    week: Week

    def holds(self, day: date) -> bool:
        """Return whether a day is in it. One that ends on 28 February ends with February."""
        month_day = f"{day:%m-%d}"
        last = _LEAP_DAY if self.last == _LAST_OF_FEBRUARY else self.last
        if self.first <= last:
            return self.first <= month_day <= last
        return month_day >= self.first or month_day <= last


class HolidayRule(StrEnum):
    """What happens on public holidays (法定节假日)."""

    CLOSED = "closed"
    SPECIAL = "special"
    """Open, with hours of their own."""
    AS_USUAL = "as_usual"


class MakeUpRule(StrEnum):
    """What happens on weekends worked in exchange (调休上班日)."""

    AS_WEEKDAY = "as_weekday"
    """The hours of the first weekday that has any."""
    AS_USUAL = "as_usual"
    """The hours of the Saturday or Sunday it is."""
    SHUT = "shut"


class SingleDay(msgspec.Struct, frozen=True):
    """One day with hours of its own, or with none."""

    day: date
    spans: Spans
    reason: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is set about the hours of one zone, in the shape that its row keeps."""

    week: Week = NEVER
    seasons: tuple[Season, ...] = ()
    on_holidays: HolidayRule = HolidayRule.CLOSED
    holiday_spans: Spans = ()
    on_make_up_days: MakeUpRule = MakeUpRule.AS_WEEKDAY
    single_days: tuple[SingleDay, ...] = ()

    @property
    def are_known(self) -> bool:
        """Whether anybody has set any."""
        weeks = (self.week, *(season.week for season in self.seasons))
        return any(spans for week in weeks for spans in week)


@dataclass(frozen=True)
class ClosedDays:
    """Days on which a zone is shut, announced ahead."""

    first: date
    last: date
    reason: str


class Why(StrEnum):
    """Which rule gave a day its hours."""

    USUAL = "usual"
    SEASON = "season"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    SINGLE_DAY = "single_day"
    CLOSURE = "closure"


@dataclass(frozen=True)
class OpenDay:
    """The hours of one day, and why it has them."""

    day: date
    spans: Spans
    why: Why
    note: str = ""
    """The season, festival or reason behind it."""
    is_provisional: bool = False
    """The year's holidays were not announced yet: a holiday may still change it."""

    @property
    def written(self) -> str:
        """The hours as a notice board has them."""
        return "、".join(span.written() for span in self.spans) or "不开放"


@dataclass(frozen=True)
class Timetable:
    """The hours of a zone with its closures: what can be asked about when it is open."""

    hours: Hours
    closures: Sequence[ClosedDays] = ()
    day_of: Callable[[date], CalendarDay] = calendar_day
    """What sort of day it is; in an installation with the notices that staff imported."""

    def on(self, day: date) -> OpenDay:
        """Return the hours of a day. A closure counts before a single day, that before a holiday,
        that before the season.
        """
        known = self.day_of(day)
        provisional = not known.is_announced
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return OpenDay(day, (), Why.CLOSURE, closure.reason)
        for single in self.hours.single_days:
            if single.day == day:
                return OpenDay(day, single.spans, Why.SINGLE_DAY, single.reason)
        return _by_calendar(self.hours, day, known) or _by_week(self.hours, day, provisional)

    def is_open(self, now: datetime) -> bool:
        """Return whether it is open at a moment."""
        return self._span_at(now) is not None

    def closes_at(self, now: datetime) -> datetime | None:
        """Return when it closes next, None where it is closed now."""
        span = self._span_at(now)
        return None if span is None else _moment_of(zone_day(now), span.closes, ends=True)

    def next_opening(self, now: datetime) -> datetime | None:
        """Return the first opening after a moment, None where there is none for DAYS_AHEAD days."""
        for day in _days_from(zone_day(now), DAYS_AHEAD):
            for span in self.on(day).spans:
                opens = _moment_of(day, span.opens)
                if opens > now:
                    return opens
        return None

    def week_of(self, day: date) -> list[OpenDay]:
        """Return the days of a day's week, Monday first."""
        monday = day - timedelta(days=day.weekday())
        return [self.on(one) for one in _days_from(monday, 7)]

    def closures_ahead(self, day: date) -> list[ClosedDays]:
        """Return the closures that are not over, the nearest first."""
        return sorted(
            (closure for closure in self.closures if closure.last >= day),
            key=lambda closure: (closure.first, closure.last),
        )

    def _span_at(self, now: datetime) -> Span | None:
        moment = now.astimezone(ZONE)
        spans = self.on(moment.date()).spans
        return next((span for span in spans if span.holds(moment.time())), None)


def _by_calendar(hours: Hours, day: date, known: CalendarDay) -> OpenDay | None:
    """Return what the rules for holidays and weekends worked in exchange make of a day."""
    if known.kind is DayKind.HOLIDAY and hours.on_holidays is not HolidayRule.AS_USUAL:
        spans = hours.holiday_spans if hours.on_holidays is HolidayRule.SPECIAL else ()
        return OpenDay(day, spans, Why.HOLIDAY, known.festival)
    if known.kind is DayKind.MAKE_UP and hours.on_make_up_days is not MakeUpRule.AS_USUAL:
        as_weekday = hours.on_make_up_days is MakeUpRule.AS_WEEKDAY
        week = _week_on(hours, day)[0]
        spans = next((spans for spans in week[:5] if spans), ()) if as_weekday else ()
        return OpenDay(day, spans, Why.MAKE_UP, known.festival)
    return None


def _by_week(hours: Hours, day: date, provisional: bool) -> OpenDay:
    week, season = _week_on(hours, day)
    why = Why.SEASON if season else Why.USUAL
    return OpenDay(day, week[day.weekday()], why, season, provisional)


def _week_on(hours: Hours, day: date) -> tuple[Week, str]:
    """Return the week that counts on a day, and the season's name."""
    for season in hours.seasons:
        if season.holds(day):
            return season.week, season.name
    return hours.week, ""


def _days_from(day: date, count: int) -> Iterator[date]:
    for offset in range(count):
        yield day + timedelta(days=offset)


def _moment_of(day: date, at: time, *, ends: bool = False) -> datetime:
    if ends and at == _MIDNIGHT:
        day += timedelta(days=1)
    return datetime.combine(day, at, ZONE)


def clock_time(at: time) -> str:
    """Return a time as it is written: 9:00."""
    return f"{at.hour}:{at.minute:02}"


def closing_time(at: time) -> str:
    """Return a closing time as it is written: 24:00 for the day's end."""
    return "24:00" if at == _MIDNIGHT else clock_time(at)
