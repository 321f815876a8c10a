"""The register of applications (登记台账): every case in one line, without what tells of a person.

Source: Regulation on Open Government Information (2019 revision), Article 45; which columns it has is
a convention of this project.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import msgspec
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.agency import Agency
from models.application import Application, ApplicationState, Channel
from models.application_event import ApplicationEvent
from models.remedy import Remedy, RemedyKind
from services import annual_figures, applicants, application_access, register_sight
from services.access import Actor, Permission
from services.application_events import decoded
from services.applications import request_in
from services.audit import Action, record_alone
from services.clock import ZONE, zone_day
from services.disclosure import register_lines
from services.disclosure.register_lines import Column
from services.disclosure.report_other_tables import RemedyColumn
from services.disclosure.report_tables import ReportColumn, ReportRow
from services.secret_key import UNREADABLE, SecretKeys

MOST_EXPORTED = 20_000
"""Lines that a workbook takes."""
_AT_ONCE = 500
_HIDDEN = "——"
_LONGEST_ITEM = 80
_LONG_NUMBER = re.compile(r"\d{11,17}[\dXx]?")
"""A telephone or an identity number that somebody wrote into what they ask for."""


class Standing(StrEnum):
    """How far the listed cases have come."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"open": "办理中", "overdue": "超过答复期限", "closed": "已办结"}[self.value]


@dataclass(frozen=True)
class Wanted:
    """Which cases somebody wants to see; None and "" for all."""

    agency_id: int | None = None
    number: str = ""
    """A part of 登记编号."""
    standing: Standing | None = None
    channel: Channel | None = None
    first_day: date | None = None
    """Of the days on which they were sent in."""
    last_day: date | None = None
    year: int | None = None
    """Whose report counts them: with one of the two below."""
    row: ReportRow | None = None
    column: ReportColumn | None = None
    remedy: RemedyKind | None = None
    result: RemedyColumn | None = None


@dataclass(frozen=True)
class Line:
    """One case of the register."""

    application_id: int
    cells: dict[Column, str]


async def count(actor: Actor, wanted: Wanted, *, today: date) -> int:
    """Return how many cases there are. Raises NotAllowed."""
    return await (await _found(actor, wanted, today)).count()


async def find(
    actor: Actor,
    wanted: Wanted,
    *,
    keys: SecretKeys,
    today: date,
    offset: int = 0,
    limit: int = 50,
) -> list[Line]:
    """Return some lines, the newest first. Raises NotAllowed."""
    rows = await (await _found(actor, wanted, today)).order_by("-id").offset(offset).limit(limit)
    return await _lines(actor, rows, keys)


async def everything(actor: Actor, wanted: Wanted, *, keys: SecretKeys, today: date) -> list[Line]:
    """Return all lines in the order of their numbers, for a workbook; that they were taken is on
    record. Raises NotAllowed."""
    found = await _found(actor, wanted, today)
    rows = await found.order_by("id").limit(MOST_EXPORTED)
    lines: list[Line] = []
    for place in range(0, len(rows), _AT_ONCE):
        lines += await _lines(actor, rows[place : place + _AT_ONCE], keys)
    await record_alone(
        actor, Action.REGISTER_EXPORTED, "application_register",
        agency_id=wanted.agency_id, year=wanted.year, lines=len(lines),
    )  # fmt: skip
    return lines


async def note_seen(actor: Actor, wanted: Wanted, *, page: int, found: int) -> None:
    """Put on record that somebody looked at a part of the register."""
    await record_alone(
        actor, Action.REGISTER_SEEN, "application_register",
        agency_id=wanted.agency_id, year=wanted.year, page=page, found=found,
    )  # fmt: skip


async def _found(actor: Actor, wanted: Wanted, today: date) -> QuerySet[Application]:
    actor.require(Permission.SEE_REGISTER)
    ids = [agency.id for agency in await register_sight.agencies(actor)]
    found = Application.filter(application_access.sight(actor), agency_id__in=ids if ids else [-1])
    if wanted.agency_id is not None:
        found = found.filter(agency_id=wanted.agency_id)
    if wanted.number:
        found = found.filter(number__icontains=wanted.number)
    if wanted.channel is not None:
        found = found.filter(channel=wanted.channel)
    if wanted.first_day is not None:
        found = found.filter(submitted_at__gte=_midnight(wanted.first_day))
    if wanted.last_day is not None:
        found = found.filter(submitted_at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    if wanted.standing is not None:
        found = found.filter(_standing(wanted.standing, today))
    if wanted.year is not None and wanted.row is not None:
        column = wanted.column or ReportColumn.TOTAL
        found = found.filter(
            annual_figures.counted_in(wanted.row, wanted.year), annual_figures.from_whom(column)
        )
    if wanted.year is not None and wanted.remedy is not None:
        which = annual_figures.remedies_in(wanted.result or RemedyColumn.TOTAL, wanted.year)
        disputed = await Remedy.filter(which, kind=wanted.remedy).order_by("id")
        found = found.filter(id__in=[row.application_id for row in disputed] or [-1])
    return found


def _standing(standing: Standing, today: date) -> Q:
    closed = Q(state__in=[state for state in ApplicationState if not state.is_open])
    if standing is Standing.CLOSED:
        return closed
    return ~closed & Q(reply_due__lt=today) if standing is Standing.OVERDUE else ~closed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


async def _lines(actor: Actor, rows: Sequence[Application], keys: SecretKeys) -> list[Line]:
    ids = [row.id for row in rows]
    agencies = {agency.id: agency.name for agency in await Agency.all()}
    people = await applicants.masked_many(actor, rows, keys=keys)
    events: dict[int, list[register_lines.Happened]] = {}
    stored = ApplicationEvent.filter(application_id__in=ids).order_by("application_id", "position")
    for event in await stored:
        happened = register_lines.Happened(decoded(event), event.staff_name)
        events.setdefault(event.application_id, []).append(happened)
    remedies: dict[int, list[Remedy]] = {}
    for remedy in await Remedy.filter(application_id__in=ids).order_by("id"):
        remedies.setdefault(remedy.application_id, []).append(remedy)
    return [
        Line(
            row.id,
            {
                Column.AGENCY: agencies.get(row.agency_id, ""),
                Column.NAME: people[row.id].name or _HIDDEN,
                Column.ITEM: _item(actor, row, keys),
                Column.SUBMITTED: zone_day(row.submitted_at).isoformat(),
                **register_lines.of_row(row),
                **register_lines.of_events(events.get(row.id, [])),
                Column.REMEDY: register_lines.remedies(remedies.get(row.id, [])),
            },
        )
        for row in rows
    ]


def _item(actor: Actor, row: Application, keys: SecretKeys) -> str:
    """Return what is asked for in short, to whom it concerns."""
    if row.anonymised_at is not None or not application_access.may_see_words(actor, row):
        return _HIDDEN
    try:
        summary = request_in(row, keys).summary()
    except msgspec.DecodeError:
        return UNREADABLE
    text = _LONG_NUMBER.sub("***", " ".join(summary.split()))
    return text if len(text) <= _LONGEST_ITEM else f"{text[: _LONGEST_ITEM - 1]}…"
