"""The reminders of all cases that somebody works on or answers for, the most urgent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.application import Application, ApplicationState
from models.application_event import ApplicationEvent
from models.staff import Role
from services import application_access
from services.access import Actor, Permission
from services.application_events import decoded
from services.application_messages import with_messages_waiting
from services.application_projection import calendar_for
from services.disclosure.alerts import Alert, alerts
from services.disclosure.case import Case, rebuild
from services.disclosure.work_calendar import WorkCalendar

_OPEN = [state for state in ApplicationState if state.is_open]
_AT_MOST = 500
"""Cases that are looked at, those that are due first."""


@dataclass(frozen=True)
class Reminder:
    """What somebody is reminded of in one case."""

    application_id: int
    number: str
    agency: str
    assigned_to_id: int | None
    alert: Alert


@dataclass(frozen=True)
class Counts:
    """How much there is to do."""

    open: int
    late: int


async def reminders(actor: Actor, today: date) -> list[Reminder]:
    """Return what an actor is to be reminded of.

    Officers are reminded of everything in their agencies' cases, supervisors of what is late.
    """
    if not (actor.may(Permission.WORK_ON_APPLICATIONS) or actor.may(Permission.SEE_REGISTER)):
        return []
    rows = Application.filter(
        application_access.sight(actor), state__in=_OPEN, next_due_on__isnull=False
    )
    shown = await rows.order_by("next_due_on", "id").limit(_AT_MOST).prefetch_related("agency")
    cases = await cases_of(shown)
    calendars: dict[int, WorkCalendar] = {}
    found: list[Reminder] = []
    for row in shown:
        if row.agency_id not in calendars:
            calendars[row.agency_id] = await calendar_for(row.agency_id)
        reminded = alerts(
            cases[row.id], calendar=calendars[row.agency_id], today=today, way=row.delivery_way
        )
        found += [
            Reminder(row.id, row.number, row.agency.name, row.assigned_to_id, alert)
            for alert in reminded
            if alert.level.is_for_supervisor or actor.role is not Role.SUPERVISOR
        ]
    return sorted(found, key=lambda one: (-one.alert.level, one.alert.due_on, one.application_id))


async def cases_of(rows: Sequence[Application]) -> dict[int, Case]:
    """Return the cases of many applications, with one query for all of them."""
    events = defaultdict(list)
    kept = ApplicationEvent.filter(application_id__in=[row.id for row in rows])
    for event in await kept.order_by("application_id", "position"):
        events[event.application_id].append(decoded(event))
    return {application_id: rebuild(found) for application_id, found in events.items()}


async def counts(actor: Actor, today: date) -> Counts:
    """Count what waits for an officer: open, and past a last day of the agency itself or not."""
    rows = Application.filter(application_access.sight(actor), state__in=_OPEN)
    return Counts(await rows.count(), await rows.filter(next_due_on__lt=today).count())


async def with_messages(actor: Actor) -> int:
    """Count the cases, closed ones too, whose applicant sent something that waits for staff."""
    ids = await with_messages_waiting()
    return await Application.filter(application_access.sight(actor), id__in=ids).count()


async def waiting_for_check(actor: Actor) -> int:
    """Count the replies that wait for the secrecy check of a reviewer."""
    rows = Application.filter(application_access.sight(actor), state=ApplicationState.REVIEW)
    return await rows.count()


async def waiting_for_head(actor: Actor) -> int:
    """Count the extensions that wait for the word of a head."""
    return len(await undecided_extensions(actor))


async def undecided_extensions(actor: Actor) -> list[int]:
    """Return the applications whose proposed extension waits for the word of a head."""
    undecided = Application.filter(
        application_access.sight(actor), state__in=_OPEN, is_extended=False
    )
    rows = await undecided.filter(events__kind="extension_proposed").distinct()
    cases = await cases_of(rows)
    return [one for one, case in cases.items() if case.extension_proposed is not None]
