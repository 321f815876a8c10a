"""Stretches of days that the ledger is read by. No clock and no database."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from services.clock import ZONE

LONGEST_DAYS = 3 * 366
_EARLIEST = date(2000, 1, 1)


class Step(StrEnum):
    """How finely a period is divided."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"day": "按天", "week": "按周", "month": "按月"}[self.value]


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date | None, last: date | None, *, today: date) -> Period:
        """Return the days that somebody asked for: without an end until today, without a beginning
        from the first of the month; the right way round, no longer than LONGEST_DAYS, and at a time
        when there may be something to show.
        """
        latest = today + timedelta(days=366)
        last = min(max(last or today, _EARLIEST), latest)
        first = min(max(first or last.replace(day=1), _EARLIEST), latest)
        first, last = min(first, last), max(first, last)
        return cls(max(first, last - timedelta(days=LONGEST_DAYS - 1)), last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """Return what this period is compared with: whole months with as many months before them,
        anything else with as many days.
        """
        end = self.first - timedelta(days=1)
        if self.first.day == 1 and self.last.day == _length(self.last):
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
            index = self.first.year * 12 + self.first.month - 1 - (months + 1)
            return Period(date(index // 12, index % 12 + 1, 1), end)
        return Period(self.first - timedelta(days=self.days), end)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return the first moment of it and the first one after it, in China."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), ZONE), datetime.combine(after, time(), ZONE)


@dataclass(frozen=True)
class Part:
    """One day, week or month of a period, cut off at its ends."""

    period: Period
    label: str


def parts(period: Period, step: Step) -> list[Part]:
    """Return the parts of a period in order. Weeks begin on Monday."""
    return list(_parts(period, step))


def _parts(period: Period, step: Step) -> Iterator[Part]:
    at = period.first
    while at <= period.last:
        if step is Step.DAY:
            end, label = at, f"{at:%m-%d}" if period.days <= 366 else f"{at:%Y-%m-%d}"
        elif step is Step.WEEK:
            end = at + timedelta(days=6 - at.weekday())
            label = f"{at:%m-%d}至{min(end, period.last):%m-%d}"
        else:
            end, label = at.replace(day=_length(at)), f"{at:%Y-%m}"
        end = min(end, period.last)
        yield Part(Period(at, end), label)
        at = end + timedelta(days=1)


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
