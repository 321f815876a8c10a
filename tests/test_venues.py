"""Zones in the database: there is always one, and each knows where to go instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from models.database import close_database, open_database
from models.venue import Area, Venue, VenueLevel, VenueType
from services import venues
from services.clock import ZONE
from services.errors import AreaMissing, NotFound
from services.hours_keeping import written_hours
from tests.databases import database_url
from tests.test_opening_hours import HALL

TUESDAY_AFTERNOON = datetime(2026, 11, 24, 14, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


async def hall_and_library() -> tuple[Venue, Venue]:
    hall = await Venue.create(
        code="hall", place="示例区政务服务中心", type=VenueType.SERVICE_HALL,
        level=VenueLevel.DISTRICT, address="示例路1号", phone="023-00000000",
        hours=written_hours(HALL),
    )  # fmt: skip
    library = await Venue.create(
        code="library", place="示例区图书馆", type=VenueType.LIBRARY,
        level=VenueLevel.TOWN, parent_id=hall.id,
    )  # fmt: skip
    return hall, library


async def test_there_is_always_a_zone() -> None:
    await venues.ensure_first()
    await venues.ensure_first()
    [only] = await Venue.all()
    assert (only.code, only.title) == ("zone", "本中心政务公开专区")
    assert only.areas == frozenset(Area)
    assert (await venues.first()).id == only.id


async def test_a_named_zone_is_made_first_and_must_be_there_later() -> None:
    await venues.ensure_first("hall-a")
    assert (await venues.first("hall-a")).code == "hall-a"
    with pytest.raises(NotFound) as refused:
        await venues.ensure_first("hall-b")
    assert "hall-b" in refused.value.sentence


async def test_a_hall_has_every_area() -> None:
    hall, _ = await hall_and_library()
    for area in Area:
        await venues.require_area(hall, area, now=TUESDAY_AFTERNOON)


@pytest.mark.parametrize("area", [Area.APPLICATIONS, Area.ADVICE])
async def test_a_library_says_where_to_go_instead(area: Area) -> None:
    _, library = await hall_and_library()
    with pytest.raises(AreaMissing) as refused:
        await venues.require_area(library, area, now=TUESDAY_AFTERNOON)
    assert refused.value.code == "area_missing"
    assert refused.value.sentence == (
        f"示例区图书馆政务公开专区不设{area.label}。请到示例区政务服务中心政务公开专区办理。"
        "地址：示例路1号，电话：023-00000000。现在开放，今天17:00关门。"
    )


async def test_a_library_alone_sends_nobody_to_a_zone_given_up() -> None:
    hall, library = await hall_and_library()
    await Venue.filter(id=hall.id).update(is_open_to_public=False)
    with pytest.raises(AreaMissing) as refused:
        await venues.require_area(library, Area.ADVICE)
    assert refused.value.sentence.endswith("请问工作人员可以到哪里办理。")
