"""Calling a member of staff from a phone that scanned a code of the zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from models.device import Device
from models.help_call import HelpCall
from models.staff import Role
from models.venue import Venue
from server.rate_limit import RateLimit
from services import scan_codes
from tests.doors import Doors, open_doors
from tests.people import at_the_console, first_venue
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-help-calls")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def nobody_waits(doors: Doors) -> None:
    async def clear() -> None:
        await HelpCall.all().delete()

    doors.run(clear())
    doors.context.help_calls_limit = RateLimit(1000)


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as somebody:
        yield somebody


def scene_of_zone(doors: Doors) -> str:
    async def made() -> str:
        venue = await Venue.get(id=first_venue_id)
        return (await scan_codes.of_venue(venue)).key

    first_venue_id = first_venue(doors)
    return doors.run(made())


def scene_of_kiosk(doors: Doors, name: str) -> str:
    async def made() -> str:
        device = await Device.create(name=name, venue_id=first_venue_id)
        await device.fetch_related("venue")
        return (await scan_codes.of_kiosk(device)).key

    first_venue_id = first_venue(doors)
    return doors.run(made())


def calls(phone: PhoneOfCitizen, scene: str) -> dict[str, Any]:
    response = phone.sends("/help-calls", {"scene": scene})
    assert response.status_code == 201, response.text
    return dict(response.json())


def test_nobody_is_sent_to_a_kiosk_that_is_gone(doors: Doors, phone: PhoneOfCitizen) -> None:
    scene = scene_of_kiosk(doors, "拆走的自助机")

    async def revoked() -> None:
        await Device.filter(name="拆走的自助机").update(revoked_at=datetime.now(UTC))

    doors.run(revoked())
    assert calls(phone, scene)["shown_number"], "they are looked for by the number on their phone"


def test_nobody_is_called_in_a_zone_that_was_given_up(doors: Doors, phone: PhoneOfCitizen) -> None:
    scene = scene_of_zone(doors)
    number = first_venue(doors)

    async def opened(is_open: bool) -> None:
        await Venue.filter(id=number).update(is_open_to_public=is_open)

    doors.run(opened(False))
    try:
        refused = phone.sends("/help-calls", {"scene": scene})
        assert refused.status_code == 404 and "停用" in refused.json()["sentence"]
        left = phone.sends("/questions", {"text": "几点开门？"})
        assert left.status_code == 403 and "已经停用" in left.json()["sentence"]
    finally:
        doors.run(opened(True))


def test_staff_are_called_and_the_phone_sees_them_come(doors: Doors, phone: PhoneOfCitizen) -> None:
    called = calls(phone, scene_of_zone(doors))
    assert not called["taken"] and not called["closed"]
    assert called["shown_number"] in called["sentence"]
    with at_the_console(doors, Role.CLERK) as clerk:
        page = clerk.sees("/console/help-calls")
        assert f"手机 {called['shown_number']}" in page
        assert phone.openid not in page
        number = called["id"].partition("-")[0]
        assert clerk.sends(f"/console/help-calls/{number}/taken").status_code == 303
        assert phone.gets(f"/help-calls/{called['id']}")["taken"]
        assert clerk.sends(f"/console/help-calls/{number}/closed").status_code == 303
    assert phone.gets(f"/help-calls/{called['id']}")["closed"]


def test_calling_again_is_the_same_call_and_another_phone_is_another(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    scene = scene_of_zone(doors)
    first, second = calls(phone, scene), calls(phone, scene)
    assert first == second
    with phone_of_citizen(doors) as other:
        others = calls(other, scene)
        assert others["id"] != first["id"]
        assert other.client.get(f"/mp/v1/help-calls/{first['id']}").status_code == 404


def test_whoever_scanned_a_kiosk_is_met_there(doors: Doors, phone: PhoneOfCitizen) -> None:
    called = calls(phone, scene_of_kiosk(doors, "门口自助机"))
    assert called["shown_number"] == ""
    assert "自助机" in called["sentence"]
    with at_the_console(doors, Role.CLERK) as clerk:
        assert "门口自助机" in clerk.sees("/console/help-calls")


@pytest.mark.parametrize(
    ("scene", "status"),
    [
        pytest.param("a" * 33, 422, id="33 characters"),
        pytest.param("自助机", 422, id="other characters"),
        pytest.param("", 422, id="none"),
        pytest.param("A" * 16, 404, id="of no code"),
    ],
)
def test_without_a_code_of_the_zone_nobody_comes(
    doors: Doors, phone: PhoneOfCitizen, scene: str, status: int
) -> None:
    assert phone.sends("/help-calls", {"scene": scene}).status_code == status
    assert phone.sends("/help-calls", {"venue": "zone"}).status_code == 422


@pytest.mark.parametrize("call_id", ["1", "1-0000000000000000", "x", "9999999999-00"])
def test_calls_of_nobody_are_not_found(phone: PhoneOfCitizen, call_id: str) -> None:
    assert phone.client.get(f"/mp/v1/help-calls/{call_id}").status_code == 404
