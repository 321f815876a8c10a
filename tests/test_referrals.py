"""An agency that a zone takes no applications for: the way there, and nothing that looks like a receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.agency import Agency
from models.application_draft import Referral
from models.database import close_database, open_database
from models.disclosure_office import DisclosureOffice
from models.venue import Venue, VenueLevel, VenueType
from services import referrals
from services.errors import NotFound
from tests.databases import database_url


@pytest.fixture(autouse=True)
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


async def test_a_zone_shows_the_way_to_an_agency_that_it_does_not_take_for() -> None:
    hall = await Venue.create(
        code="hall", place="示例区政务服务中心", type=VenueType.SERVICE_HALL,
        level=VenueLevel.DISTRICT, address="示例路100号",
    )  # fmt: skip
    library = await Venue.create(
        code="library", place="示例区图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
    )
    housing = await Agency.create(name="示例区住建委", phone="023-00000103")
    water = await Agency.create(name="示例区水利局", address="示例区河边路2号")
    await DisclosureOffice.create(agency=housing, name="住建委办公室", address="建设路30号")
    await hall.accepts_for.add(housing)
    await library.accepts_for.add(housing)

    assert await referrals.accepts(hall, housing.id)
    assert not await referrals.accepts(hall, water.id)
    # A library has no desk for applications, whatever was ticked for it.
    assert await referrals.accepted_at(library) == []
    assert [a.name for a in await referrals.others_than_accepted(hall)] == ["示例区水利局"]

    way = await referrals.refer(hall, water.id)
    assert "不代收示例区水利局" in way.sentence()
    assert "示例区河边路2号" in way.sentence()
    noted = await Referral.get()
    assert (noted.venue_id, noted.agency_id) == (hall.id, water.id)

    from_library = await referrals.refer(library, housing.id)
    assert from_library.office == "住建委办公室"
    assert from_library.zones == ("示例区政务服务中心政务公开专区（示例路100号）",)
    with pytest.raises(NotFound):
        await referrals.refer(hall, 9999)
    assert await Referral.all().count() == 2
