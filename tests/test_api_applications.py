"""Applying and asking over the API: once however often it is sent, and nothing told to who guesses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from models.agency import Agency
from models.applicant import Applicant
from models.application import Application, Channel
from models.application_draft import Referral
from models.venue import Venue, VenueLevel, VenueType
from server.rate_limit import RateLimit
from tests.doors import Doors, open_doors

APPLICATIONS = "/api/v1/applications"
STATUS = "/api/v1/applications/status"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("api-applications")) as opened:
        opened.context.applications_limit = RateLimit(1000)
        yield opened


@pytest.fixture(scope="module")
def agencies(doors: Doors) -> tuple[int, int]:
    async def made() -> tuple[int, int]:
        venue = await Venue.all().order_by("id").first()
        assert venue is not None
        agency = await Agency.create(name="示例区住建委")
        other = await Agency.create(name="示例区水利局", address="河边路2号")
        await venue.accepts_for.add(agency)
        await Venue.create(
            code="library", place="示例区图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
        )
        return agency.id, other.id

    return doors.run(made())


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


def body(agency_id: int, /, **changed: Any) -> dict[str, Any]:
    filled = {
        "agency_id": agency_id,
        "person": {
            "name": "Anna O'Neil", "identity_kind": "passport", "identity_number": "E12345678",
            "phone": "13800001234",
        },
        "request": {"title": "绿化规划", "delivery_way": "email", "carrier": "electronic"},
        "notice_version": "2026-1",
    }  # fmt: skip
    return filled | changed


def sent(client: httpx.Client, key: str, filled: dict[str, Any]) -> httpx.Response:
    return client.post(APPLICATIONS, json=filled, headers={"Idempotency-Key": key})


def count(doors: Doors) -> int:
    async def counted() -> int:
        return await Application.all().count()

    return doors.run(counted())


def test_an_application_is_filed_once_however_often_it_is_sent(
    doors: Doors, client: httpx.Client, agencies: tuple[int, int]
) -> None:
    before = count(doors)
    first = sent(client, "a", body(agencies[0]))
    assert first.status_code == 201, first.text
    receipt = first.json()
    again = sent(client, "a", body(agencies[0]))
    assert (again.status_code, again.json()) == (200, receipt)
    for changed in (
        {"request": {"title": "别的", "delivery_way": "email", "carrier": "paper"}},
        {"person": {"name": "李四", "phone": "13800001234"}},
    ):
        other = sent(client, "a", body(agencies[0], **changed))
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")
    assert count(doors) == before + 1
    assert "O'Neil" not in first.text

    async def kept() -> tuple[Application, Applicant]:
        row = await Application.get(number=receipt["number"])
        return row, await Applicant.get(application_id=row.id)

    row, applicant = doors.run(kept())
    assert row.channel is Channel.ONLINE
    # A program cannot say that it has seen a document.
    assert applicant.identity_check.value == "none"


@pytest.mark.parametrize(
    ("key", "changed", "status", "code"),
    [
        pytest.param("", {}, 422, "idempotency_key_missing", id="no key"),
        pytest.param("k" * 101, {}, 422, "idempotency_key_missing", id="long key"),
        pytest.param("b", {"purpose": "研究"}, 422, "invalid", id="a purpose is not asked for"),
        pytest.param("b", {"agency_id": 999}, 422, "invalid", id="no such agency"),
        pytest.param("b", {"venue": "nowhere"}, 404, "not_found", id="no such zone"),
        pytest.param("b", {"venue": "library"}, 403, "area_missing", id="takes none"),
        pytest.param("b", {"person": {"name": "张三"}}, 422, "no_contact", id="no contact"),
        pytest.param(
            "b", {"request": {"delivery_way": "post", "carrier": "paper"}}, 422,
            "nothing_described", id="nothing described",
        ),
        pytest.param(
            "b", {"person": {"name": "张三", "phone": "1", "identity_check": "card_reader"}}, 422,
            "invalid", id="claims to have been checked",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_filed_is_said_with_a_code_and_nothing_is_kept(
    doors: Doors,
    client: httpx.Client,
    agencies: tuple[int, int],
    key: str,
    changed: dict[str, Any],
    status: int,
    code: str,
) -> None:
    before = count(doors)
    refused = sent(client, key, body(agencies[0], **changed))
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert count(doors) == before


def test_an_agency_that_the_zone_does_not_take_for_gets_the_way_and_no_clock(
    doors: Doors, client: httpx.Client, agencies: tuple[int, int]
) -> None:
    before = count(doors)
    listed = client.get("/api/v1/agencies").json()["agencies"]
    assert [(a["name"], a["accepted"]) for a in listed] == [
        ("示例区住建委", True),
        ("示例区水利局", False),
    ]
    refused = sent(client, "c", body(agencies[1])).json()
    assert refused["code"] == "not_accepted_here"
    assert "河边路2号" in refused["sentence"]
    assert count(doors) == before

    async def noted() -> int:
        return await Referral.filter(agency_id=agencies[1]).count()

    assert doors.run(noted()) == 1


def test_how_it_stands_needs_both_facts_and_shows_nothing_of_the_person(
    client: httpx.Client, agencies: tuple[int, int]
) -> None:
    receipt = sent(client, "d", body(agencies[0])).json()
    for second_fact in ("1234", "5678"):
        asked = {"query_code": receipt["query_code"], "second_fact": second_fact}
        shown = client.post(STATUS, json=asked)
        assert shown.status_code == 200, shown.text
        assert shown.json()["number"] == receipt["number"]
        for hidden in ("O'Neil", "E12345678", "13800001234", "绿化规划"):
            assert hidden not in shown.text


def test_guessing_gets_slow(client: httpx.Client, agencies: tuple[int, int]) -> None:
    receipt = sent(client, "e", body(agencies[0])).json()
    wrong = {"query_code": receipt["query_code"], "second_fact": "0000"}
    tries = [client.post(STATUS, json=wrong) for _ in range(8)]
    assert tries[0].json()["code"] == "wrong_query_code"
    assert tries[-1].json()["code"] == "must_wait"
    # Whoever guesses has to wait even with the right fact.
    right = client.post(STATUS, json=wrong | {"second_fact": "1234"})
    assert right.status_code == 429
