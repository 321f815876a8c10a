"""The loopback WeChat as tests use it: one process a session, reset before each test.

A module takes it with `from tests.wechat_loopback import wechat, wechat_process`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devtools.wechat.starting import LoopbackWeChat

APPID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="session")
def wechat_process() -> Iterator[LoopbackWeChat]:
    with LoopbackWeChat() as wechat:
        yield wechat


@pytest.fixture
def wechat(wechat_process: LoopbackWeChat) -> LoopbackWeChat:
    """A platform with one account (APPID, SECRET) and nobody who uses it."""
    wechat_process.control("reset")
    wechat_process.control("accounts", appid=APPID, secret=SECRET)
    return wechat_process
