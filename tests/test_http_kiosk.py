"""What the kiosk page fetches and sends, and what staff see of it."""

from __future__ import annotations

import io
import re
import stat
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from models.staff import Role
from server.rate_limit import RateLimit
from services.secret_key import obtain_keys
from services.visitors_words import LONGEST_TEXT
from tests.databases import everything_kept
from tests.doors import Doors, open_doors
from tests.people import at_the_console


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("kiosk"), OPENZONE_KIOSK_NAME="三号自助机") as opened:
        yield opened


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Doors]:
    """Doors that nobody has used, for what is counted."""
    with open_doors(tmp_path) as opened:
        yield opened


def test_the_root_leads_to_the_kiosk(client: httpx.Client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    page = client.get(response.headers["location"]).raise_for_status()
    assert "政务公开专区" in page.text
    assert "请工作人员帮忙" in page.text


@pytest.mark.parametrize("path", ["/kiosk", "/kiosk/settings", "/docs", "/console/sign-in"])
def test_pages_run_nothing_that_is_not_a_file_of_this_server(
    client: httpx.Client, path: str
) -> None:
    page = client.get(path).raise_for_status()
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page.text)
    assert not re.search(r"(?:src|href)=\"(?!/|#)", page.text)


def test_the_settings_page_says_which_engines_are_used(client: httpx.Client) -> None:
    page = client.get("/kiosk/settings").text
    assert "测试用的识别。" in page
    assert "测试用的静音。" in page
    assert "silent" in page


def test_speech_is_made_only_of_what_the_server_issued(client: httpx.Client) -> None:
    response = client.get("/kiosk/speech/still-here")
    assert response.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(response.content)) as sound:
        assert sound.getnframes() > sound.getframerate()
    assert client.get("/kiosk/speech/anything-else").status_code == 404


@pytest.mark.parametrize(
    "query", ["rate=9", "rate=0", "rate=nan", "rate=fast", "voice=nobody", "rate=inf"]
)
def test_a_rate_or_voice_that_cannot_be_is_refused(client: httpx.Client, query: str) -> None:
    assert client.get(f"/kiosk/speech/still-here?{query}").status_code == 422


def test_without_a_synthesiser_speech_says_so(tmp_path: Path) -> None:
    with open_doors(tmp_path, speaking=False) as doors, doors.client() as client:
        response = client.get("/kiosk/speech/still-here")
        assert response.status_code == 503
        assert response.json()["code"] == "engine_missing"
        assert 'data-speaks="false"' in client.get("/kiosk").text


def test_a_call_for_help_reaches_staff_and_comes_back(doors: Doors, client: httpx.Client) -> None:
    called = client.post("/kiosk/help")
    assert called.status_code == 201
    number = called.json()["id"]
    again = client.post("/kiosk/help").json()["id"]
    assert again == number, "asking twice is one call"
    assert client.get(f"/kiosk/help/{number}").json()["taken"] is False
    with at_the_console(doors, Role.CLERK) as clerk:
        assert "三号自助机" in clerk.sees("/console/help-calls")
        assert clerk.sends(f"/console/help-calls/{number}/taken").status_code == 303
        assert "已经过去" in clerk.sees("/console/help-calls")
    assert client.get(f"/kiosk/help/{number}").json()["taken"] is True
    assert client.post("/kiosk/help").json()["id"] != number, "a new need is a new call"


def test_a_call_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    assert client.get("/kiosk/help/99999").status_code == 404


def test_a_left_question_is_readable_by_staff_and_not_in_the_database(fresh: Doors) -> None:
    marker = "我家门口的路灯三个月不亮了"
    with fresh.client() as client:
        left = client.post("/kiosk/questions", json={"text": marker})
        assert left.status_code == 201
        number = left.json()["number"]
        assert re.fullmatch(r"\d{6}-\d{6}", number)
        with at_the_console(fresh, Role.CLERK) as clerk:
            assert number in clerk.sees("/console/left-questions")
            assert marker in clerk.sees("/console/left-questions/1")
    data = fresh.context.parts.settings.data_dir
    written = everything_kept(data)
    assert marker.encode() not in written
    assert number.encode() in written
    key_file = fresh.context.parts.settings.key_file
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_what_staff_read_is_text_and_never_markup(fresh: Doors) -> None:
    with fresh.client() as client:
        client.post("/kiosk/questions", json={"text": "<script>alert(1)</script>"})
    with at_the_console(fresh, Role.CLERK) as clerk:
        page = clerk.sees("/console/left-questions/1")
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "   "}, 422),
        ({"text": "问" * (LONGEST_TEXT + 1)}, 422),
        ({"text": "问" * 5000}, 422),
        ({"words": "问"}, 422),
        ([], 422),
    ],
)
def test_a_left_question_that_cannot_be_kept_is_refused(
    client: httpx.Client, body: object, status: int, doors: Doors
) -> None:
    doors.context.left_questions_limit = RateLimit(100)
    response = client.post("/kiosk/questions", json=body)
    assert response.status_code == status
    assert response.json()["sentence"]


def test_questions_cannot_be_left_by_the_hundred(fresh: Doors) -> None:
    with fresh.client() as client:
        statuses = [
            client.post("/kiosk/questions", json={"text": f"第{n}个"}).status_code
            for n in range(10)
        ]
    assert statuses[:6] == [201] * 6
    assert set(statuses[6:]) == {429}


def test_two_processes_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(
            pool.map(lambda _: obtain_keys(tmp_path / "a" / "secret.key").encryption, range(16))
        )
    assert len(keys) == 1
    assert {f.name for f in (tmp_path / "a").iterdir()} == {"secret.key", "secret.key.making"}


@pytest.mark.parametrize("path", ["/kiosk/help", "/kiosk/questions", "/api/v1/ask"])
def test_other_sites_cannot_use_the_kiosk_through_a_browser(
    client: httpx.Client, path: str
) -> None:
    body = {"text": "公开"}
    foreign = client.post(path, json=body, headers={"Origin": "http://example.org"})
    assert foreign.status_code == 403
    assert foreign.json()["code"] == "foreign_page"
    assert client.post(path, json=body, headers={"Origin": "null"}).status_code == 403
    crossing = client.post(path, json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossing.status_code == 403
