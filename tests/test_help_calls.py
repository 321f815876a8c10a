"""A call for help as staff meet it: rung, taken, closed, and handed up when nobody comes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import secrets
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from models.audit_record import AuditRecord
from models.help_call import HelpCall
from models.ledger_count import Counted, LedgerCount
from models.staff import Role, StaffSession
from models.venue import Venue, VenueLevel, VenueType
from server.visiting import DEVICE_COOKIE
from services import devices, help_calls
from services.access import system
from services.flushing import FLUSH_SECONDS
from services.help_calls import URGENT_AFTER
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.people import AtTheConsole, at_the_console, first_venue


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("calls"), OPENZONE_KIOSK_NAME="三号自助机") as opened:
        yield opened


@pytest.fixture(autouse=True)
def quiet(doors: Doors) -> None:
    """Begin without calls and without anybody signed in."""

    async def clear() -> None:
        await HelpCall.all().delete()
        await StaffSession.all().delete()

    doors.run(clear())


@pytest.fixture(scope="module")
def town(doors: Doors) -> Venue:
    """A town's zone below the first one."""
    above = first_venue(doors)

    async def made() -> Venue:
        return await Venue.create(
            code="town", place="示例镇便民服务中心", type=VenueType.SERVICE_HALL,
            level=VenueLevel.TOWN, parent_id=above,
        )  # fmt: skip

    return doors.run(made())


@contextlib.contextmanager
def kiosk_of(doors: Doors, venue: Venue) -> Iterator[httpx.Client]:
    """Stand before an enrolled kiosk of a zone."""

    async def enrolled() -> str:
        keys, now = doors.context.parts.keys, datetime.now(UTC)
        name = f"{venue.place}自助机{secrets.token_hex(2)}"
        made = await devices.add(system(keys.sealing), name, venue, keys=keys, now=now)
        return (await devices.enrol(made.code, keys=keys, now=now)).token

    with doors.client(cookies={DEVICE_COOKIE: doors.run(enrolled())}) as kiosk:
        yield kiosk


def calls(kiosk: httpx.Client) -> int:
    return int(kiosk.post("/kiosk/help").raise_for_status().json()["id"])


@pytest.fixture
def kiosk(doors: Doors) -> Iterator[httpx.Client]:
    """The kiosk on the machine that serves it."""
    with doors.client() as client:
        yield client


@pytest.fixture
def town_kiosk(doors: Doors, town: Venue) -> Iterator[httpx.Client]:
    with kiosk_of(doors, town) as client:
        yield client


@contextlib.contextmanager
def told(person: AtTheConsole) -> Iterator[queue.Queue[tuple[str, Any]]]:
    """Listen to the stream as a console page does: (event, data), and when it came."""
    heard: queue.Queue[tuple[str, Any]] = queue.Queue()
    leaving = threading.Event()

    def listen() -> None:
        client = httpx.Client(
            base_url=person.client.base_url, cookies=person.client.cookies, trust_env=False
        )
        with client, client.stream("GET", "/console/help-calls/stream", timeout=30) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            event = ""
            for line in response.iter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    heard.put((event, json.loads(line.removeprefix("data: "))))
                if leaving.is_set():
                    return
        heard.put(("closed", None))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        leaving.set()
        thread.join(15)
        assert not thread.is_alive()


def test_a_call_rings_within_two_seconds_with_the_kiosks_name(
    doors: Doors, kiosk: httpx.Client
) -> None:
    with at_the_console(doors, Role.CLERK) as clerk, told(clerk) as heard:
        assert heard.get(timeout=2 * BUSY) == ("calls", [])
        number = calls(kiosk)
        began = time.monotonic()
        event, ringing = heard.get(timeout=2 * BUSY)
        assert time.monotonic() - began < 2 * BUSY
        assert event == "calls"
        assert ringing == [
            {"id": number, "kiosk_name": "三号自助机", "place": "本中心", "is_taken": False}
            | {"rings": True, "is_urgent": False}
        ]
        clerk.sends(f"/console/help-calls/{number}/taken")
        _, ringing = heard.get(timeout=2 * BUSY)
        assert (ringing[0]["is_taken"], ringing[0]["rings"]) == (True, False)
        clerk.sends(f"/console/help-calls/{number}/closed")
        assert heard.get(timeout=2 * BUSY) == ("calls", [])


def test_a_call_at_one_server_rings_at_another_with_the_same_database(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("two-servers")
    with (
        open_doors(folder) as one,
        open_doors(folder) as other,
        at_the_console(other, Role.CLERK) as clerk,
        told(clerk) as heard,
    ):
        assert heard.get(timeout=2 * BUSY) == ("calls", [])
        with one.client() as visitor:
            number = calls(visitor)
        began = time.monotonic()
        _, [ringing] = heard.get(timeout=2 * BUSY)
        assert time.monotonic() - began < 2 * BUSY
        assert (ringing["id"], ringing["rings"]) == (number, True)


def test_the_stream_ends_with_the_session(doors: Doors) -> None:
    with at_the_console(doors, Role.CLERK) as clerk, told(clerk) as heard:
        assert heard.get(timeout=2 * BUSY)[0] == "calls"
        clerk.sends("/console/sign-out")
        assert heard.get(timeout=8)[0] == "ended"
        assert heard.get(timeout=2 * BUSY)[0] == "closed"


def test_a_page_without_a_stream_is_told_the_same(doors: Doors, kiosk: httpx.Client) -> None:
    with at_the_console(doors, Role.CLERK) as clerk:
        number = calls(kiosk)
        state = clerk.client.get("/console/help-calls/state").json()
        assert [(call["id"], call["rings"]) for call in state] == [(number, True)]


def test_the_first_to_say_so_goes_and_the_second_is_told(doors: Doors, kiosk: httpx.Client) -> None:
    number = calls(kiosk)
    with (
        at_the_console(doors, Role.CLERK, name="李敏") as first,
        at_the_console(doors, Role.CLERK) as second,
    ):
        first.sends(f"/console/help-calls/{number}/taken")
        second.sends(f"/console/help-calls/{number}/taken")
        assert "李敏已经去了" in second.sees("/console/help-calls")
    assert kiosk.get(f"/kiosk/help/{number}").json()["taken"] is True


def test_what_was_done_about_a_call_is_on_record_and_how_long_it_took_is_shown(
    doors: Doors, kiosk: httpx.Client
) -> None:
    number = calls(kiosk)

    async def long_ago() -> None:
        called_at = datetime.now(UTC) - timedelta(minutes=2, seconds=5)
        await HelpCall.filter(id=number).update(called_at=called_at)

    async def recorded() -> list[str]:
        rows = await AuditRecord.filter(subject=f"help_call:{number}").order_by("number")
        return [row.action for row in rows]

    doors.run(long_ago())
    with at_the_console(doors, Role.CLERK) as clerk:
        clerk.sends(f"/console/help-calls/{number}/taken")
        clerk.sends(f"/console/help-calls/{number}/closed")
        clerk.sends(f"/console/help-calls/{number}/closed")
        assert "2 分 " in clerk.sees("/console/help-calls")
    assert doors.run(recorded()) == ["call_taken", "call_closed"]


def test_the_zone_above_rings_where_nobody_is_there_or_nobody_comes(
    doors: Doors, town: Venue, town_kiosk: httpx.Client
) -> None:
    async def waits(number: int, how_long: timedelta) -> None:
        await HelpCall.filter(id=number).update(called_at=datetime.now(UTC) - how_long)

    def rings(person: AtTheConsole) -> tuple[bool, bool]:
        [call] = person.client.get("/console/help-calls/state").json()
        return call["rings"], call["is_urgent"]

    number = calls(town_kiosk)
    with at_the_console(doors, Role.CLERK) as above:
        assert rings(above) == (True, False), "nobody of the town is signed in"
        with at_the_console(doors, Role.CLERK, venues=[town.id]) as near:
            assert rings(near) == (True, False)
            assert rings(above) == (False, False), "the town's own clerk hears it"
            doors.run(waits(number, URGENT_AFTER + timedelta(seconds=1)))
            assert rings(near) == (True, True)
            assert rings(above) == (True, True)
            doors.run(waits(number, timedelta(hours=1)))
            assert rings(near) == (False, True), "whoever called has gone"


def test_calls_of_a_zone_are_not_told_below_or_at_another_kiosk(
    doors: Doors, town: Venue, kiosk: httpx.Client, town_kiosk: httpx.Client
) -> None:
    number = calls(kiosk)
    with at_the_console(doors, Role.CLERK, venues=[town.id]) as below:
        assert below.client.get("/console/help-calls/state").json() == []
        assert "三号自助机" not in below.sees("/console/help-calls")
        for deed in ("taken", "closed"):
            assert below.sends(f"/console/help-calls/{number}/{deed}").status_code == 404
    assert kiosk.get(f"/kiosk/help/{number}").status_code == 200
    assert town_kiosk.get(f"/kiosk/help/{number}").status_code == 404


def test_calling_again_at_the_same_moment_is_one_call(doors: Doors) -> None:
    async def at_once() -> set[int]:
        venue = await Venue.get(id=first_id)
        made = await asyncio.gather(*(help_calls.call("四号自助机", venue=venue) for _ in range(8)))
        assert sum(is_new for _, is_new in made) == 1
        return {call.id for call, _ in made}

    first_id = first_venue(doors)
    assert len(doors.run(at_once())) == 1


def test_calls_and_visits_are_counted_once(doors: Doors) -> None:
    async def made() -> Venue:
        return await Venue.create(
            code="village", place="示例村便民服务站", type=VenueType.VILLAGE_STATION,
            level=VenueLevel.VILLAGE,
        )  # fmt: skip

    async def counted() -> dict[str, int]:
        return {row.counted: row.times for row in await LedgerCount.filter(venue_id=village.id)}

    village = doors.run(made())
    with kiosk_of(doors, village) as there:
        calls(there)
        calls(there)
        assert there.post("/kiosk/visits").status_code == 204
    patience = time.monotonic() + 10
    while len(now := doors.run(counted())) < 2 and time.monotonic() < patience:
        time.sleep(FLUSH_SECONDS / 5)
    assert now == {Counted.HELP_CALL: 1, Counted.VISIT: 1}
