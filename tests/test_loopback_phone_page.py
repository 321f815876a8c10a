"""The try-out page that stands in for a phone: served, and let through to the mini-program's API alone."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.push_sink import Taken, listening
from tests.wechat_loopback import APPID, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]


async def _ask(wechat: LoopbackWeChat, path: str, **options: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        return await client.request(url=f"{wechat.control_root}/{path}", **options)


async def test_the_page_is_chinese_and_of_one_piece(wechat: LoopbackWeChat) -> None:
    reply = await _ask(wechat, "phone", method="GET")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="zh-CN">' in reply.text
    assert "src=" not in reply.text
    assert "http://" not in reply.text


async def test_the_page_is_told_of_people_and_templates(wechat: LoopbackWeChat) -> None:
    template = {"id": "T", "title": "通知", "content": "事项:{{thing1.DATA}}", "kind": 3}
    await wechat.acontrol(f"accounts/{APPID}", method="PATCH", templates=[template])
    person = await wechat.acontrol("users", name="王秀英")
    assert await wechat.acontrol("tryout", method="GET") == {
        "appid": APPID,
        "people": [{"openid": person["openid"], "name": "王秀英"}],
        "templates": [{"id": "T", "title": "通知", "kind": 3}],
    }


async def test_calls_go_on_to_the_backend_and_come_back(wechat: LoopbackWeChat) -> None:
    def told(_number: int, taken: Taken) -> bytes:
        return json.dumps([taken.method, taken.query, taken.body.decode()]).encode()

    async with listening() as backend:
        backend.answer, backend.status = told, lambda _number: 201
        await wechat.acontrol(f"accounts/{APPID}", method="PATCH", push=backend.settings())
        reply = await _ask(
            wechat, "backend/mp/v1/ask?venue=a%20b", method="POST", json={"text": "社保"}
        )
    assert (reply.status_code, reply.json()) == (201, ["POST", {"venue": "a b"}, '{"text":"社保"}'])


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("backend/console", {}, 404, id="another door"),
        pytest.param("backend/mp/v1/..%2fconsole", {}, 404, id="another door by a detour"),
        pytest.param("backend/mp/v1/me", {"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param("backend/mp/v1/me", {}, 502, id="nobody there"),
    ],
)
async def test_nothing_else_goes_on(
    wechat: LoopbackWeChat, path: str, headers: dict[str, str], status: int
) -> None:
    reply = await _ask(wechat, path, method="GET", headers=headers)
    assert reply.status_code == status
    assert reply.json()["sentence"]
