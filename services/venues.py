"""Zones as everybody meets them: found, their areas required, and where to go instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.venue import Area, Closure, Venue, VenueLevel, VenueType
from services import work_calendars
from services.errors import AreaMissing, NotFound
from services.hours_keeping import read_hours
from services.opening_hours import ClosedDays, Timetable
from services.opening_words import open_now
from services.venue_tree import VenueTree

FIRST_CODE = "zone"
"""The code of the zone that an installation has before anybody sets one up."""
FIRST_PLACE = "本中心"
_LONGEST_CODE = 40
"""Nothing longer is asked of the database."""


class Elsewhere(msgspec.Struct, frozen=True):
    """The nearest zone that has what this one has not."""

    code: str
    title: str
    address: str
    phone: str
    directions: str
    is_open: bool
    hours: str
    """Whether it is open, and until or from when, in one sentence."""

    def sentence(self) -> str:
        """Return where to go, in words that can be read aloud."""
        known = [
            f"地址：{self.address}" * bool(self.address),
            f"电话：{self.phone}" * bool(self.phone),
        ]
        where = "，".join(part for part in known if part)
        return f"请到{self.title}办理。{where}{'。' if where else ''}{self.hours}"


@dataclass(frozen=True)
class Instead:
    """What a page shows in the place of an area that the zone has not."""

    area: Area
    elsewhere: Elsewhere | None

    def sentence(self, here: Venue) -> str:
        """Return why not here, and where to go."""
        return where_to_go(here, [self.area], self.elsewhere)


def where_to_go(here: Venue, missing: Sequence[Area], there: Elsewhere | None) -> str:
    """Return which areas a zone has not and where to go for them, to be read aloud."""
    lacks = f"{here.title}不设{'、'.join(area.label for area in missing)}。"
    return lacks + ("请问工作人员可以到哪里办理。" if there is None else there.sentence())


async def ensure_first(code: str = "") -> None:
    """See to it that there is a zone, and that a named one is there.

    Raises NotFound where zones were set up and none has the code.
    """
    if not await Venue.exists():
        try:
            async with in_transaction():
                await Venue.create(
                    code=code or FIRST_CODE,
                    place=FIRST_PLACE,
                    type=VenueType.SERVICE_HALL,
                    level=VenueLevel.DISTRICT,
                )
        except IntegrityError:
            return  # Another process that started just now has made it.
    elif code:
        await by_code(code)


async def first(code: str = "") -> Venue:
    """Return the zone with a code, and without one the zone that was set up first."""
    if code:
        return await by_code(code)
    venue = await Venue.all().order_by("id").first()
    if venue is None:
        raise NotFound("There is no venue: ensure_first was not called.")
    return venue


async def by_code(code: str) -> Venue:
    """Return a zone. Raises NotFound."""
    # PostgreSQL takes no NUL, and no code has one.
    may_be_one = len(code) <= _LONGEST_CODE and "\0" not in code
    venue = await Venue.get_or_none(code=code) if may_be_one else None
    if venue is None:
        raise NotFound(
            "There is no venue with this code.", sentence=f"没有代码为“{code[:40]}”的专区，请核对。"
        )
    return venue


async def open_to_public() -> list[Venue]:
    """Return the zones that are in use, by level and place."""
    ranks = {level: rank for rank, level in enumerate(VenueLevel)}
    venues = await Venue.filter(is_open_to_public=True).order_by("id")
    return sorted(venues, key=lambda venue: (ranks[venue.level], venue.place))


async def tree() -> VenueTree:
    """Return how all zones lie above and below each other."""
    rows = await Venue.all().order_by("id").values_list("id", "parent_id")
    return VenueTree({int(row[0]): row[1] for row in rows})


async def timetable_of(venue: Venue) -> Timetable:
    """Return the hours of a zone with its closures."""
    return (await timetables_of([venue]))[venue.id]


async def timetables_of(some: Sequence[Venue]) -> dict[int, Timetable]:
    """Return the hours of several zones, by their ids."""
    closures: dict[int, list[ClosedDays]] = {}
    for row in await Closure.filter(venue_id__in=[v.id for v in some]).order_by("first_day", "id"):
        closed = ClosedDays(row.first_day, row.last_day, row.reason)
        closures.setdefault(row.venue_id, []).append(closed)
    day_of = (await work_calendars.current()).day
    return {
        venue.id: Timetable(read_hours(venue.hours), tuple(closures.get(venue.id, ())), day_of)
        for venue in some
    }


async def require_area(venue: Venue, area: Area, *, now: datetime | None = None) -> None:
    """Raise AreaMissing, saying where to go instead, unless the zone has an area and is in use.

    Codes on paper outlive the zone that they were put up in.
    Source: 渝府办发〔2021〕100号: archives and libraries take no applications and give no advice.
    """
    if not venue.is_open_to_public:
        there = (await instead_of(venue, area, now=now)).elsewhere
        where = there.sentence() if there else "请问工作人员可以到哪里办理。"
        sentence = f"{venue.title}已经停用。{where}"
        raise AreaMissing(f"Venue {venue.id} was given up.", sentence=sentence)
    if area not in venue.areas:
        instead = await instead_of(venue, area, now=now)
        raise AreaMissing(f"Venue {venue.id} has no area {area}.", sentence=instead.sentence(venue))


async def instead_of(venue: Venue, area: Area, *, now: datetime | None = None) -> Instead:
    """Return where people go for an area that this zone has not."""
    suiting = {
        row.id: row for row in await Venue.filter(is_open_to_public=True) if area in row.areas
    }
    nearest = (await tree()).nearest(venue.id, suiting.__contains__)
    if nearest is None:
        return Instead(area, None)
    return Instead(area, await elsewhere(suiting[nearest], now))


async def elsewhere(venue: Venue, now: datetime | None) -> Elsewhere:
    """Return a zone as somewhere to go to."""
    timetable = await timetable_of(venue)
    return Elsewhere(
        code=venue.code,
        title=venue.title,
        address=venue.address,
        phone=venue.phone,
        directions=venue.directions,
        is_open=now is not None and timetable.is_open(now),
        hours="" if now is None else open_now(timetable, now),
    )
