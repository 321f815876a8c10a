"""The zones of the sample: an invented district with what is in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from models.agency import Agency
from models.disclosure_office import DisclosureOffice
from models.venue import Area, Venue, VenueLevel, VenueType
from services import agencies, venue_editing
from services.access import Actor
from services.opening_hours import Hours
from services.venue_editing import VenueContent
from services.venues import FIRST_CODE, FIRST_PLACE


class SampleZone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One zone of the file."""

    code: str
    parent: str | None
    place: str
    type: VenueType
    level: VenueLevel
    hours: Hours
    address: str = ""
    phone: str = ""
    directions: str = ""
    extra_areas: tuple[Area, ...] = ()


class SampleOffice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office of an agency that handles applications; models.disclosure_office says what each is."""

    name: str
    address: str
    postcode: str
    phone: str
    email: str
    hours: str
    letter_prefix: str
    review_body: str
    review_address: str
    review_phone: str
    review_channel: str
    court: str
    court_address: str
    fee_payment: str


class SampleAgency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency. Unless it says otherwise, the topmost zone accepts applications for it."""

    name: str
    office: SampleOffice
    is_accepted: bool = True


class SampleZones(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: the topmost zone first, each after the one above it."""

    agencies: list[SampleAgency]
    zones: list[SampleZone]


async def add_sample_zones(file: Path, actor: Actor, *, first: str = "") -> int:
    """Set up the sample's zones, and return how many; 0 where others were set up before.

    The topmost takes the place of the zone that an installation has at first, if nobody has changed
    that. `first` is its code, "" for the sample's.
    """
    text = await asyncio.to_thread(file.read_bytes)
    sample = msgspec.json.decode(text, type=SampleZones)
    there = await Venue.all().order_by("id").limit(2)
    if len(there) > 1 or any(v.place != FIRST_PLACE or v.edits for v in there):
        return 0
    accepted = await _agencies(actor, sample.agencies)
    ids: dict[str, int] = {}
    for zone in sample.zones:
        is_top = zone.parent is None
        content = VenueContent(
            zone.place,
            zone.type,
            zone.level,
            None if zone.parent is None else ids[zone.parent],
            zone.extra_areas,
            zone.address,
            zone.phone,
            zone.directions,
            zone.hours,
            accepts_for=accepted if Area.APPLICATIONS in zone.type.required_areas else (),
        )
        if is_top and there:
            venue = await venue_editing.change(actor, there[0].id, content, edits=0)
        else:
            code = (first or FIRST_CODE) if is_top else zone.code
            venue = await venue_editing.create(actor, code, content)
        ids[zone.code] = venue.id
    return len(ids)


async def _agencies(actor: Actor, sample: list[SampleAgency]) -> tuple[int, ...]:
    """Set up the agencies, and return those that are accepted for."""
    found = []
    for one in sample:
        agency = await Agency.get_or_none(name=one.name)
        if agency is None:
            agency = await agencies.keep(actor, None, name=one.name, other_names=[])
        await DisclosureOffice.get_or_create(
            msgspec.structs.asdict(one.office), agency_id=agency.id
        )
        if one.is_accepted:
            found.append(agency.id)
    return tuple(found)
