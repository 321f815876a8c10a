"""Setting up zones and changing them: what administrators do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.index_change import Subject
from models.venue import VENUE_CODE, Area, Closure, Venue, VenueLevel, VenueType
from services import index_changes, venues
from services.access import Actor, Permission
from services.audit import Action, record
from services.errors import EditedMeanwhile, Invalid, NotFound
from services.hours_keeping import written_hours
from services.opening_hours import Hours
from services.venue_areas import areas_of, may_be_above

_LONGEST = {"place": 200, "address": 300, "phone": 60, "directions": 2000}


class VenueContent(msgspec.Struct, frozen=True):
    """All that an administrator sets about a zone."""

    place: str
    type: VenueType
    level: VenueLevel
    parent_id: int | None = None
    extra_areas: tuple[Area, ...] = ()
    address: str = ""
    phone: str = ""
    directions: str = ""
    hours: Hours = Hours()
    is_open_to_public: bool = True
    accepts_for: tuple[int, ...] = ()
    """Ids of agencies."""


async def visible_to(actor: Actor) -> list[Venue]:
    """Return the zones that somebody works for, in the order of their ids."""
    actor.require(Permission.LOOK)
    return [venue for venue in await Venue.all().order_by("id") if actor.sees(venue.id)]


async def one(actor: Actor, venue_id: int) -> Venue:
    """Return a zone to change, with its agencies. Raises NotFound for another's."""
    actor.require(Permission.MANAGE_VENUES)
    venue = await Venue.get_or_none(id=venue_id).prefetch_related("accepts_for")
    if venue is None:
        raise NotFound(f"There is no venue {venue_id}.")
    actor.require_sight(venue.id)
    actor.require_work(venue.id)
    return venue


async def create(actor: Actor, code: str, content: VenueContent) -> Venue:
    """Set up a zone.

    Raises Invalid for a code that is taken or no code, and for what the rules forbid.
    """
    actor.require(Permission.MANAGE_VENUES)
    if actor.venue_ids is not None and content.parent_id is None:
        raise Invalid("No parent.", sentence="请选择上级专区。")
    if not re.fullmatch(VENUE_CODE, code):
        raise Invalid(
            "No code.",
            sentence="代码只能用小写字母、数字和连字符，不超过40个字符，例如 yubei-hall。",
        )
    row = await _checked(actor, content, None)
    try:
        async with in_transaction() as database:
            venue = await Venue.create(using_db=database, code=code, **row)
            await _take_agencies(venue, content.accepts_for, database)
            await index_changes.record(Subject.VENUE, [venue.id], using_db=database)
            await record(
                *(actor, Action.VENUE_CHANGED, f"venue:{venue.id}"),
                venue_id=venue.id,
                using_db=database,
                made=True,
            )
    except IntegrityError:
        raise Invalid("Taken.", sentence=f"代码“{code}”已经用了，请换一个。") from None
    return venue


async def change(actor: Actor, venue_id: int, content: VenueContent, *, edits: int) -> Venue:
    """Change a zone. Raises EditedMeanwhile where it was changed since it was shown."""
    venue = await one(actor, venue_id)
    row = await _checked(actor, content, venue)
    async with in_transaction() as database:
        changed = await (
            Venue.filter(id=venue.id, edits=edits)
            .using_db(database)
            .update(**row, edits=F("edits") + 1)
        )
        if not changed:
            raise EditedMeanwhile(f"Venue {venue.id} has other edits than {edits}.")
        await _take_agencies(venue, content.accepts_for, database)
        if venue.parent_id != content.parent_id:
            await index_changes.record(Subject.VENUE, [venue.id], using_db=database)
        await record(
            *(actor, Action.VENUE_CHANGED, f"venue:{venue.id}"),
            venue_id=venue.id,
            using_db=database,
        )
    return await one(actor, venue_id)


async def announce_closure(
    actor: Actor, venue_id: int, first_day: date, last_day: date, reason: str, *, today: date
) -> None:
    """Announce days on which a zone is shut. Raises Invalid for days that are over."""
    venue = await one(actor, venue_id)
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise Invalid("No reason.", sentence="请写明闭馆的原因，不超过200个字。")
    if last_day < first_day or last_day < today:
        raise Invalid("No days.", sentence="闭馆的最后一天不能早于第一天，也不能早于今天。")
    async with in_transaction() as database:
        closure = await Closure.create(
            using_db=database,
            venue_id=venue.id,
            first_day=first_day,
            last_day=last_day,
            reason=reason,
        )
        await record(
            *(actor, Action.VENUE_CHANGED, f"venue:{venue.id}"),
            venue_id=venue.id,
            using_db=database,
            closure=closure.id,
        )


async def call_off_closure(actor: Actor, venue_id: int, closure_id: int) -> None:
    """Take an announced closure back. Raises NotFound."""
    venue = await one(actor, venue_id)
    async with in_transaction() as database:
        gone = await Closure.filter(id=closure_id, venue_id=venue.id).using_db(database).delete()
        if not gone:
            raise NotFound(f"Venue {venue.id} has no closure {closure_id}.")
        await record(
            *(actor, Action.VENUE_CHANGED, f"venue:{venue.id}"),
            venue_id=venue.id,
            using_db=database,
            closure_called_off=closure_id,
        )


async def closures_of(venue: Venue) -> list[Closure]:
    """Return the closures of a zone, the latest first."""
    return await Closure.filter(venue_id=venue.id).order_by("-first_day", "-id").limit(100)


async def _checked(actor: Actor, content: VenueContent, venue: Venue | None) -> dict[str, Any]:
    """Return the columns of a zone. Raises Invalid for what the rules forbid."""
    if not content.place.strip():
        raise Invalid("No place.", sentence="请填写所在场所。")
    for name, longest in _LONGEST.items():
        if len(getattr(content, name)) > longest:
            raise Invalid(f"{name} is too long.", sentence=f"填写的内容太长，最多{longest}个字。")
    await _check_place_in_tree(actor, content, venue)
    extra = areas_of(content.type, content.extra_areas) - content.type.required_areas
    return {
        "place": content.place.strip(),
        "type": content.type,
        "level": content.level,
        "parent_id": content.parent_id,
        "extra_areas": sorted(area.value for area in extra),
        "address": content.address.strip(),
        "phone": content.phone.strip(),
        "directions": content.directions.strip(),
        "hours": written_hours(content.hours),
        "is_open_to_public": content.is_open_to_public,
    }


async def _check_place_in_tree(actor: Actor, content: VenueContent, venue: Venue | None) -> None:
    if content.parent_id is not None:
        parent = await Venue.get_or_none(id=content.parent_id)
        if parent is None or not (
            actor.sees(parent.id) or (venue is not None and venue.parent_id == parent.id)
        ):
            raise Invalid("No such parent.", sentence="没有这个上级专区，请重新选择。")
        if not may_be_above(parent.level, parent.type, content.level, content.type):
            raise Invalid(
                "The parent is not of a higher level.",
                sentence=f"{parent.title}是{parent.level.label}{parent.type.label}，"
                f"不能作{content.level.label}{content.type.label}的上级。",
            )
        if venue is not None and venue.id in (await venues.tree()).upwards(parent.id):
            raise Invalid("A circle.", sentence="上级专区不能是它自己或者它的下级。")
    if venue is not None:
        below = await Venue.filter(parent_id=venue.id).order_by("id")
        wrong = [
            child.place
            for child in below
            if not may_be_above(content.level, content.type, child.level, child.type)
        ]
        if wrong:
            raise Invalid(
                "Children are of no lower level.",
                sentence=f"这样改以后，这些专区就不能在它下面了：{'、'.join(wrong[:3])}，请先调整它们。",
            )


async def _take_agencies(
    venue: Venue, agency_ids: Iterable[int], database: BaseDBAsyncClient
) -> None:
    agencies = await Agency.filter(id__in=list(agency_ids)).using_db(database)
    await venue.accepts_for.clear(using_db=database)
    if agencies:
        await venue.accepts_for.add(*agencies, using_db=database)
