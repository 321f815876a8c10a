"""Days as the zone counts them: a moment belongs to the day it is in China."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def zone_day(moment: datetime) -> date:
    """Return the day in China on which a moment falls."""
    return moment.astimezone(ZONE).date()
