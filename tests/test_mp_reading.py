"""Finding, reading and hearing on a phone what the zone has."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from models.document import Document
from models.index_change import Subject
from models.ledger_count import LedgerCount
from services.access import system
from services.flushing import FLUSH_SECONDS
from services.publication import withdraw
from speech.audio import read_recording
from speech.recognition import BYTES_PER_SECOND
from tests.doors import Doors, open_doors


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-reading")) as opened:
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[httpx.Client]:
    """A phone on which nobody is signed in: reading needs no account."""
    with doors.client() as client:
        yield client


def get(phone: httpx.Client, path: str, **query: object) -> dict:  # type: ignore[type-arg]
    response = phone.get(f"/mp/v1{path}", params=query)  # type: ignore[arg-type]
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_search_finds_what_the_other_doors_find(phone: httpx.Client) -> None:
    for sought in ("申请公开要收费吗", "渝府办发〔2021〕100号"):
        there = phone.get("/api/v1/search", params={"q": sought, "venue": "zone"}).json()
        assert get(phone, "/search", q=sought) == there
        assert there["hits"]


def test_the_catalogue_is_read_page_by_page_without_gap_or_repetition(phone: httpx.Client) -> None:
    total = get(phone, "/catalogue")["total"]
    seen: list[int] = []
    page = 1
    while len(seen) < total:
        part = get(phone, "/documents", page=page, size=3)
        assert part["total"] == total
        seen += [row["id"] for row in part["documents"]]
        page += 1
    assert len(set(seen)) == total > 3
    assert get(phone, "/documents", page=page, size=3)["documents"] == []


def test_facets_are_what_filters_leave(phone: httpx.Client) -> None:
    there = get(phone, "/catalogue")
    for name in ("categories", "agencies", "validities", "years"):
        key = {"categories": "category", "agencies": "agency", "validities": "validity"}
        for facet in there[name]:
            part = get(phone, "/documents", **{key.get(name, "year"): facet["value"]})
            assert part["total"] == facet["count"], facet


def test_a_search_in_the_catalogue_says_where(phone: httpx.Client) -> None:
    found = get(phone, "/documents", q="公开申请")
    assert found["total"] == len(found["documents"]) > 0
    assert found["documents"][0]["snippet"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("page=0", id="page 0"),
        pytest.param("page=x", id="a page that is no number"),
        pytest.param("page=99999999999999999999", id="a page beyond all"),
        pytest.param("size=51", id="too many on a page"),
        pytest.param("category=nothing", id="no such subject"),
        pytest.param("validity=perhaps", id="no such validity"),
        pytest.param("year=20x6", id="no year"),
        pytest.param("q=%20%3F", id="nothing sought"),
    ],
)
def test_what_cannot_be_listed_is_said_so(phone: httpx.Client, query: str) -> None:
    response = phone.get(f"/mp/v1/documents?{query}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_a_document_is_laid_out_for_reading(phone: httpx.Client) -> None:
    listed = get(phone, "/documents", q="政府信息公开条例")["documents"]
    shown = get(phone, f"/documents/{listed[0]['id']}", find="公开")
    assert shown["hits"] > 0
    assert shown["contents"], "a regulation has a contents list"
    positions = [block["position"] for block in shown["blocks"]]
    assert {line["position"] for line in shown["contents"]} <= set(positions)
    marked = [
        run["text"]
        for block in [shown["heading"], *shown["blocks"]]
        for piece in block["pieces"]
        for run in piece["runs"]
        if run["hit"]
    ]
    assert len(marked) >= shown["hits"]
    assert set("".join(marked)) <= set("公开")
    text = "".join(run["text"] for p in shown["blocks"][0]["pieces"] for run in p["runs"])
    whole = phone.get(f"/api/v1/documents/{shown['id']}").json()
    assert text == whole["paragraphs"][0]["text"]
    place = get(phone, f"/documents/{shown['id']}", at=shown["contents"][-1]["text"])
    assert place["position"] == shown["contents"][-1]["position"]


def test_every_sentence_can_be_heard_as_mp3_in_parts(phone: httpx.Client) -> None:
    shown = get(phone, "/documents/1")
    name = next(p["name"] for p in shown["blocks"][0]["pieces"] if p["name"])
    address = shown["sound"].replace("{name}", name)
    whole = phone.get(address)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(whole.headers["content-length"]) == len(whole.content)
    assert len(read_recording(whole.content)) > BYTES_PER_SECOND // 10
    first = phone.get(address, headers={"Range": "bytes=0-1"})
    rest = phone.get(address, headers={"Range": "bytes=2-"})
    last = phone.get(address, headers={"Range": "bytes=-3"})
    assert [first.status_code, rest.status_code, last.status_code] == [206, 206, 206]
    assert first.content + rest.content == whole.content
    assert last.content == whole.content[-3:]
    assert first.headers["content-range"] == f"bytes 0-1/{len(whole.content)}"
    beyond = phone.get(address, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{len(whole.content)}"
    for odd in ("bytes=", "bytes=5-2", "lines=1-2", "bytes=0-1,4-5", "bytes=-0"):
        assert phone.get(address, headers={"Range": odd}).status_code in {200, 416}


@pytest.mark.parametrize("rate", ["0", "3", "nan", "fast", "-1"])
def test_no_sound_is_made_at_an_impossible_rate(phone: httpx.Client, rate: str) -> None:
    address = get(phone, "/documents/1")["sound"].replace("{name}", "title-0")
    assert phone.get(f"{address}&rate={rate}").status_code == 422


def test_a_slower_sound_lasts_longer(phone: httpx.Client) -> None:
    address = get(phone, "/documents/1")["sound"].replace("{name}", "title-0")
    slow, fast = (len(phone.get(f"{address}&rate={rate}").content) for rate in ("0.5", "2"))
    assert slow > fast


def test_the_original_and_the_sound_of_something_else_are_not_there(phone: httpx.Client) -> None:
    address = get(phone, "/documents/1")["sound"]
    assert phone.get(address.replace("{name}", "999999-0")).status_code == 404
    assert phone.get(address.replace("{name}", "nonsense")).status_code == 404
    stale = phone.get("/mp/v1/documents/1/speech/title-0.mp3?version=0-000000000000")
    assert stale.status_code == 409
    assert stale.json()["code"] == "replaced_meanwhile"
    for unknown in ("/documents/999999", "/documents/99999999999999", "/entries/99999999999999"):
        assert phone.get(f"/mp/v1{unknown}").status_code == 404
    assert phone.get("/mp/v1/speech/gAAAAAnonsense.mp3").status_code == 404


def test_an_entry_is_read_and_heard(phone: httpx.Client) -> None:
    hits = get(phone, "/search", q="申请公开要收费吗")["hits"]
    wanted = next(hit for hit in hits if hit["kind"] == "qa")
    entry = get(phone, f"/entries/{wanted['id']}")
    assert entry["question"] == wanted["title"]
    assert entry["source"]["title"]
    assert "".join(one["text"] for one in entry["spoken"])
    assert phone.get(entry["spoken"][0]["sound"]).headers["content-type"] == "audio/mpeg"


def test_display_and_gazettes_are_those_of_the_zone(phone: httpx.Client) -> None:
    assert get(phone, "/display", venue="zone") == get(phone, "/display")
    for issue in get(phone, "/gazettes")["issues"]:
        assert get(phone, f"/gazettes/{issue['id']}")["sections"]
    assert phone.get("/mp/v1/display?venue=nowhere").status_code == 404
    assert phone.get("/mp/v1/gazettes/424242").status_code == 404


def test_reading_on_a_phone_is_counted_and_turning_pages_is_not(
    doors: Doors, phone: httpx.Client
) -> None:
    def readings() -> int:
        async def counted() -> int:
            rows = await LedgerCount.filter(counted="reading")
            return sum(row.times for row in rows)

        return doors.run(counted())

    time.sleep(2 * FLUSH_SECONDS)
    before = readings()
    get(phone, "/documents/2")
    get(phone, "/documents/2", find="公开")
    time.sleep(2 * FLUSH_SECONDS)
    assert readings() == before + 1


def test_what_is_withdrawn_falls_silent_at_once(doors: Doors, phone: httpx.Client) -> None:
    shown = get(phone, "/documents/3")
    address = shown["sound"].replace("{name}", "title-0")
    assert phone.get(address).status_code == 200

    async def take_back() -> None:
        row = await Document.get(id=3)
        actor = system(doors.context.parts.keys.sealing, "测试")
        await withdraw(actor, Subject.DOCUMENT, row.id, reason="测试", now=datetime.now(UTC))

    doors.run(take_back())
    assert phone.get(address).status_code == 404
    assert phone.get("/mp/v1/documents/3").json()["code"] == "withdrawn"


def test_without_a_voice_there_is_text_and_no_address(tmp_path: Path) -> None:
    with open_doors(tmp_path, speaking=False) as silent, silent.client() as phone:
        shown = get(phone, "/documents/1")
        assert shown["sound"] == ""
        reply = phone.post("/mp/v1/ask", json={"text": "申请公开要收费吗"}).json()
        assert reply["outcome"] == "answer"
        assert {one["sound"] for one in reply["spoken"]} == {""}
        assert phone.get("/mp/v1/speech/not-heard.mp3").status_code == 503


def test_an_mp3_is_what_its_name_says(phone: httpx.Client) -> None:
    sound = phone.get("/mp/v1/speech/not-heard.mp3").content
    # An ID3 tag or the synchronising bits of a frame.
    assert sound[:3] == b"ID3" or struct.unpack(">H", sound[:2])[0] & 0xFFE0 == 0xFFE0
