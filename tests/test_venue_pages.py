"""What the public is told of a zone: its page, the list, the API; and the zones of the sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from models.venue import Area, Closure, Venue
from server.cli.sample_zones import add_sample_zones
from services import venues
from services.access import Actor, system
from services.venue_editing import VenueContent, change
from tests.doors import SAMPLE_ZONE, Doors, open_doors

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("pages")) as opened:
        actor = system(opened.context.parts.keys.sealing)
        assert opened.run(add_sample_zones(SAMPLE_ZONE / "zones.json", actor)) == 5
        yield opened


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client(headers=HTML) as opened:
        yield opened


def test_the_sample_takes_the_place_of_the_first_zone_once(doors: Doors) -> None:
    async def again() -> tuple[int, list[str]]:
        actor = system(doors.context.parts.keys.sealing)
        added = await add_sample_zones(SAMPLE_ZONE / "zones.json", actor)
        return added, [venue.code for venue in await Venue.all().order_by("id")]

    assert doors.run(again()) == (0, ["zone", "archive", "library", "town", "village"])


def test_the_sample_leaves_alone_what_somebody_set_up(tmp_path: Path) -> None:
    with open_doors(tmp_path) as other:

        async def set_up(actor: Actor) -> int:
            first = await venues.first()
            content = VenueContent("渝某区政务服务中心", first.type, first.level)
            await change(actor, first.id, content, edits=0)
            return await add_sample_zones(SAMPLE_ZONE / "zones.json", actor)

        assert other.run(set_up(system(other.context.parts.keys.sealing))) == 0


def test_the_list_shows_every_zone(client: httpx.Client) -> None:
    page = client.get("/venues").raise_for_status().text
    for place in ("示例区政务服务中心", "示例区档案馆", "示例区图书馆", "示例村便民服务站"):
        assert f"{place}政务公开专区" in page
    assert [v["code"] for v in client.get("/api/v1/venues").json()["venues"]][-1] == "village"


def test_a_hall_says_what_it_does_and_where_it_is(client: httpx.Client) -> None:
    page = client.get("/venues/zone").raise_for_status().text
    for said in (
        "申请接收区",
        "示例路100号",
        "023-00000100",
        "公交示例路站",
        "星期一",
        "示例区人民政府办公室",
    ):
        assert said in page
    assert "要到别处办的" not in page


@pytest.mark.parametrize("code", ["library", "archive"])
def test_a_library_says_where_to_go_instead(client: httpx.Client, code: str) -> None:
    page = client.get(f"/venues/{code}").raise_for_status().text
    assert "要到别处办的" in page
    assert (
        "不设申请接收区、政策咨询区。请到示例区政务服务中心政务公开专区办理。地址：示例区示例路100号"
        in page
    )
    shown = client.get(f"/api/v1/venues/{code}").json()
    assert [area["area"] for area in shown["areas"]] == ["search", "reading"]
    [there] = shown["elsewhere"]
    assert [area["area"] for area in there["areas"]] == [
        Area.APPLICATIONS.value,
        Area.ADVICE.value,
    ]
    assert there["elsewhere"]["code"] == "zone"
    assert len(shown["week"]) == 7
    assert sum(day["is_today"] for day in shown["week"]) == 1


def test_a_closure_is_told_ahead(doors: Doors, client: httpx.Client) -> None:
    async def announce() -> None:
        venue = await Venue.get(code="town")
        day = date.today() + timedelta(days=2)  # noqa: DTZ011 - any day to come will do.
        await Closure.create(venue_id=venue.id, first_day=day, last_day=day, reason="线路检修")

    doors.run(announce())
    assert "因线路检修暂停开放" in client.get("/venues/town").text
    assert client.get("/api/v1/venues/town").json()["closures"][0]["reason"] == "线路检修"


def test_a_zone_given_up_is_gone(doors: Doors, client: httpx.Client) -> None:
    async def give_up(is_open: bool) -> None:
        await Venue.filter(code="village").update(is_open_to_public=is_open)

    doors.run(give_up(False))
    try:
        assert client.get("/venues/village").status_code == 404
        assert client.get("/api/v1/venues/village").status_code == 404
        assert "示例村" not in client.get("/venues").text
    finally:
        doors.run(give_up(True))


@pytest.mark.parametrize("path", ["/venues/nowhere", "/venues/%3Cscript%3E", "/api/v1/venues/x"])
def test_a_zone_that_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404
