"""The loopback WeChat as tests use it: one process a session, reset before each test.

A module takes it with `from tests.wechat_loopback import wechat, wechat_process`.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat

APPID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"
OPENID = "o" + "A" * 27
TEMPLATE = "T" * 43
PATIENCE = 5.0
"""Seconds."""


_STARTED = pytest.StashKey[LoopbackWeChat]()


@pytest.fixture(scope="session")
def wechat_process(pytestconfig: pytest.Config) -> LoopbackWeChat:
    """The one of this session. A fixture that modules import is made anew for each of them."""
    if _STARTED not in pytestconfig.stash:
        wechat = LoopbackWeChat()
        wechat.start()
        pytestconfig.stash[_STARTED] = wechat
        pytestconfig.add_cleanup(wechat.stop)
    return pytestconfig.stash[_STARTED]


@pytest.fixture
def wechat(wechat_process: LoopbackWeChat) -> LoopbackWeChat:
    """A platform with one account (APPID, SECRET) and nobody who uses it."""
    wechat_process.control("reset")
    wechat_process.control("accounts", appid=APPID, secret=SECRET)
    return wechat_process


def ask(
    wechat: LoopbackWeChat,
    method: str,
    path: str,
    *,
    timeout: float = PATIENCE,
    **what: Any,
) -> httpx.Response:
    """Make one request to the platform, on a connection of its own."""
    with httpx.Client(
        base_url=wechat.root, trust_env=False, timeout=timeout, verify=False
    ) as client:
        return client.request(method, path, **what)


def stable_token(wechat: LoopbackWeChat, **more: Any) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | more
    reply: dict[str, Any] = ask(wechat, "POST", "/cgi-bin/stable_token", json=body).json()
    return reply


def plain_token(wechat: LoopbackWeChat, **more: str) -> dict[str, Any]:
    query = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET} | more
    reply: dict[str, Any] = ask(wechat, "GET", "/cgi-bin/token", params=query).json()
    return reply


def with_token(wechat: LoopbackWeChat, method: str, path: str, **what: Any) -> httpx.Response:
    """Make one request with a good token in its query."""
    query = {"access_token": stable_token(wechat)["access_token"]} | what.pop("params", {})
    return ask(wechat, method, path, params=query, **what)
