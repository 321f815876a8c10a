"""Words left from a phone, looked at by a WeChat that behaves as the platform does."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat
from models.content_safety import ContentSafety
from models.left_question import LeftQuestion
from server.rate_limit import RateLimit
from server.wechat import wechat_of
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.phones import Phone
from tests.wechat_loopback import APPID, SECRET, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

_RULES = [
    {"pattern": "代开发票", "suggest": "risky", "label": 20006},
    {"pattern": "加我微信", "suggest": "review", "label": 10001},
]


@pytest.fixture
def doors(tmp_path: Any, wechat: LoopbackWeChat) -> Iterator[Doors]:
    wechat.control(f"accounts/{APPID}", method="PATCH", checks={"rules": _RULES})
    with open_doors(
        tmp_path,
        speaking=False,
        OPENZONE_WECHAT_APP_ID=APPID,
        OPENZONE_WECHAT_APP_SECRET=SECRET,
        OPENZONE_WECHAT_API_ROOT=wechat.root,
    ) as opened:
        parts = opened.context.parts
        parts.wechat = wechat_of(parts.settings, parts.keys)
        opened.context.left_questions_limit = RateLimit(1000)
        yield opened


@pytest.fixture
def client(doors: Doors, wechat: LoopbackWeChat) -> Iterator[httpx.Client]:
    """The phone of somebody who signed in."""
    phone = asyncio.run(Phone.of(wechat))
    with doors.client() as opened:
        code = asyncio.run(phone.login())
        session = opened.post("/mp/v1/session", json={"code": code}).raise_for_status().json()
        opened.headers["Authorization"] = f"Bearer {session['token']}"
        yield opened


def leaves(client: httpx.Client, text: str) -> httpx.Response:
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    return client.post("/mp/v1/questions", json={"text": text}, headers=headers)


def safety(doors: Doors, response: httpx.Response) -> ContentSafety:
    assert response.status_code == 201, response.text
    number = response.json()["number"]

    async def kept() -> ContentSafety:
        return (await LeftQuestion.get(number=number)).safety

    return doors.run(kept())


def test_verdicts_decide_what_becomes_of_words(doors: Doors, client: httpx.Client) -> None:
    assert safety(doors, leaves(client, "路灯不亮了找谁？")) is ContentSafety.PASSED
    assert safety(doors, leaves(client, "办证的加我微信")) is ContentSafety.WAITING
    refused = leaves(client, "代开发票，价格优惠")
    assert (refused.status_code, refused.json()["code"]) == (422, "content_refused")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"kind": "errcode", "errcode": 61010}, id="61010"),
        pytest.param({"kind": "errcode", "errcode": 45009}, id="45009"),
        pytest.param({"kind": "errcode", "errcode": -1}, id="busy"),
        pytest.param({"kind": "lost"}, id="lost"),
        pytest.param({"kind": "silent"}, id="silent"),
        pytest.param({"kind": "malformed", "form": "truncated"}, id="malformed"),
    ],
)
def test_without_a_verdict_words_wait_and_whoever_left_them_does_not(
    doors: Doors, client: httpx.Client, wechat: LoopbackWeChat, fault: dict[str, Any]
) -> None:
    wechat.control("faults", path="/wxa/msg_sec_check", **fault)
    began = time.monotonic()
    response = leaves(client, "路灯不亮了找谁？")
    assert time.monotonic() - began < 3 * BUSY
    assert safety(doors, response) is ContentSafety.WAITING
    wechat.control("faults", method="DELETE")
    # What needs no WeChat never waited.
    assert client.post("/mp/v1/ask", json={"text": "申请公开要收费吗"}).status_code == 200


def test_after_two_hours_without_a_visit_words_wait(
    doors: Doors, client: httpx.Client, wechat: LoopbackWeChat
) -> None:
    wechat.advance(2 * 3600 + 1)
    assert safety(doors, leaves(client, "路灯不亮了找谁？")) is ContentSafety.WAITING
