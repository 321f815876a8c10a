"""Who gets into the console, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from models.staff import Role, Staff, StaffSession
from server.rate_limit import RateLimit
from services import audit
from services.staff import FREE_TRIES, LONGEST_WAIT, wait_after
from tests.doors import Doors, open_doors
from tests.people import PASSWORD, AtTheConsole, at_the_console, hire


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("signing-in")) as opened:
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as signed_in:
        yield signed_in


def test_whoever_is_not_signed_in_is_sent_to_the_form_and_back(doors: Doors) -> None:
    username, _ = hire(doors, Role.CLERK)
    with doors.client() as client:
        away = client.get("/console", headers={"Accept": "text/html"})
        assert away.status_code == 303
        assert away.headers["location"] == "/console/sign-in?next=/console"
        assert client.get("/console", headers={"Accept": "application/json"}).status_code == 401
        entered = client.post(
            "/console/sign-in",
            data={"username": username, "password": PASSWORD, "next": "/console?a=1"},
        )
        assert entered.headers["location"] == "/console?a=1"
        assert "专区工作人员" in client.get("/console").text


@pytest.mark.parametrize(
    "following", ["https://evil.example", "//evil.example", "/console//evil", "/console\\\\x"]
)
def test_signing_in_leads_nowhere_else(doors: Doors, following: str) -> None:
    username, _ = hire(doors, Role.CLERK)
    with doors.client() as client:
        entered = client.post(
            "/console/sign-in",
            data={"username": username, "password": PASSWORD, "next": following},
        )
        assert entered.headers["location"] == "/console"


def test_a_wrong_password_and_an_unknown_name_look_alike(doors: Doors) -> None:
    username, _ = hire(doors, Role.CLERK)
    with doors.client() as client:
        wrong = client.post("/console/sign-in", data={"username": username, "password": "x" * 12})
        nobody = client.post("/console/sign-in", data={"username": "nobody", "password": "x" * 12})
    assert wrong.status_code == nobody.status_code == 403
    assert wrong.text.replace(username, "") == nobody.text.replace("nobody", "")


def test_the_session_ends_for_good_when_signing_out(clerk: AtTheConsole) -> None:
    token = clerk.client.cookies["openzone_staff"]
    assert clerk.sends("/console/sign-out").status_code == 303
    clerk.client.cookies.set("openzone_staff", token, path="/console")
    assert clerk.looks("/console") == 401


def test_a_session_ends_when_nobody_uses_it_and_after_half_a_day(
    doors: Doors, clerk: AtTheConsole
) -> None:
    async def long_ago(**when: datetime) -> None:
        await StaffSession.filter(staff_id=clerk.staff_id).update(**when)

    now = datetime.now(UTC)
    doors.run(long_ago(last_seen_at=now - timedelta(minutes=31)))
    assert clerk.looks("/console") == 401
    doors.run(long_ago(last_seen_at=now, began_at=now - timedelta(hours=13)))
    assert clerk.looks("/console") == 401
    doors.run(long_ago(last_seen_at=now, began_at=now - timedelta(hours=11)))
    assert clerk.looks("/console") == 200


def test_a_form_without_the_sessions_token_is_refused(clerk: AtTheConsole) -> None:
    for given in ("", "x" * 43):
        refused = clerk.client.post("/console/sign-out", data={"form_token": given})
        assert refused.status_code == 403
        assert refused.json()["code"] == "foreign_form"
    assert clerk.looks("/console") == 200


def test_a_form_from_another_site_is_refused(clerk: AtTheConsole) -> None:
    refused = clerk.client.post(
        "/console/sign-out",
        data={"form_token": clerk.form_token},
        headers={"Origin": "https://evil.example"},
    )
    assert refused.status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(doors: Doors) -> None:
    username, _ = hire(doors, Role.CLERK)
    form = {"username": username, "password": PASSWORD}
    with doors.client() as client:
        cookie = client.post("/console/sign-in", data=form).headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/console" in cookie
        assert "Secure" not in cookie
        secure = client.post(
            "/console/sign-in", data=form, headers={"X-Forwarded-Proto": "https"}
        ).headers["set-cookie"]
        assert "Secure" in secure


def test_after_wrong_tries_even_the_right_password_has_to_wait(doors: Doors) -> None:
    username, staff_id = hire(doors, Role.CLERK)

    async def locked_until() -> datetime | None:
        return (await Staff.get(id=staff_id)).locked_until

    async def wait_is_over() -> None:
        await Staff.filter(id=staff_id).update(locked_until=datetime.now(UTC))

    def tries(client: httpx.Client, password: str) -> int:
        form = {"username": username, "password": password}
        return client.post("/console/sign-in", data=form).status_code

    with doors.client() as client:
        for _ in range(FREE_TRIES - 1):
            assert tries(client, "wrong password") == 403
        assert doors.run(locked_until()) is None
        assert tries(client, "wrong password") == 403
        assert doors.run(locked_until()) is not None
        assert tries(client, PASSWORD) == 403
        doors.run(wait_is_over())
        assert tries(client, PASSWORD) == 303


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [wait_after(failures) for failures in range(30)]
    assert waits[FREE_TRIES - 1] == timedelta(0)
    assert waits[FREE_TRIES] == timedelta(seconds=30)
    assert waits[FREE_TRIES + 1] == timedelta(minutes=1)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_the_second_factor_is_asked_for_and_works_once(doors: Doors) -> None:
    username, staff_id = hire(doors, Role.REVIEWER)
    secret = pyotp.random_base32()

    async def set_up() -> None:
        encrypted = doors.context.parts.keys.encrypt(secret)
        await Staff.filter(id=staff_id).update(encrypted_totp_secret=encrypted)

    doors.run(set_up())
    with doors.client() as client:
        person = AtTheConsole(client, username, staff_id)
        assert person.sign_in().status_code == 403
        code = pyotp.TOTP(secret).now()
        assert person.sign_in(code=code).status_code == 303
        client.cookies.clear()
        assert person.sign_in(code=code).status_code == 403, "a code is good for once"


def test_a_first_password_must_be_changed_before_anything_else(doors: Doors) -> None:
    username, staff_id = hire(doors, Role.CLERK)

    async def must_change() -> None:
        await Staff.filter(id=staff_id).update(must_change_password=True)

    doors.run(must_change())
    with doors.client() as client:
        person = AtTheConsole(client, username, staff_id)
        person.sign_in()
        sent_on = client.get("/console", headers={"Accept": "text/html"})
        assert sent_on.headers["location"] == "/console/new-password"
        page = client.get("/console/new-password").text
        token = page.partition('data-form-token="')[2].partition('"')[0]
        new = "一个谁也猜不到的新密码"
        form = {"form_token": token, "current": PASSWORD, "new": new, "again": new}
        short = client.post("/console/new-password", data=form | {"new": "短", "again": "短"})
        assert short.status_code == 422
        assert "至少" in short.text
        assert client.post("/console/new-password", data=form).status_code == 303
        assert client.get("/console").status_code == 200


def test_what_happened_at_the_door_is_on_record(doors: Doors, clerk: AtTheConsole) -> None:
    async def looked_through() -> audit.Verified:
        return await audit.verify(doors.context.parts.keys.sealing)

    verified = doors.run(looked_through())
    assert verified.broken_at is None
    assert verified.records > 0


def test_those_behind_a_proxy_are_told_apart_by_what_it_adds(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors.context, "sign_in_limit", RateLimit(1))

    def tries(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        form = {"username": "nobody", "password": "x" * 12}
        with doors.client() as client:
            return client.post("/console/sign-in", data=form, headers=headers).status_code

    assert tries("203.0.113.1") == 403
    assert tries("203.0.113.1") == 429
    assert tries("203.0.113.2") == 403
    assert tries("198.51.100.9, 203.0.113.2") == 429, "what a sender claims changes nothing"
