"""What no mini-program sends: numbers without an end, letters that no database keeps, bodies without a floor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors import Doors, open_doors
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen

_NUL = "%00"
_DEEP = b'{"deep":' + b"[" * 20_000


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-bad-input"), speaking=False) as opened:
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as somebody:
        somebody.agrees()
        yield somebody


@pytest.mark.parametrize("path", ["/questions", "/suggestions", "/documents"])
@pytest.mark.parametrize("page", ["000000001" + "9" * 30, "0" * 5000 + "1", "9" * 5000])
def test_a_page_number_has_an_end(phone: PhoneOfCitizen, path: str, page: str) -> None:
    response = phone.client.get(f"/mp/v1{path}", params={"page": page})
    assert response.status_code == 422, response.text[:300]


@pytest.mark.parametrize(
    "address",
    [
        f"/home?venue={_NUL}",
        f"/home?scene={_NUL}",
        f"/notices?venue=a{_NUL}",
        f"/documents?agency={_NUL}",
        f"/documents?q={_NUL}",
        f"/search?q={_NUL}x",
        f"/catalogue?venue={_NUL}",
        f"/questions/{_NUL}",
        f"/help-calls/{_NUL}",
        f"/speech/{_NUL}.mp3",
        f"/documents/1/speech/{_NUL}.mp3?version={_NUL}",
        "/questions?page=1&size=50&page=2",
    ],
)
def test_letters_that_no_database_keeps_are_no_fault_of_the_server(
    phone: PhoneOfCitizen, address: str
) -> None:
    response = phone.client.get(f"/mp/v1{address}")
    assert response.status_code < 500, response.text[:300]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"/follows/venues/{_NUL}", None),
        ("PUT", f"/follows/subjects/{_NUL}", None),
        ("POST", "/subscriptions", {"occasion": "notice", "answers": {"\0": "accept"}}),
        ("POST", "/questions", {"text": "公园几点开门\0"}),
        ("POST", "/questions", {"text": "公园几点开门", "venue": "\0"}),
        ("POST", "/suggestions", {"text": "\0"}),
        ("POST", "/ratings", {"score": 3, "about": "document:\0"}),
        ("POST", "/ratings", {"score": 3, "about": "document:" + "9" * 30}),
        ("POST", "/ask", {"text": "\0收费吗"}),
        ("POST", "/ask", {"place": 1, "turn": "\0"}),
        ("POST", "/applications/ties", {"query_code": "\0", "second_fact": "\0"}),
        ("POST", "/handovers", {"scene": "\0"}),
        ("POST", "/help-calls", {"scene": "\0"}),
        ("PUT", "/me/agreement", {"version": "\0"}),
        ("POST", "/drafts", {"venue": "\0"}),
        ("POST", "/session", {"code": "\0"}),
        ("POST", "/session/renewal", {"refresh_token": "\0"}),
        ("PUT", "/me/phone", {"code": "\0"}),
    ],
)
def test_neither_are_they_in_what_is_sent(
    phone: PhoneOfCitizen, method: str, path: str, body: object
) -> None:
    response = phone.client.request(
        method, f"/mp/v1{path}", json=body, headers={"Idempotency-Key": "bad-input"}
    )
    assert response.status_code < 500, response.text[:300]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/notices", "/home", "/session", "/questions", "/subscriptions"])
def test_a_body_without_a_floor_is_malformed(phone: PhoneOfCitizen, method: str, path: str) -> None:
    response = phone.client.request(
        method, f"/mp/v1{path}", content=_DEEP,
        headers={"Content-Type": "application/json", "Idempotency-Key": "deep"},
    )  # fmt: skip
    assert response.status_code < 500, response.text[:300]
