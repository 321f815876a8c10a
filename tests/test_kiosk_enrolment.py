"""A machine becomes a kiosk by a short code, and is one until it is revoked."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from models.audit_record import AuditRecord
from models.device import Device
from models.venue import Venue, VenueLevel, VenueType
from server.growing_delay import GrowingDelay, MustWait
from server.kiosk.voice import REVOKED
from server.visiting import DEVICE_COOKIE
from services import devices
from services.access import Actor, system
from tests.doors import Doors, open_doors
from tests.patience import BUSY

ELSEWHERE = {"X-Forwarded-For": "10.0.0.9", "Accept": "text/html"}
"""What a request has that comes from another machine, through a proxy."""
WITHIN_S = 2.0 * BUSY


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("enrolment")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def patient(doors: Doors) -> None:
    """Each test begins with nobody having mistyped anything."""
    doors.context.enrolment_delay = GrowingDelay()


def actor_at(doors: Doors) -> Actor:
    return system(doors.context.parts.keys.sealing)


def new_code(doors: Doors, name: str, *, made: datetime | None = None) -> devices.NewCode:
    async def made_at_the_library() -> devices.NewCode:
        venue = await Venue.get_or_none(code="library") or await Venue.create(
            code="library", place="示例区图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
        )
        keys = doors.context.parts.keys
        now = made or datetime.now(UTC)
        return await devices.add(actor_at(doors), name, venue, keys=keys, now=now)

    return doors.run(made_at_the_library())


@contextmanager
def machine(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client(headers=ELSEWHERE) as client:
        yield client


def enrols(client: httpx.Client, code: str) -> httpx.Response:
    return client.post("/kiosk/enrolment", data={"code": code})


def test_a_machine_that_is_no_kiosk_is_asked_for_a_code(doors: Doors) -> None:
    with machine(doors) as client:
        page = client.get("/kiosk").text
        assert "登记这台自助机" in page
        assert len(re.findall(r"data-key=\"\d\"", page)) == 10
        for path in ("/kiosk/help", "/kiosk/questions", "/kiosk/presence", "/kiosk/faults"):
            refused = client.post(path, json={"text": "x"}, headers={"Accept": "application/json"})
            assert (refused.status_code, refused.json()["code"]) == (403, "not_enrolled"), path
        assert client.get("/kiosk/settings").status_code == 403
    with pytest.raises(InvalidStatus) as refused_voice:
        connect(doors.voice_url, additional_headers={"X-Forwarded-For": "10.0.0.9"}, proxy=None)
    assert refused_voice.value.response.status_code == 403


def test_who_is_at_no_kiosk_is_led_to_what_everybody_may_read(doors: Doors) -> None:
    with machine(doors) as client:
        assert client.get("/").headers["location"] == "/documents"
        assert client.get("/documents").status_code == 200


def test_a_code_makes_it_a_kiosk_of_its_zone(doors: Doors) -> None:
    made = new_code(doors, "二号自助机")
    with machine(doors) as client:
        accepted = enrols(client, f" {made.code[:4]} {made.code[4:]} ")
        assert (accepted.status_code, accepted.headers["location"]) == (303, "/kiosk")
        cookie = accepted.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        assert "二号自助机" in client.get("/kiosk").text
        assert client.post("/kiosk/presence").status_code == 204
        call = client.post("/kiosk/help").json()
        assert call["taken"] is False

    async def kept() -> tuple[Device, list[AuditRecord]]:
        records = await AuditRecord.filter(subject=f"device:{made.device.id}").order_by("number")
        return await Device.get(id=made.device.id), records

    device, records = doors.run(kept())
    token = client.cookies[DEVICE_COOKIE]
    assert device.code_hash == ""
    assert made.code not in device.code_hash and token not in device.token_hash
    assert device.last_seen_at is not None
    assert [record.action for record in records] == ["device_changed", "device_enrolled"]


def test_a_code_is_good_once(doors: Doors) -> None:
    made = new_code(doors, "一次性的")
    with machine(doors) as first, machine(doors) as second:
        assert enrols(first, made.code).status_code == 303
        again = enrols(second, made.code)
        assert again.status_code == 403
        assert "用过了" in again.text
        assert DEVICE_COOKIE not in second.cookies


def test_a_code_is_good_for_a_quarter_of_an_hour(doors: Doors) -> None:
    now = datetime.now(UTC)
    old = new_code(doors, "太晚的", made=now - timedelta(minutes=15, seconds=1))
    young = new_code(doors, "赶上的", made=now - timedelta(minutes=14))
    with machine(doors) as client:
        assert enrols(client, old.code).status_code == 403
        assert enrols(client, young.code).status_code == 303


@pytest.mark.parametrize(
    "code", ["", "1234567", "123456789", "abcdefgh", "１２３４５６７８", "' OR 1=1"]
)
def test_what_is_no_code_is_refused(doors: Doors, code: str) -> None:
    with machine(doors) as client:
        assert enrols(client, code).status_code == 403


def test_guessing_gets_slower(doors: Doors) -> None:
    with machine(doors) as client:
        statuses = [enrols(client, "00000000").status_code for _ in range(6)]
        assert statuses == [403, 403, 403, 403, 429, 429]
        right = new_code(doors, "猜中的")
        refused = enrols(client, right.code)
        assert refused.status_code == 429, "even the right code has to wait"
        assert "秒再试" in refused.text


def test_each_mistake_in_a_row_costs_twice_as_long() -> None:
    now = 1000.0
    delay = GrowingDelay(lambda: now)
    waited = []
    for _ in range(14):
        delay.note_mistake("here")
        start = now
        while True:
            try:
                delay.require("here")
                break
            except MustWait:
                now += 1
        waited.append(now - start)
    assert waited == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    delay.require("elsewhere")
    delay.forget("here")
    delay.note_mistake("here")
    delay.require("here")


def test_a_revoked_kiosk_is_none_within_two_seconds(doors: Doors) -> None:
    made = new_code(doors, "要撤销的")
    with machine(doors) as client:
        enrols(client, made.code)
        cookie = f"{DEVICE_COOKIE}={client.cookies[DEVICE_COOKIE]}"
        with connect(doors.voice_url, additional_headers={"Cookie": cookie}, proxy=None) as voice:
            voice.send('{"type": "cancel"}')
            began = time.monotonic()
            doors.run(devices.revoke(actor_at(doors), made.device.id, now=datetime.now(UTC)))
            refused = client.post("/kiosk/presence", headers={"Accept": "application/json"})
            assert (refused.status_code, refused.json()["code"]) == (403, "not_enrolled")
            with pytest.raises(ConnectionClosed) as closed:
                voice.recv(timeout=WITHIN_S)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == REVOKED
            assert time.monotonic() - began < WITHIN_S
        assert "登记这台自助机" in client.get("/kiosk").text
        with pytest.raises(InvalidStatus):
            connect(doors.voice_url, additional_headers={"Cookie": cookie}, proxy=None)


def test_a_new_code_moves_a_kiosk_to_another_machine(doors: Doors) -> None:
    made = new_code(doors, "换机器的")
    keys = doors.context.parts.keys
    with machine(doors) as old, machine(doors) as new:
        enrols(old, made.code)
        again = doors.run(
            devices.renew_code(actor_at(doors), made.device.id, keys=keys, now=datetime.now(UTC))
        )
        assert old.post("/kiosk/presence").status_code == 204, "until the code is used"
        assert enrols(new, again.code).status_code == 303
        assert new.post("/kiosk/presence").status_code == 204
        assert old.post("/kiosk/presence").status_code == 403


def test_a_kiosk_says_what_is_wrong_with_it(doors: Doors) -> None:
    made = new_code(doors, "坏了的")

    async def fault() -> str:
        return str((await Device.get(id=made.device.id)).last_fault)

    with machine(doors) as client:
        enrols(client, made.code)
        assert client.post("/kiosk/faults", json={"fault": "microphone"}).status_code == 204
        assert doors.run(fault()) == "microphone"
        assert client.post("/kiosk/faults", json={"fault": "<b>"}).status_code == 422
        assert client.post("/kiosk/faults", json={"fault": None}).status_code == 204
        assert doors.run(fault()) == ""


def test_a_library_takes_no_questions_and_says_where(doors: Doors) -> None:
    made = new_code(doors, "图书馆的")
    with machine(doors) as client:
        enrols(client, made.code)
        refused = client.post(
            "/kiosk/questions",
            json={"text": "我的低保怎么停了"},
            headers={"Accept": "application/json"},
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "area_missing")
        assert "请到本中心政务公开专区办理" in refused.json()["sentence"]
        cookie = f"{DEVICE_COOKIE}={client.cookies[DEVICE_COOKIE]}"
        with connect(doors.voice_url, additional_headers={"Cookie": cookie}, proxy=None) as voice:
            voice.send('{"type": "ask", "text": "天王星有几颗卫星"}')
            reply = str(voice.recv(timeout=10))
            assert "handoff" in reply
            assert "也可以申请公开，或者留下问题" not in reply
            assert "请看屏幕上写的地方" in reply


def test_a_kiosk_on_this_machine_needs_no_code(doors: Doors) -> None:
    with doors.client() as client:
        assert "您好，想了解什么？" in client.get("/kiosk").text
        assert client.post("/kiosk/presence").status_code == 204
        assert "您好，想了解什么？" in client.get("/kiosk", params={"venue": "library"}).text
        left = client.post("/kiosk/questions?venue=library", json={"text": "路灯不亮"})
        assert left.status_code == 201, "a kiosk stands where it stands"
