"""What the public is told of a zone, on its page and by the API."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from models.venue import ZONE_NAME, Area, Venue
from services import venues
from services.clock import zone_day
from services.errors import NotFound
from services.opening_hours import OpenDay, Why
from services.opening_words import PROVISIONAL, days_written, open_now
from services.venues import Elsewhere

_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class AreaHere(msgspec.Struct, frozen=True):
    """An area by its code and its name."""

    area: Area
    label: str


class AreasElsewhere(msgspec.Struct, frozen=True):
    """Areas that it has not, and where to go for them."""

    areas: list[AreaHere]
    sentence: str
    elsewhere: Elsewhere | None


class DayOfWeek(msgspec.Struct, frozen=True):
    """The hours of one day of this week."""

    day: date
    weekday: str
    hours: str
    """9:00—12:00、13:30—17:00, or 不开放."""
    note: str
    """Why it differs, "" where it does not."""
    is_today: bool


class ClosureAhead(msgspec.Struct, frozen=True):
    """Days on which it will be shut."""

    first_day: date
    last_day: date
    days: str
    reason: str


class VenueProfile(msgspec.Struct, frozen=True):
    """A zone as the public sees it."""

    code: str
    name: str
    """Always 政务公开专区."""
    title: str
    place: str
    type: str
    level: str
    above: str
    """The code of the zone above it, "" where there is none."""
    areas: list[AreaHere]
    elsewhere: list[AreasElsewhere]
    address: str
    phone: str
    directions: str
    is_open: bool
    open_now: str
    """Whether it is open, and until or from when, in one sentence."""
    week: list[DayOfWeek]
    provisional: str
    """A sentence where holidays of this week are not announced yet, else ""."""
    closures: list[ClosureAhead]
    accepts_for: list[str]
    """The agencies that it takes applications and questions for."""


class VenueInList(msgspec.Struct, frozen=True):
    """A zone in the list of all."""

    code: str
    title: str
    type: str
    level: str
    address: str
    phone: str
    is_open: bool
    open_now: str


async def profile(code: str, *, now: datetime) -> VenueProfile:
    """Return what the public is told of a zone. Raises NotFound, also for one given up."""
    venue = await venues.by_code(code)
    if not venue.is_open_to_public:
        raise NotFound(f"Venue {venue.id} was given up.", sentence="这个专区已经停用。")
    await venue.fetch_related("accepts_for", "parent")
    times, today = await venues.timetable_of(venue), zone_day(now)
    week = times.week_of(today) if times.hours.are_known else []
    return VenueProfile(
        code=venue.code,
        name=ZONE_NAME,
        title=venue.title,
        place=venue.place,
        type=venue.type.label,
        level=venue.level.label,
        above=venue.parent.code if venue.parent is not None else "",
        areas=[AreaHere(area, area.label) for area in Area if area in venue.areas],
        elsewhere=await _elsewhere(venue, now),
        address=venue.address,
        phone=venue.phone,
        directions=venue.directions,
        is_open=times.is_open(now),
        open_now=open_now(times, now),
        week=[_shown(day, today) for day in week],
        provisional=PROVISIONAL if any(day.is_provisional for day in week) else "",
        closures=[
            ClosureAhead(c.first, c.last, days_written(c.first, c.last), c.reason)
            for c in times.closures_ahead(today)
        ],
        accepts_for=[agency.name for agency in venue.accepts_for if agency.is_active],
    )


async def every(*, now: datetime) -> list[VenueInList]:
    """Return all zones in use, the higher levels first."""
    shown = []
    there = await venues.open_to_public()
    timetables = await venues.timetables_of(there)
    for venue in there:
        times = timetables[venue.id]
        shown.append(
            VenueInList(
                venue.code,
                venue.title,
                venue.type.label,
                venue.level.label,
                venue.address,
                venue.phone,
                times.is_open(now),
                open_now(times, now),
            )
        )
    return shown


async def _elsewhere(venue: Venue, now: datetime) -> list[AreasElsewhere]:
    """Return where to go for what a zone has not, each place once."""
    missing: dict[Elsewhere | None, list[Area]] = {}
    for area in Area:
        if area not in venue.areas:
            there = (await venues.instead_of(venue, area, now=now)).elsewhere
            missing.setdefault(there, []).append(area)
    return [
        AreasElsewhere(
            [AreaHere(area, area.label) for area in areas],
            venues.where_to_go(venue, areas, there),
            there,
        )
        for there, areas in missing.items()
    ]


def _shown(day: OpenDay, today: date) -> DayOfWeek:
    note = {Why.MAKE_UP: f"{day.note}调休", Why.CLOSURE: "临时闭馆"}.get(day.why, day.note)
    return DayOfWeek(
        day.day, _WEEKDAYS[day.day.weekday()], day.written, note, is_today=day.day == today
    )
