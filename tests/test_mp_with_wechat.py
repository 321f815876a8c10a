"""Signing in and scanning, with the gateway and a WeChat that behaves as the platform does."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

from devtools.wechat.starting import LoopbackWeChat
from models.staff import Role
from server.rate_limit import RateLimit
from server.wechat import wechat_of
from tests.databases import everything_kept
from tests.doors import Doors, open_doors
from tests.people import at_the_console
from tests.phones import Phone
from tests.wechat_loopback import APPID, SECRET, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

OTHER_APPID = "wxfedcba9876543210"
PAGES = ["pages/home/home", "pages/document/document"]


@pytest.fixture
def doors(tmp_path: Any, wechat: LoopbackWeChat) -> Iterator[Doors]:
    wechat.control(f"accounts/{APPID}", method="PATCH", pages=PAGES)
    with open_doors(
        tmp_path,
        speaking=False,
        OPENZONE_WECHAT_APP_ID=APPID,
        OPENZONE_WECHAT_APP_SECRET=SECRET,
        OPENZONE_WECHAT_API_ROOT=wechat.root,
    ) as opened:
        parts = opened.context.parts
        parts.wechat = wechat_of(parts.settings, parts.keys)
        opened.context.citizens_limit = RateLimit(1000)
        yield opened


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


def signs_in(client: httpx.Client, code: str) -> httpx.Response:
    return client.post("/mp/v1/session", json={"code": code})


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_somebody_signs_in_gives_their_number_and_is_forgotten(
    doors: Doors, client: httpx.Client, wechat: LoopbackWeChat
) -> None:
    number = "13912345678"
    phone = asyncio.run(Phone.of(wechat, phone=number))
    code = asyncio.run(phone.login())
    session = signs_in(client, code).raise_for_status().json()
    assert phone.openid not in str(session) and "session_key" not in session
    assert refusal(signs_in(client, code)) == (422, "wechat_code_refused")

    client.headers["Authorization"] = f"Bearer {session['token']}"
    version = client.get("/mp/v1/agreement").json()["version"]
    client.put("/mp/v1/me/agreement", json={"version": version}).raise_for_status()
    tapped = asyncio.run(phone.tap_phone())
    given = client.put("/mp/v1/me/phone", json={"code": tapped}).raise_for_status()
    assert given.json() == {"phone": "139****5678"}
    again = client.put("/mp/v1/me/phone", json={"code": tapped})
    assert refusal(again) == (422, "wechat_code_refused")
    # A login code is no phone code.
    login_code = asyncio.run(phone.login())
    assert refusal(client.put("/mp/v1/me/phone", json={"code": login_code}))[0] == 422
    client.delete("/mp/v1/me").raise_for_status()
    kept = everything_kept(doors.context.parts.settings.data_dir)
    for words in (phone.openid, number, SECRET):
        assert words.encode() not in kept


def test_codes_that_are_too_old_or_of_another_app_are_refused(
    client: httpx.Client, wechat: LoopbackWeChat
) -> None:
    phone = asyncio.run(Phone.of(wechat))
    code = asyncio.run(phone.login())
    wechat.advance(301)
    assert refusal(signs_in(client, code)) == (422, "wechat_code_refused")
    wechat.control("accounts", appid=OTHER_APPID, secret="f" * 32)
    stranger = asyncio.run(Phone.of(wechat, appid=OTHER_APPID))
    foreign = asyncio.run(stranger.login())
    assert refusal(signs_in(client, foreign)) == (422, "wechat_code_refused")


def test_whoever_wechat_blocks_is_told_and_wechat_being_down_is_no_fault_of_theirs(
    client: httpx.Client, wechat: LoopbackWeChat
) -> None:
    blocked = asyncio.run(Phone.of(wechat, is_blocked=True))
    code = asyncio.run(blocked.login())
    assert refusal(signs_in(client, code)) == (403, "wechat_user_blocked")
    phone = asyncio.run(Phone.of(wechat))
    wechat.fault("lost", path="/sns/jscode2session", count=1)
    code = asyncio.run(phone.login())
    assert refusal(signs_in(client, code)) == (503, "wechat_failed")
    # What needs no WeChat goes on.
    assert client.get("/mp/v1/home").status_code == 200
    assert signs_in(client, asyncio.run(phone.login())).status_code == 201


def test_a_sheet_on_the_wall_is_scanned_and_opens_the_zone(
    doors: Doors, client: httpx.Client, wechat: LoopbackWeChat
) -> None:
    phone = asyncio.run(Phone.of(wechat))
    with at_the_console(doors, Role.ADMINISTRATOR) as administrator:
        path = "/console/scan-codes/venues/1/sheets.pdf"
        sheet = administrator.client.get(path).raise_for_status()
    (page,) = PdfReader(io.BytesIO(sheet.content)).pages
    assert "打开微信扫一扫" in page.extract_text()
    with Image.open(io.BytesIO(page.images[0].data)) as picture:
        opened = asyncio.run(phone.scan_picture(picture.convert("RGB")))
    assert opened["path"] == "pages/home/home"
    home = client.get("/mp/v1/home", params={"scene": opened["options"]["scene"]})
    assert (home.json()["venue"]["code"], home.json()["scanned"]) == ("zone", "venue")


def test_a_sheet_of_a_page_that_is_not_released_has_a_plain_code(
    doors: Doors, wechat: LoopbackWeChat
) -> None:
    wechat.control(f"accounts/{APPID}", method="PATCH", pages=["pages/other/other"])
    with at_the_console(doors, Role.ADMINISTRATOR) as administrator:
        assert "打开手机扫一扫" in administrator.sees("/console/scan-codes/venues/1")
