"""Which zones and agencies somebody may keep things for, as choices of a form."""

from __future__ import annotations

from dataclasses import dataclass

from models.agency import Agency
from models.venue import Venue
from server.console.forms import Form
from services.access import Actor

SHARED = "shared"
"""What a form sends for all zones."""


@dataclass(frozen=True)
class Scopes:
    """Choices as pairs of value and label."""

    venues: list[tuple[str, str]]
    agencies: list[tuple[str, str]]


async def scopes_of(actor: Actor) -> Scopes:
    """Return the zones and agencies that somebody may choose from."""
    venues = await Venue.all().order_by("id")
    agencies = await Agency.filter(is_active=True).order_by("name")
    if actor.acts_for_agencies:
        own = [agency for agency in agencies if agency.id in actor.agency_ids]
        chosen = [(str(agency.id), agency.name) for agency in own]
        return Scopes([(SHARED, "所有专区"), *_venues(venues)], chosen)
    shared = [(SHARED, "所有专区")] if actor.works_on(None) else []
    mine = [venue for venue in venues if actor.works_on(venue.id)]
    everyone = [("", "不指定"), *((str(agency.id), agency.name) for agency in agencies)]
    return Scopes([*_venues(mine), *shared], everyone)


async def zones_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the zones that somebody keeps, as choices; an agency's officers keep none."""
    if actor.acts_for_agencies:
        return []
    return (await scopes_of(actor)).venues


def chosen_scope(form: Form, scopes: Scopes) -> tuple[int | None, int | None]:
    """Return the zone (None: all) and the agency that a form chose, with errors for any other."""
    venue, agency = form.raw("venue"), form.raw("agency_id")
    if venue not in dict(scopes.venues):
        form.errors["venue"] = "请选择由哪个专区管理。"
    if agency not in dict(scopes.agencies):
        form.errors["agency_id"] = "请选择负责的机关。"
    if form.errors:
        return None, None
    return None if venue == SHARED else int(venue), int(agency) if agency else None


def venue_value(venue_id: int | None) -> str:
    """Return what a form sends for a zone."""
    return SHARED if venue_id is None else str(venue_id)


def _venues(venues: list[Venue]) -> list[tuple[str, str]]:
    return [(str(venue.id), venue.place) for venue in venues]
