"""Whatever is sent to the loopback WeChat, its answer is one of the platform's."""

from __future__ import annotations

import contextlib
import json
import random
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    OPENID,
    SECRET,
    TEMPLATE,
    stable_token,
    wechat,
    wechat_process,
)

__all__ = ["wechat", "wechat_process"]

FIELDS: dict[str, list[str]] = {
    "/cgi-bin/stable_token": ["grant_type", "appid", "secret", "force_refresh"],
    "/cgi-bin/clear_quota": ["appid"],
    "/cgi-bin/clear_quota/v2": ["appid", "appsecret"],
    "/cgi-bin/openapi/quota/get": ["cgi_path"],
    "/cgi-bin/openapi/quota/clear": ["cgi_path"],
    "/cgi-bin/openapi/rid/get": ["rid"],
    "/cgi-bin/callback/check": ["action", "check_operator"],
    "/wxa/business/getuserphonenumber": ["code", "openid"],
    "/wxa/getwxacodeunlimit": ["scene", "page", "check_path", "env_version", "width", "line_color"],
    "/wxa/getwxacode": ["path", "width", "auto_color", "line_color", "is_hyaline", "env_version"],
    "/cgi-bin/wxaapp/createwxaqrcode": ["path", "width"],
    "/cgi-bin/message/subscribe/send": ["touser", "template_id", "page", "data", "lang"],
    "/wxa/msg_sec_check": ["content", "version", "scene", "openid", "title", "signature"],
    "/wxa/media_check_async": ["media_url", "media_type", "version", "scene", "openid"],
    "/wxa/img_sec_check": ["media"],
}
GOOD: dict[str, Any] = {
    "grant_type": "client_credential",
    "appid": APPID,
    "secret": SECRET,
    "appsecret": SECRET,
    "cgi_path": "/wxa/msg_sec_check",
    "action": "all",
    "scene": "a",
    "page": "pages/home/home",
    "path": "pages/home/home",
    "touser": OPENID,
    "openid": OPENID,
    "template_id": TEMPLATE,
    "content": "好",
    "version": 2,
    "data": {"thing1": {"value": "好"}},
    "media_url": "http://127.0.0.1:9/a.jpg",
    "media_type": 2,
}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1e308,
    "",
    " ",
    "x" * 5000,
    "中文\n\u2028\U0001f600",
    [],
    [1],
    {},
    {"thing1": None},
    {"thing1": {"value": None}},
    {"thing1": {"value": 1}, "x": {"value": "y"}},
    {"r": "256", "g": None, "b": []},
]


@pytest.mark.parametrize("path", FIELDS)
def test_no_field_breaks_it(wechat: LoopbackWeChat, path: str) -> None:
    wechat.control(
        f"accounts/{APPID}",
        method="PATCH",
        pages=["pages/home/home"],
        templates=[{"id": TEMPLATE, "title": "通知", "content": "事项:{{thing1.DATA}}\n"}],
    )
    wechat.control("users", openid=OPENID)
    dice = random.Random(path)
    query = {"access_token": stable_token(wechat)["access_token"]}
    with httpx.Client(base_url=wechat.root, trust_env=False, verify=False) as client:
        for field in FIELDS[path]:
            for odd in ODD:
                body = {name: GOOD[name] for name in FIELDS[path] if name in GOOD} | {field: odd}
                reply = client.post(path, params=query, json=body)
                assert reply.status_code == 200, (field, odd)
        for _ in range(20):
            body = {name: dice.choice(ODD) for name in FIELDS[path]}
            reply = client.post(path, params=query, json=body)
            assert reply.status_code == 200, body
        for content in (b"\xff", b"[]", b"null", b"{", b"[" * 100_000, b'{"a":1e999}'):
            assert client.post(path, params=query, content=content).status_code == 200


@pytest.mark.parametrize(
    "path", ["/cgi-bin/token", "/sns/jscode2session", "/wxa/checksession", "/cgi-bin/getcallbackip"]
)
def test_no_query_breaks_it(wechat: LoopbackWeChat, path: str) -> None:
    names = ["access_token", "appid", "secret", "grant_type", "js_code", "openid", "signature"]
    with httpx.Client(base_url=wechat.root, trust_env=False, verify=False) as client:
        for name in names:
            for odd in ("", "%00", "中文", "x" * 5000, "a&b=c", "{}"):
                query = {"appid": APPID, "secret": SECRET} | {name: odd}
                assert client.get(path, params=query).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=lambda sent: repr(sent[:30]),
)
def test_what_is_no_request_ends_the_connection_and_nothing_else(
    wechat: LoopbackWeChat, sent: bytes
) -> None:
    host = urlsplit(wechat.root)
    with (
        socket.create_connection((host.hostname, host.port), timeout=5) as connection,
        contextlib.suppress(OSError),
    ):
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    assert "access_token" in stable_token(wechat)


def test_no_control_breaks_it(wechat: LoopbackWeChat) -> None:
    paths = ("accounts", "users", "faults", "clock", "phone/login", "phone/subscribe", "pushes")
    with httpx.Client(trust_env=False, verify=False) as client:
        for path in paths:
            for odd in ODD:
                for body in (odd, {"appid": odd}, {"kind": odd}, {"openid": odd}, {"set": odd}):
                    reply = client.post(
                        f"{wechat.control_root}/{path}", content=json.dumps(body).encode()
                    )
                    assert reply.status_code in (200, 400, 404), (path, body, reply.text)
