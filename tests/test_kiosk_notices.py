"""What a kiosk is told of notices, and that it says what it has shown."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from models.notice import NoticeShowing
from models.staff import Role
from server.rate_limit import RateLimit
from tests.doors import Doors, open_doors
from tests.notice_desk import published, withdrawn
from tests.people import AtTheConsole, at_the_console


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("kiosk-notices")) as opened:
        opened.context.sign_in_limit = RateLimit(1000)
        yield opened


@pytest.fixture(scope="module")
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


@pytest.fixture(scope="module")
def reviewer(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.REVIEWER) as person:
        yield person


@pytest.fixture
def kiosk(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as client:
        yield client


def listed(kiosk: httpx.Client) -> dict[int, dict[str, object]]:
    notices = kiosk.get("/kiosk/notices").raise_for_status().json()["notices"]
    return {notice["id"]: notice for notice in notices}


async def _showings(notice_id: int) -> list[NoticeShowing]:
    return await NoticeShowing.filter(notice_id=notice_id)


def test_a_kiosk_is_told_until_it_says_that_it_has_shown(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole, kiosk: httpx.Client
) -> None:
    notice_id = published(doors, clerk, reviewer)
    assert not listed(kiosk)[notice_id]["is_noted"]
    for spoken in (False, False, True, False):
        noted = kiosk.post(f"/kiosk/notices/{notice_id}/shown", json={"spoken": spoken})
        assert noted.status_code == 204
    assert listed(kiosk)[notice_id]["is_noted"]
    (showing,) = doors.run(_showings(notice_id))
    assert showing.kiosk.startswith("own:") and showing.spoken_at is not None


def test_a_notice_is_read_with_its_sounds_until_it_is_withdrawn(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole, kiosk: httpx.Client
) -> None:
    notice_id = published(doors, clerk, reviewer, is_emergency="1", title="请马上离开大厅")
    whole = kiosk.get(f"/kiosk/notices/{notice_id}").json()
    assert whole["title"] == "请马上离开大厅"
    assert whole["speech"][0]["text"].startswith("紧急通知")
    sound = whole["speech"][0]["url"]
    assert kiosk.get(sound).status_code == 200
    assert withdrawn(doors, clerk, notice_id).status_code == 303
    assert notice_id not in listed(kiosk)
    doors.context.speech.look_again()
    assert kiosk.get(sound).status_code == 404
    assert kiosk.get(f"/kiosk/notices/{notice_id}").json()["code"] == "withdrawn"
    late = kiosk.post(f"/kiosk/notices/{notice_id}/shown", json={})
    assert late.status_code == 404


def test_nobody_but_a_kiosk_says_that_it_has_shown(doors: Doors, kiosk: httpx.Client) -> None:
    revoked = {"Cookie": "openzone_kiosk=no-such-token"}
    for path in ("/kiosk/notices", "/kiosk/notices/1"):
        assert kiosk.get(path, headers=revoked).status_code == 403
    assert kiosk.post("/kiosk/notices/1/shown", headers=revoked, json={}).status_code == 403
    assert kiosk.post("/kiosk/notices/999999/shown", json={}).status_code == 404
    assert kiosk.post("/kiosk/notices/1/shown", content=b"{").status_code == 400
