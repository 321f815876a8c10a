"""What a new day changes in the rows of applications, though nothing happened to them.

Two things depend on the day itself: a party's 15 working days go by, so that the count goes on; and the
seven days for asking for a correction go by, so that the reply is what is due next.
"""

from __future__ import annotations

from datetime import date

from tortoise.transactions import in_transaction

from models.application import Application, DueKind
from services import application_events
from services.application_projection import calendar_for, project_dates

_CHANGED_BY_TIME = [DueKind.CONSULTATION, DueKind.ASK_CORRECTION]


async def refresh(today: date) -> int:
    """Count anew what a day that is over changes; return how many rows there were.

    Safe to repeat, and for several processes at once.
    """
    stale = Application.filter(next_due_on__lt=today, next_due_kind__in=_CHANGED_BY_TIME)
    ids = [row.id for row in await stale.order_by("id").only("id")]
    for application_id in ids:
        async with in_transaction() as database:
            row, case = await application_events.locked(application_id, using_db=database)
            project_dates(row, case, await calendar_for(row.agency_id), today)
            await row.save(using_db=database)
    return len(ids)
