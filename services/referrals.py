"""The way to an agency that a zone does not take applications for (指引).

A zone takes applications only for the agencies that authorised it. For any other it shows where that
agency's office is, and notes that it did: it gives no receipt, and no period begins.
"""

from __future__ import annotations

from collections.abc import Awaitable

import msgspec

from models.agency import Agency
from models.application_draft import Referral
from models.disclosure_office import DisclosureOffice
from models.venue import Area, Venue
from services.application_filing import Filed
from services.errors import NotAcceptedHere, NotFound


class Directions(msgspec.Struct, frozen=True):
    """Where somebody goes, writes or calls instead."""

    agency_id: int
    agency: str
    office: str
    """The office of the agency that handles applications, "" where it is not known."""
    address: str
    postcode: str
    phone: str
    email: str
    fax: str
    hours: str
    online_channel: str
    zones: tuple[str, ...]
    """Zones that do take applications for it, with their addresses."""

    def sentence(self) -> str:
        """Return where to go, in words that can be read aloud."""
        known = [
            f"地址：{self.address}" if self.address else "",
            f"电话：{self.phone}" if self.phone else "",
            f"也可以到{self.zones[0]}提交" if self.zones else "",
        ]
        told = "。".join(part for part in known if part)
        return f"这里不代收{self.agency}的申请。请直接向{self.office or self.agency}提出申请。" + (
            f"{told}。" if told else "请问工作人员怎样联系。"
        )


async def accepted_at(venue: Venue) -> list[Agency]:
    """Return the agencies that a zone takes applications for, by name."""
    if Area.APPLICATIONS not in venue.areas:
        return []
    return await venue.accepts_for.filter(is_active=True).order_by("name", "id")


async def accepts(venue: Venue, agency_id: int) -> bool:
    """Return whether a zone takes applications for an agency."""
    return any(agency.id == agency_id for agency in await accepted_at(venue))


async def others_than_accepted(venue: Venue) -> list[Agency]:
    """Return the agencies in use that a zone takes no applications for."""
    accepted = [agency.id for agency in await accepted_at(venue)]
    return await Agency.filter(is_active=True).exclude(id__in=accepted).order_by("name", "id")


async def directions_to(agency_id: int) -> Directions:
    """Return how to reach an agency. Raises NotFound."""
    agency = await Agency.get_or_none(id=agency_id)
    if agency is None:
        raise NotFound(f"There is no agency {agency_id}.")
    office = await DisclosureOffice.get_or_none(agency_id=agency_id)
    taking = await Venue.filter(accepts_for__id=agency_id, is_open_to_public=True).order_by("id")
    return Directions(
        agency_id=agency.id,
        agency=agency.name,
        office=office.name if office else "",
        address=(office.address if office else "") or agency.address,
        postcode=office.postcode if office else "",
        phone=(office.phone if office else "") or agency.phone,
        email=office.email if office else "",
        fax=office.fax if office else "",
        hours=office.hours if office else "",
        online_channel=office.online_channel if office else "",
        zones=tuple(
            f"{zone.title}（{zone.address}）" if zone.address else zone.title
            for zone in taking
            if Area.APPLICATIONS in zone.areas
        ),
    )


async def filed_or_referred(venue: Venue, agency_id: int, filing: Awaitable[Filed]) -> Filed:
    """Return what an application became; where the zone does not take it, note the referral.

    Raises NotAcceptedHere, whose sentence says where to go instead.
    """
    try:
        return await filing
    except NotAcceptedHere as refused:
        directions = await refer(venue, agency_id)
        raise NotAcceptedHere(str(refused), sentence=directions.sentence()) from None


async def refer(venue: Venue, agency_id: int) -> Directions:
    """Note that somebody was shown the way to an agency, and return the way. Raises NotFound."""
    directions = await directions_to(agency_id)
    await Referral.create(venue_id=venue.id, agency_id=agency_id, agency_name=directions.agency)
    return directions
