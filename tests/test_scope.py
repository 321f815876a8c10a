"""What one zone keeps is found there and below, and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from models.index_change import Subject
from models.question_entry import QuestionEntry
from models.venue import Venue, VenueLevel, VenueType
from services import index_changes
from tests.doors import Doors, open_doors

QUESTION = "便民驿站的轮椅可以借几天？"
ANSWER = "轮椅可以借三天，带身份证登记。"
SHARED = "申请公开政府信息要交费吗？"


@dataclass(frozen=True)
class Zones:
    """A district hall A with a village below it, and another hall B; A keeps an entry."""

    doors: Doors
    entry_id: int


@pytest.fixture(scope="module")
def zones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zones]:
    async def furnish() -> int:
        hall = {"type": VenueType.SERVICE_HALL, "level": VenueLevel.DISTRICT}
        a = await Venue.create(code="hall-a", place="甲区政务服务中心", **hall)
        await Venue.create(code="hall-b", place="乙区政务服务中心", **hall)
        await Venue.create(
            code="village-a", place="甲区某村", type=VenueType.VILLAGE_STATION,
            level=VenueLevel.VILLAGE, parent_id=a.id,
        )  # fmt: skip
        entry = await QuestionEntry.create(
            external_id="only-a", question=QUESTION, answer=ANSWER, library="甲区问答", content_hash="",
            venue_id=a.id,
        )  # fmt: skip
        await index_changes.record(Subject.QUESTION, [entry.id])
        return entry.id

    with open_doors(tmp_path_factory.mktemp("scope")) as doors:
        entry_id = doors.run(furnish())
        doors.run(doors.context.library.rebuild())
        yield Zones(doors, entry_id)


@pytest.fixture
def client(zones: Zones) -> Iterator[httpx.Client]:
    with zones.doors.client() as opened:
        yield opened


def answers(client: httpx.Client, text: str, venue: str) -> list[str]:
    reply = client.post("/api/v1/ask", json={"text": text, "venue": venue}).raise_for_status()
    return [answer["text"] for answer in reply.json()["answers"]]


def titles(client: httpx.Client, text: str, venue: str) -> list[str]:
    found = client.get("/api/v1/search", params={"q": text, "venue": venue}).raise_for_status()
    return [hit["title"] for hit in found.json()["hits"]]


@pytest.mark.parametrize("venue", ["hall-a", "village-a", ""])
def test_it_is_answered_where_it_is_kept_and_below(client: httpx.Client, venue: str) -> None:
    assert answers(client, QUESTION, venue)[0] == ANSWER
    assert titles(client, QUESTION, venue)[0] == QUESTION


@pytest.mark.parametrize("venue", ["hall-b", "zone"])
def test_it_is_not_answered_elsewhere(client: httpx.Client, venue: str) -> None:
    assert ANSWER not in answers(client, QUESTION, venue)
    assert QUESTION not in titles(client, QUESTION, venue)


@pytest.mark.parametrize("venue", ["hall-a", "hall-b", "village-a", "zone", ""])
def test_what_everybody_keeps_is_answered_the_same_everywhere(
    client: httpx.Client, venue: str
) -> None:
    everywhere = client.post("/api/v1/ask", json={"text": SHARED}).json()["answers"]
    here = client.post("/api/v1/ask", json={"text": SHARED, "venue": venue}).json()["answers"]
    assert here == everywhere


def test_a_zone_that_is_put_elsewhere_in_the_tree_finds_what_is_found_there(
    zones: Zones, client: httpx.Client
) -> None:
    async def moves_below(parent: str) -> None:
        above = await Venue.get(code=parent)
        village = await Venue.get(code="village-a")
        await Venue.filter(id=village.id).update(parent_id=above.id)
        await index_changes.record(Subject.VENUE, [village.id])

    def becomes(is_found: bool) -> bool:
        """Ask until it is so; the index follows within two seconds."""
        ends = time.monotonic() + 2.0
        while (ANSWER in answers(client, QUESTION, "village-a")) is not is_found:
            if time.monotonic() > ends:
                return False
        return True

    assert becomes(True)
    zones.doors.run(moves_below("hall-b"))
    assert becomes(False)
    zones.doors.run(moves_below("hall-a"))
    assert becomes(True)


@pytest.mark.parametrize("code", ["nowhere", "' OR 1=1 --", "hall-a "])
def test_an_unknown_zone_is_not_found(client: httpx.Client, code: str) -> None:
    asked = client.post("/api/v1/ask", json={"text": SHARED, "venue": code})
    searched = client.get("/api/v1/search", params={"q": SHARED, "venue": code})
    assert (asked.status_code, searched.status_code) == (404, 404)
    assert asked.json()["code"] == "not_found"
