"""The calendar in use: what is built in, and the notices and local days that staff imported."""

from __future__ import annotations

from datetime import date

from tortoise.backends.base.client import BaseDBAsyncClient

from models.holiday_notice import HolidayNotice
from services.disclosure.work_calendar import HolidayYear, WorkCalendar, calendar_of

NATIONAL = ""
"""The scope of the notice for the whole country."""


def agency_scope(agency_id: int) -> str:
    """Return the scope of days that one agency alone has off."""
    return f"agency:{agency_id}"


async def current(
    agency_id: int | None = None, *, using_db: BaseDBAsyncClient | None = None
) -> WorkCalendar:
    """Return the calendar, with the local days of an agency where it has any.

    Read anew each time, so that every process counts by a notice from the moment it is in: the rows are
    a handful. Who counts many cases asks once.
    """
    scopes = [NATIONAL] if agency_id is None else [NATIONAL, agency_scope(agency_id)]
    notices = HolidayNotice.filter(scope__in=scopes).order_by("year", "version")
    newest: dict[tuple[str, int], HolidayYear] = {}
    for notice in await (notices if using_db is None else notices.using_db(using_db)):
        newest[notice.scope, notice.year] = _year_of(notice)
    return calendar_of(
        [year for (scope, _), year in newest.items() if scope == NATIONAL],
        [(scope, year) for (scope, _), year in newest.items() if scope != NATIONAL],
    )


def _year_of(notice: HolidayNotice) -> HolidayYear:
    return HolidayYear(
        notice.year, _days(notice.days_off), _days(notice.days_worked), notice.version
    )


def _days(named: dict[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): festival for day, festival in named.items()}
