"""An agency that takes applications, a zone that accepts for it, and their people; services alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from models.agency import Agency
from models.application import Carrier, Channel, DeliveryWay
from models.database import close_database, open_database
from models.staff import Role, Staff
from models.venue import Venue, VenueLevel, VenueType
from services.access import Actor
from services.applications import Filing
from services.disclosure.request import Person, Request
from services.secret_key import SecretKeys
from tests.databases import database_url

KEYS = SecretKeys.of(Fernet.generate_key())
PERSON = Person(
    name="张三", identity_number="11010519491231002X", phone="13800001234", address="示例市示例区"
)
REQUEST = Request(
    title="2024年老旧小区改造预算", delivery_way=DeliveryWay.IN_PERSON, carrier=Carrier.PAPER
)


class ApplicationOffice:
    """Everybody who has to do with the applications to one agency."""

    agency_id: int
    other_agency_id: int
    venue_id: int
    other_venue_id: int
    clerk: Actor
    officer: Actor
    head: Actor
    reviewer: Actor

    @classmethod
    async def opened(cls, keys: SecretKeys = KEYS, name: str = "") -> ApplicationOffice:
        """Set it up."""
        office = cls()
        office._keys = keys
        agency = await Agency.create(name=f"示例区住房城乡建设委{name}")
        other = await Agency.create(name=f"示例区水利局{name}")
        office.agency_id, office.other_agency_id = agency.id, other.id
        venue, elsewhere = [
            await Venue.create(
                code=f"{code}{name}", place=place, type=VenueType.SERVICE_HALL,
                level=VenueLevel.DISTRICT,
            )
            for code, place in (("hall", "示例区政务服务中心"), ("other", "外区政务服务中心"))
        ]  # fmt: skip
        office.venue_id, office.other_venue_id = venue.id, elsewhere.id
        await venue.accepts_for.add(agency)
        office.clerk = await office.person("小陈", Role.CLERK, venue_ids={venue.id})
        office.reviewer = await office.person("老李", Role.REVIEWER, venue_ids={venue.id})
        office.officer = await office.person("小王", Role.AGENCY_OFFICER, agency_ids={agency.id})
        office.head = await office.person("赵主任", Role.OFFICE_HEAD, agency_ids={agency.id})
        return office

    _keys: SecretKeys
    _people = 0

    async def person(
        self,
        name: str,
        role: Role,
        *,
        venue_ids: set[int] | frozenset[int] = frozenset(),
        agency_ids: set[int] | frozenset[int] = frozenset(),
    ) -> Actor:
        """Hire somebody."""
        self._people += 1
        staff = await Staff.create(
            username=f"{role.value}-{self.agency_id}-{self._people}", display_name=name, role=role,
            password_hash="",
        )  # fmt: skip
        return Actor(
            staff.id, name, role, frozenset(venue_ids), frozenset(agency_ids), False,
            self._keys.sealing,
        )  # fmt: skip


def filing(office: ApplicationOffice, **changes: Any) -> Filing:
    """Return an application as a door takes it in."""
    given: dict[str, Any] = {
        "agency_id": office.agency_id, "venue_id": office.venue_id, "channel": Channel.COUNTER,
        "person": PERSON, "request": REQUEST,
    }  # fmt: skip
    return Filing(**(given | changes))


@asynccontextmanager
async def open_office(data_dir: Path) -> AsyncIterator[ApplicationOffice]:
    """Open the database of a folder, with an office in it."""
    await open_database(database_url(data_dir))
    try:
        yield await ApplicationOffice.opened()
    finally:
        await close_database()
