"""Calls to the loopback WeChat as its own tests make them: raw, with a token."""

from __future__ import annotations

from typing import Any

import httpx

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import APPID, SECRET


async def token(wechat: LoopbackWeChat, appid: str = APPID) -> str:
    body = {"grant_type": "client_credential", "appid": appid, "secret": SECRET}
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        reply = await client.post(f"{wechat.root}/cgi-bin/stable_token", json=body)
    return str(reply.json()["access_token"])


async def post(
    wechat: LoopbackWeChat, path: str, body: dict[str, Any] | None = None, **options: Any
) -> httpx.Response:
    """Post JSON (`body`), or what `options` say as httpx takes it."""
    asked = {"access_token": await token(wechat)}
    given = options if body is None else {"json": body, **options}
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=20) as client:
        return await client.post(f"{wechat.root}{path}", params=asked, **given)


async def errcode(wechat: LoopbackWeChat, path: str, body: dict[str, Any]) -> int:
    """Post JSON and return the code; 0 where none is said."""
    return int((await post(wechat, path, body)).json().get("errcode", 0))
