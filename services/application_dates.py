"""Counting the days of open applications anew when the calendar is another.

That happens when staff import a notice, and when a newer calendar library is installed. What was shown
before stays on record: every day that moved is an event of its case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.application import Application, ApplicationState
from models.application_event import ApplicationEvent
from services import application_events, work_calendars
from services.access import Actor
from services.application_projection import project_dates
from services.clock import zone_day
from services.disclosure.events import DatesMoved
from services.disclosure.work_calendar import WorkCalendar
from services.secret_key import SecretKeys

_OPEN = [state for state in ApplicationState if state.is_open]
_SHOWN = 200


@dataclass(frozen=True)
class Moved:
    """One application whose last day for the reply is another now."""

    application_id: int
    number: str
    agency: str
    before: date | None
    after: date | None
    moved_on: date


async def recompute_dates(actor: Actor, *, now: datetime, keys: SecretKeys) -> int:
    """Count anew what was counted with another calendar; return how many last days moved.

    Safe to repeat, and for several processes at once: whoever comes second finds the version changed.
    """
    async with in_transaction() as database:
        return await recompute_in(database, actor, now=now, keys=keys)


async def recompute_in(
    database: BaseDBAsyncClient, actor: Actor, *, now: datetime, keys: SecretKeys
) -> int:
    """Do so inside the transaction that changed the calendar."""
    moved = 0
    waiting = Application.filter(state__in=_OPEN).using_db(database)
    found = await waiting.distinct().order_by("agency_id").values_list("agency_id", flat=True)
    agency_ids: list[Any] = list(found)
    for agency_id in agency_ids:
        calendar = await work_calendars.current(agency_id, using_db=database)
        stale = Application.filter(agency_id=agency_id, state__in=_OPEN).using_db(database)
        stale = stale.exclude(calendar_version=calendar.version)
        ids: list[Any] = list(await stale.order_by("id").values_list("id", flat=True))
        for application_id in ids:
            moved += await _recount(database, application_id, calendar, actor, now, keys)
    return moved


async def _recount(
    database: BaseDBAsyncClient,
    application_id: int,
    calendar: WorkCalendar,
    actor: Actor,
    now: datetime,
    keys: SecretKeys,
) -> bool:
    row, case = await application_events.locked(application_id, using_db=database)
    if row.calendar_version == calendar.version or not row.state.is_open:
        return False
    before, today = row.reply_due, zone_day(now)
    project_dates(row, case, calendar, today)
    if moved := row.reply_due != before:
        event = DatesMoved(
            on=today,
            calendar_version=calendar.version,
            reply_due_before=before,
            reply_due_after=row.reply_due,
        )
        case = case.after(event)
        row.edits = case.last_position
        await application_events.append(
            row.id, case.last_position, event, actor=actor, now=now, note="", keys=keys,
            using_db=database,
        )  # fmt: skip
    await row.save(using_db=database)
    return moved


async def moved_lately() -> list[Moved]:
    """Return the days that moved, the latest first. They tell of nobody."""
    rows = (
        await ApplicationEvent.filter(kind=str(DatesMoved.__struct_config__.tag))
        .order_by("-id")
        .limit(_SHOWN)
        .select_related("application__agency")
    )
    found = []
    for row in rows:
        event = msgspec.json.decode(row.content, type=DatesMoved)
        application = row.application
        found.append(
            Moved(
                application.id, application.number, application.agency.name,
                event.reply_due_before, event.reply_due_after, event.on,
            )
        )  # fmt: skip
    return found
