"""A small town: two agencies, two zones, its staff, and an application that somebody filed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.applicant import IdentityCheck
from models.application import Application, ApplicationState, Carrier, Channel, DeliveryWay, FiledBy
from models.database import close_database, open_database
from models.staff import Role, Staff
from models.venue import Venue, VenueLevel, VenueType
from services import applicants
from services.access import Actor, actor_of
from services.disclosure.request import Agent, Person, Request
from services.secret_key import SecretKeys, obtain_keys
from tests.databases import database_url

PERSON = Person(
    name="阿依古丽·买买提",
    identity_number="11010519491231002x",
    identity_check=IdentityCheck.DOCUMENT_SEEN,
    check_note="卡面如此",
    phone="138 1234 5678",
    address="重庆市渝北区松石大道 1 号" + "附" * 480,
    postcode="401120",
    email="ayiguli@example.org",
    agent=Agent(name="张三", identity_number="440524188001010014", phone="13900001111"),
    help_wanted="大字",
)
REQUEST = Request(
    title="老旧小区改造预算", features="三号楼漏水那次", delivery_way=DeliveryWay.POST,
    carrier=Carrier.PAPER, suggests_publication=True,
)  # fmt: skip
CODE = "SHOW-CODE"


class Town:
    """A database with two agencies, two zones and one application."""

    def __init__(self, keys: SecretKeys) -> None:
        self.keys = keys
        self.filed = 0

    async def build(self) -> None:
        self.ours = await Agency.create(name="示例区住房城乡建设委")
        self.theirs = await Agency.create(name="示例区财政局")
        self.zone = await _zone("here")
        self.other_zone = await _zone("there")
        await self.zone.accepts_for.add(self.ours)
        await self.other_zone.accepts_for.add(self.theirs)
        self.clerk = await self.person(Role.CLERK, self.zone)
        self.application = await self.files(PERSON)

    async def person(self, role: Role, *bound_to: Venue | Agency) -> Actor:
        staff = await Staff.create(
            username=f"p{await Staff.all().count()}", display_name="某人", role=role,
            password_hash="",
        )  # fmt: skip
        for thing in bound_to:
            await (staff.venues if isinstance(thing, Venue) else staff.agencies).add(thing)  # type: ignore[arg-type]
        return await actor_of(staff, self.keys.sealing)

    async def files(self, person: Person, **changed: object) -> Application:
        self.filed += 1
        values: dict[str, object] = {
            "number": f"2026-001-{self.filed:05}", "query_code": f"{CODE}{self.filed}",
            "agency": self.ours, "venue": self.zone, "channel": Channel.COUNTER,
            "filed_by": FiledBy.CLERK, "recorded_by_id": self.clerk.staff_id,
            "applicant_kind": person.kind, "org_category": person.org_category,
            "encrypted_request": self.keys.encrypt(msgspec.json.encode(REQUEST).decode()),
            "delivery_way": DeliveryWay.POST, "carrier": Carrier.PAPER,
            "state": ApplicationState.RECEIVED, "submitted_at": datetime.now(UTC),
        }  # fmt: skip
        async with in_transaction() as database:
            row = await Application.create(**(values | changed), using_db=database)
            await applicants.keep(row.id, person, row.query_code, keys=self.keys, database=database)
        return row


async def _zone(code: str) -> Venue:
    return await Venue.create(
        code=code, place=code, type=VenueType.SERVICE_HALL, level=VenueLevel.DISTRICT
    )


@asynccontextmanager
async def town_below(folder: Path) -> AsyncIterator[Town]:
    """Build one in a database of a folder's own."""
    await open_database(database_url(folder))
    made = Town(await asyncio.to_thread(obtain_keys, folder / "secret.key"))
    try:
        await made.build()
        yield made
    finally:
        await close_database()
