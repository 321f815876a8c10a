"""Until when the office answers what people leave."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from services.clock import ZONE, zone_day
from services.work_calendar import DayKind, calendar_day

QUESTION_WITHIN = 5
"""Working days within which a question is answered. A convention of this project: no law says."""
SUGGESTION_WITHIN = 15
"""Working days within which a suggestion is answered. A convention of this project: no law says."""


def due_at(received_at: datetime, working_days: int) -> datetime:
    """Return the last moment in time: the end of that working day in China.

    The day of receipt is day zero. Weekends that are worked in exchange (调休) count.
    """
    day = working_days_after(zone_day(received_at), working_days)
    return datetime.combine(day, time(23, 59, 59), ZONE)


def working_days_after(day: date, working_days: int) -> date:
    """Return the day on which so many working days have passed since a day."""
    while working_days > 0:
        day += timedelta(days=1)
        if calendar_day(day).kind in {DayKind.WORKDAY, DayKind.MAKE_UP}:
            working_days -= 1
    return day
