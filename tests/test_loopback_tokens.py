"""Access tokens of the loopback WeChat."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import APPID, SECRET, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]


def stable(wechat: LoopbackWeChat, **more: Any) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | more
    reply: dict[str, Any] = httpx.post(f"{wechat.root}/cgi-bin/stable_token", json=body).json()
    return reply


def plain(wechat: LoopbackWeChat, **more: str) -> dict[str, Any]:
    query = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | more
    reply: dict[str, Any] = httpx.get(f"{wechat.root}/cgi-bin/token", params=query).json()
    return reply


def test_a_stable_token_is_the_same_until_its_last_five_minutes(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True)
    first = stable(wechat)
    assert first["expires_in"] == 7200 and "errcode" not in first
    wechat.advance(6900)
    assert stable(wechat) == first | {"expires_in": 300}
    wechat.advance(1)
    second = stable(wechat)
    assert second["access_token"] != first["access_token"] and second["expires_in"] == 7200


def test_each_plain_token_is_new(wechat: LoopbackWeChat) -> None:
    assert plain(wechat)["access_token"] != plain(wechat)["access_token"]


@pytest.mark.parametrize(
    ("given", "errcode"),
    [({"secret": "f" * 32}, 40125), ({"appid": "wx" + "0" * 16}, 40013), ({"secret": ""}, 41004)],
)
def test_who_asks_for_a_token_must_know_the_secret(
    wechat: LoopbackWeChat, given: dict[str, str], errcode: int
) -> None:
    assert stable(wechat, **given)["errcode"] == errcode
    assert plain(wechat, **given)["errcode"] == errcode
