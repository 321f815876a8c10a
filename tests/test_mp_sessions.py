"""Signing in on a phone, staying signed in, signing out: with good tokens, worn out, forged, stolen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from models.citizen import Citizen, CitizenSession
from server.rate_limit import RateLimit
from services import citizen_sessions, citizens
from services.wechat import WeChatFailed, WeChatUserBlocked
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen, scripted_wechat_of

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-sessions"), speaking=False) as opened:
        opened.context.citizens_limit = RateLimit(1000)
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as opened:
        yield opened


def refused(response: Any, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def pass_by(doors: Doors, phone: PhoneOfCitizen, span: timedelta) -> None:
    """Let a span pass, as the sessions of one person see it."""

    citizen_id = phone.citizen().id

    async def moved() -> None:
        for session in await CitizenSession.filter(citizen_id=citizen_id):
            session.token_ends_at -= span
            session.refresh_ends_at -= span
            if session.renewed_at is not None:
                session.renewed_at -= span
            await session.save()

    doors.run(moved())


def test_a_token_that_is_no_text_is_nobodys(doors: Doors) -> None:
    with httpx.Client(base_url=doors.url) as client:
        for method, path in (("GET", "/mp/v1/me"), ("DELETE", "/mp/v1/session")):
            answer = client.request(method, path, headers=[(b"Authorization", b"Bearer \xff\xfe")])
            refused(answer, 401, "not_signed_in")


def _is_moment(value: object) -> bool:
    """Whether a value is a date with a time: a phone counts from now, its clock may be wrong."""
    return re.match(r"\d{4}-\d\d-\d\dT", str(value)) is not None


def test_whoever_signs_in_is_known_from_then_on(doors: Doors, phone: PhoneOfCitizen) -> None:
    assert phone.session["expires_in"] == 7200
    assert phone.session["refresh_expires_in"] == 30 * 86400
    assert phone.session["has_agreed"] is False
    assert phone.session["offers_large"] is False
    assert len(phone.session["token"]) >= 43
    assert not [value for value in phone.session.values() if _is_moment(value)]
    first = phone.citizen().id
    phone.sign_in()
    assert phone.citizen().id == first
    assert phone.gets("/me")["phone"] == ""


def test_a_code_is_good_once_and_no_other_code_is(doors: Doors) -> None:
    wechat = scripted_wechat_of(doors)
    with doors.client() as client:
        code = wechat.code_for("oTwice")
        assert client.post("/mp/v1/session", json={"code": code}).status_code == 201
        for wrong in (code, "the code is a mock one", "x" * 200, wechat.phone_code_for("1380000")):
            refused(client.post("/mp/v1/session", json={"code": wrong}), 422, "wechat_code_refused")
        for wrong in ("", "x" * 201, 5, None):
            refused(client.post("/mp/v1/session", json={"code": wrong}), 422, "invalid")
        assert client.post("/mp/v1/session", content=b"\xff{").status_code == 400


def test_what_wechat_says_of_somebody_or_of_itself_is_told(doors: Doors) -> None:
    wechat = scripted_wechat_of(doors)
    with doors.client() as client:
        try:
            wechat.failing = WeChatUserBlocked("40226")  # type: ignore[assignment]
            refused(client.post("/mp/v1/session", json={"code": "x"}), 403, "wechat_user_blocked")
            wechat.failing = WeChatFailed("The token call timed out.")
            refused(client.post("/mp/v1/session", json={"code": "x"}), 503, "wechat_failed")
        finally:
            wechat.failing = None
        doors.context.parts.wechat = None
        refused(client.post("/mp/v1/session", json={"code": "x"}), 503, "wechat_missing")
        doors.context.parts.wechat = wechat


def test_signing_in_too_often_from_one_address_is_slowed(doors: Doors) -> None:
    before = doors.context.citizens_limit
    doors.context.citizens_limit = RateLimit(3)
    try:
        with doors.client() as client:
            seen = [client.post("/mp/v1/session", json={"code": "x"}).status_code for _ in "1234"]
        assert seen == [422, 422, 422, 429]
    finally:
        doors.context.citizens_limit = before


def test_a_renewal_whose_answer_was_lost_gets_the_same_answer(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    old = phone.session
    first = phone.renew()
    body = {"refresh_token": old["refresh_token"]}
    again = phone.client.post("/mp/v1/session/renewal", json=body).json()
    assert (again["token"], again["refresh_token"]) == (first["token"], first["refresh_token"])
    assert first["token"] != old["token"] and first["refresh_token"] != old["refresh_token"]
    assert phone.gets("/me")
    phone.client.headers["Authorization"] = f"Bearer {old['token']}"
    refused(phone.client.get("/mp/v1/me"), 401, "not_signed_in")


def test_renewals_that_come_at_once_get_one_answer(doors: Doors, phone: PhoneOfCitizen) -> None:
    keys, refresh = doors.context.parts.keys, phone.session["refresh_token"]

    async def all_at_once() -> list[Any]:
        now = datetime.now(UTC)
        return await asyncio.gather(
            *(citizen_sessions.renew(refresh, keys=keys, now=now) for _ in range(12))
        )

    answers = doors.run(all_at_once())
    assert len({(issued.token, issued.refresh_token) for _, issued in answers}) == 1
    phone.client.headers["Authorization"] = f"Bearer {answers[0][1].token}"
    assert phone.gets("/me")


def test_a_renewal_with_a_stolen_token_ends_the_session(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    old = phone.session
    phone.renew()
    pass_by(doors, phone, timedelta(seconds=61))
    body = {"refresh_token": old["refresh_token"]}
    refused(phone.client.post("/mp/v1/session/renewal", json=body), 401, "session_ended")
    refused(phone.client.get("/mp/v1/me"), 401, "not_signed_in")
    body = {"refresh_token": phone.session["refresh_token"]}
    refused(phone.client.post("/mp/v1/session/renewal", json=body), 401, "not_signed_in")


def test_a_worn_out_token_is_renewed_and_an_unused_session_ends(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    pass_by(doors, phone, timedelta(hours=2, seconds=1))
    refused(phone.client.get("/mp/v1/me"), 401, "session_ended")
    phone.renew()
    assert phone.gets("/me")
    pass_by(doors, phone, 30 * DAY + timedelta(seconds=1))
    body = {"refresh_token": phone.session["refresh_token"]}
    refused(phone.client.post("/mp/v1/session/renewal", json=body), 401, "session_ended")
    assert doors.run(citizen_sessions.remove_ended(datetime.now(UTC))) >= 1
    refused(phone.client.post("/mp/v1/session/renewal", json=body), 401, "not_signed_in")


def test_signing_out_ends_one_phone_alone(doors: Doors, phone: PhoneOfCitizen) -> None:
    with phone_of_citizen(doors, phone.openid) as other:
        assert other.client.delete("/mp/v1/session").status_code == 204
        refused(other.client.get("/mp/v1/me"), 401, "not_signed_in")
        refused(other.client.delete("/mp/v1/session"), 401, "not_signed_in")
        body = {"refresh_token": other.session["refresh_token"]}
        refused(other.client.post("/mp/v1/session/renewal", json=body), 401, "not_signed_in")
    assert phone.gets("/me")


def test_somebody_has_ten_phones_at_most(doors: Doors, phone: PhoneOfCitizen) -> None:
    for _ in range(12):
        phone.sign_in()
    citizen_id = phone.citizen().id

    async def count() -> int:
        return await CitizenSession.filter(citizen_id=citizen_id).count()

    assert doors.run(count()) == citizen_sessions.MOST_SESSIONS
    assert phone.gets("/me")


def test_tokens_that_were_not_given_out_open_nothing(phone: PhoneOfCitizen) -> None:
    token, refresh = phone.session["token"], phone.session["refresh_token"]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for forged in (changed, refresh, token + "x", "null", "' OR 1=1 --", "\x80é" * 20):
        header = f"Bearer {forged}".encode()
        refused(
            phone.client.get("/mp/v1/me", headers={b"Authorization": header}), 401, "not_signed_in"
        )
    no_text = {b"Authorization": b"Bearer \xff\xfe"}
    refused(phone.client.get("/mp/v1/me", headers=no_text), 401, "not_signed_in")
    phone.client.headers["Authorization"] = f"bearer {token}"
    assert phone.gets("/me")


def test_a_phone_whose_clock_is_a_day_off_is_like_any_other(phone: PhoneOfCitizen) -> None:
    for off in (DAY, -DAY):
        there = (datetime.now(UTC) + off).strftime("%a, %d %b %Y %H:%M:%S GMT")
        phone.client.headers["Date"] = there
        phone.client.headers["If-Modified-Since"] = there
        phone.renew()
        assert phone.session["expires_in"] == 7200
        assert phone.gets("/me/settings")


def test_the_same_person_signing_in_everywhere_at_once_is_one(doors: Doors) -> None:
    wechat, parts = scripted_wechat_of(doors), doors.context.parts

    async def all_at_once() -> list[Citizen]:
        now = datetime.now(UTC)
        signed = [await wechat.sign_in(wechat.code_for("oAtOnce")) for _ in range(8)]
        return await asyncio.gather(
            *(citizens.sign_in(s, wechat.app_id, keys=parts.keys, now=now) for s in signed)
        )

    assert len({citizen.id for citizen in doors.run(all_at_once())}) == 1


def test_the_same_openid_of_another_app_is_somebody_else(doors: Doors) -> None:
    with phone_of_citizen(doors, "oTwoApps"):
        keys = doors.context.parts.keys
        assert doors.run(citizens.by_openid("wxffffffffffffffff", "oTwoApps", keys)) is None


def test_large_letters_are_offered_to_who_reads_large_letters_and_chose_nothing(
    doors: Doors,
) -> None:
    wechat = scripted_wechat_of(doors)
    with doors.client() as client:
        for size, offered in ((16, False), (21.9, False), (22, True), (25.5, True)):
            body = {"code": wechat.code_for("oLarge"), "font_size_setting": size}
            assert client.post("/mp/v1/session", json=body).json()["offers_large"] is offered
        with phone_of_citizen(doors, "oLarge") as phone:
            phone.client.put("/mp/v1/me/settings", json={"is_large": True}).raise_for_status()
        body = {"code": wechat.code_for("oLarge"), "font_size_setting": 25.5}
        assert client.post("/mp/v1/session", json=body).json()["offers_large"] is False
