"""Suggestions are taken in, answered and counted; faces are touched and counted by the day."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from models.ledger_count import Counted, LedgerCount
from models.rating import Rating
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from server.growing_delay import GrowingDelay
from server.rate_limit import RateLimit
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.people import AtTheConsole, at_the_console

WORDS = "希望公报多放几份大字版"
ANSWER = "下月起每期加印大字版十份。"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("suggestions")) as opened:
        opened.run(
            Venue.create(
                code="library", place="示例区图书馆", type=VenueType.LIBRARY,
                level=VenueLevel.DISTRICT,
            )
        )  # fmt: skip
        yield opened


@pytest.fixture(autouse=True)
def patient(doors: Doors) -> None:
    doors.context.suggestions_limit = RateLimit(1000)
    doors.context.look_up_delay = GrowingDelay()


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


def opened_by(clerk: AtTheConsole, number: str) -> tuple[str, str]:
    """Return the console's address of a suggestion and its edit count."""
    found = re.search(
        rf'href="(/console/suggestions/\d+)">{number}<', clerk.sees("/console/suggestions")
    )
    assert found
    page = clerk.sees(found[1])
    assert WORDS in page
    edits = re.search(r'name="edits" value="(\d+)"', page)
    assert edits
    return found[1], edits[1]


def test_a_suggestion_is_taken_in_answered_and_read_by_its_number(
    doors: Doors, client: httpx.Client
) -> None:
    left = client.post("/kiosk/suggestions", json={"text": WORDS})
    assert left.status_code == 201
    number = left.json()["number"]
    with at_the_console(doors, Role.CLERK) as clerk, at_the_console(doors, Role.CLERK) as other:
        address, edits = opened_by(clerk, number)
        sent = clerk.sends(f"{address}/answer", answer=ANSWER, edits=edits)
        assert sent.status_code == 303
        assert other.sends(f"{address}/answer", answer="迟了", edits=edits).status_code == 409
        assert "已答复 1 条" in clerk.sees("/console/suggestions")
        assert number in clerk.sees("/console/suggestions", done="1")
    told = client.get(f"/kiosk/questions/{number}").json()
    assert (told["kind"], told["answer"]) == ("suggestion", ANSWER)
    assert client.get(f"/api/v1/suggestions/{number}").json()["answer"] == ANSWER
    assert client.get(f"/api/v1/questions/{number}").status_code == 404
    assert ANSWER in client.post("/answers", data={"number": number}).text
    assert WORDS not in str(told)
    with at_the_console(doors, Role.REVIEWER) as reviewer:
        assert reviewer.looks("/console/suggestions") == 403


def test_one_without_sense_is_closed(doors: Doors, client: httpx.Client) -> None:
    number = client.post("/api/v1/suggestions", json={"text": WORDS}).json()["number"]
    with at_the_console(doors, Role.CLERK) as clerk:
        address, edits = opened_by(clerk, number)
        assert clerk.sends(f"{address}/close", edits=edits).status_code == 303
    told = client.get(f"/api/v1/suggestions/{number}").json()
    assert told["state"] == "closed"
    assert "已经办结" in told["sentence"]


def test_the_public_page_works_without_a_script(doors: Doors, client: httpx.Client) -> None:
    page = client.get("/suggestions", headers={"Accept": "text/html"}).text
    action = re.search(r'action="([^"]+)"', page)
    assert action
    assert client.post(action[1], data={"text": " "}).status_code == 422
    kept = client.post(action[1], data={"text": "字" * 501})
    assert kept.status_code == 422
    assert "字" * 501 in kept.text, "what was typed is not lost"
    sent = client.post(action[1], data={"text": WORDS})
    assert re.search(r"编号 \d{6}-\d{6}", sent.text)


def test_libraries_take_none_and_say_where_to_go(client: httpx.Client) -> None:
    refused = client.post("/api/v1/suggestions", json={"text": WORDS, "venue": "library"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "area_missing"
    page = client.get("/suggestions?venue=library").text
    assert "本中心" in page
    assert "<form" not in page
    assert client.post("/suggestions?venue=library", data={"text": WORDS}).status_code == 403


def test_suggestions_are_counted_and_not_in_the_database(
    doors: Doors, client: httpx.Client
) -> None:
    async def counted() -> int:
        rows = await LedgerCount.filter(counted=Counted.SUGGESTION)
        return sum(row.times for row in rows)

    before = doors.run(counted())
    client.post("/kiosk/suggestions", json={"text": WORDS})
    began = time.monotonic()
    while doors.run(counted()) <= before:  # Counts are written each second.
        assert time.monotonic() - began < 2 * BUSY
    data = doors.context.parts.settings.data_dir
    written = b"".join(f.read_bytes() for f in data.rglob("*") if f.is_file())
    assert WORDS.encode() not in written


def test_a_touched_face_is_counted_by_the_day_without_the_time(
    doors: Doors, client: httpx.Client
) -> None:
    doors.context.ratings_limit = RateLimit(1000)
    asked = client.post("/api/v1/ask", json={"text": "申请政府信息公开要收费吗"}).json()
    entry = asked["answers"][0]
    about = f"question:{entry['id']}"
    for score in (1, 1, 1, 3):
        rated = client.post("/kiosk/ratings", json={"score": score, "about": about})
        assert rated.status_code == 201
    assert client.post("/kiosk/ratings", json={"score": 2}).status_code == 201
    with at_the_console(doors, Role.SUPERVISOR) as supervisor:
        page = supervisor.sees("/console/ratings")
    cells = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert f"{entry['title']} 3 次 4 次" in cells
    assert "1 1 3 40%" in cells, "satisfied, fair, unsatisfied, and the share"

    async def kept() -> set[str]:
        return set(vars(await Rating.all().first())) & {"at", "created_at", "rated_at"}  # type: ignore[arg-type]

    assert doors.run(kept()) == set()


@pytest.mark.parametrize(
    "body",
    [{"score": 4}, {"score": 0}, {"score": "满意"}, {"score": 1, "about": "person:王某"}, {}],
)
def test_a_face_that_is_none_is_refused(client: httpx.Client, body: dict[str, object]) -> None:
    assert client.post("/kiosk/ratings", json=body).status_code == 422
