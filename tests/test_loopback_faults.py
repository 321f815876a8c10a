"""What the loopback WeChat does to a connection when it is told to."""

from __future__ import annotations

import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    OPENID,
    ask,
    plain_token,
    stable_token,
    wechat,
    wechat_process,
    with_token,
)

__all__ = ["wechat", "wechat_process"]

LISTED = "/wxaapi/newtmpl/gettemplate"
ADDRESSES = "/cgi-bin/getcallbackip"
TOKEN = "/cgi-bin/token"


def connected(wechat: LoopbackWeChat) -> socket.socket:
    host = urlsplit(wechat.root)
    connection = socket.create_connection((host.hostname, host.port), timeout=5)
    return connection


def asks_by_hand(connection: socket.socket, path: str = "/nowhere") -> None:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def one_reply(connection: socket.socket) -> bytes:
    """Read the 404 that nobody's path is answered with."""
    received = b""
    while b"</html>" not in received:
        piece = connection.recv(4096)
        assert piece, received
        received += piece
    return received


@pytest.mark.parametrize("at", ["accept", "request"])
def test_a_connection_is_reset(wechat: LoopbackWeChat, at: str) -> None:
    wechat.fault("reset", at=at, count=1)
    # It may come while the connection is still being made.
    with pytest.raises(ConnectionResetError), connected(wechat) as connection:
        time.sleep(0.05)
        asks_by_hand(connection)
        assert connection.recv(1) != b""
    with connected(wechat) as connection:
        asks_by_hand(connection)
        assert b"404" in one_reply(connection)


def test_a_connection_is_reset_in_the_middle_of_the_reply(wechat: LoopbackWeChat) -> None:
    wechat.fault("reset", at="body")
    with connected(wechat) as connection, pytest.raises(ConnectionResetError):
        asks_by_hand(connection)
        received = b""
        while piece := connection.recv(4096):
            received += piece
            assert b"200" in received or b"404" in received
            assert not received.endswith(b"</html>")


def test_connections_are_refused_and_taken_again_at_the_same_place(wechat: LoopbackWeChat) -> None:
    with connected(wechat) as standing:
        asks_by_hand(standing)
        one_reply(standing)
        number = wechat.fault("refuse")
        with pytest.raises(ConnectionRefusedError):
            connected(wechat)
        with pytest.raises(ConnectionResetError):
            standing.recv(1)
    wechat.control(f"faults/{number}", method="DELETE")
    assert "access_token" in stable_token(wechat)


def test_connections_are_refused_for_a_while_of_the_virtual_clock(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True)
    now = wechat.control("state", method="GET")["clock"]["now"]
    wechat.fault("refuse", after=now + 60, lasting=120)
    connected(wechat).close()
    wechat.advance(60)
    with pytest.raises(ConnectionRefusedError):
        connected(wechat)
    wechat.advance(60)
    connected(wechat).close()


def test_a_refusal_ends_as_the_running_clock_reaches_its_end(wechat: LoopbackWeChat) -> None:
    wechat.fault("refuse", lasting=0.3)
    with pytest.raises(ConnectionRefusedError):
        connected(wechat)
    time.sleep(0.5)
    connected(wechat).close()


@pytest.mark.parametrize("at", ["accept", "request"])
def test_nobody_ever_answers(wechat: LoopbackWeChat, at: str) -> None:
    wechat.fault("silent", at=at)
    with pytest.raises(httpx.ReadTimeout):
        ask(wechat, "GET", ADDRESSES, timeout=0.3)
    performed = [entry["was_performed"] for entry in wechat.journal()]
    assert performed == ([] if at == "accept" else [False])


def test_an_idle_connection_is_closed_without_notice(wechat: LoopbackWeChat) -> None:
    wechat.fault("close_idle", seconds=0.1, count=1)
    with connected(wechat) as connection:
        asks_by_hand(connection)
        assert b"connection: close" not in one_reply(connection).lower()
        assert connection.recv(1) == b""


def test_a_connection_is_kept_for_the_next_request(wechat: LoopbackWeChat) -> None:
    with connected(wechat) as connection:
        for _ in range(3):
            asks_by_hand(connection)
            assert b"404 Not Found" in one_reply(connection)


@pytest.mark.parametrize("before", ["work", "headers", "body"])
def test_a_reply_is_late(wechat: LoopbackWeChat, before: str) -> None:
    token = stable_token(wechat)["access_token"]
    wechat.fault("slow", seconds=0.3, before=before)
    began = time.perf_counter()
    assert ask(wechat, "GET", LISTED, params={"access_token": token}).json()["errcode"] == 0
    assert time.perf_counter() - began >= 0.3
    with pytest.raises(httpx.ReadTimeout):
        ask(wechat, "GET", LISTED, params={"access_token": token}, timeout=0.1)


def test_a_late_reply_holds_up_nobody_else(wechat: LoopbackWeChat) -> None:
    wechat.fault("slow", path="/slow", seconds=5)
    with connected(wechat) as connection:
        asks_by_hand(connection, "/slow")
        began = time.perf_counter()
        stable_token(wechat)
        assert time.perf_counter() - began < 4


def test_a_reply_drips(wechat: LoopbackWeChat) -> None:
    wechat.fault("drip", pause=0.05, piece=2)
    began = time.perf_counter()
    # Each piece is in time, the whole is not.
    assert ask(wechat, "GET", ADDRESSES, timeout=1).json()["errcode"] == 41001
    assert time.perf_counter() - began > 1


@pytest.mark.parametrize("with_reset", [False, True])
def test_what_was_asked_is_done_and_nobody_is_told(
    wechat: LoopbackWeChat, with_reset: bool
) -> None:
    wechat.control("users", openid=OPENID)
    wechat.fault("lost", path="/sns/*", count=1, with_reset=with_reset)
    code = wechat.control("phone/login", openid=OPENID)["code"]
    with pytest.raises(httpx.ReadError if with_reset else httpx.RemoteProtocolError):
        login(wechat, code)
    (lost,) = wechat.journal("/sns/jscode2session")
    assert lost["was_performed"] and lost["errcode"] == 0 and lost["faults"] == ["lost"]
    assert json.loads(lost["reply"])["openid"] == OPENID
    assert login(wechat, code)["errcode"] == 40163


def login(wechat: LoopbackWeChat, code: str) -> dict[str, Any]:
    query = {
        "appid": APPID,
        "secret": "0123456789abcdef0123456789abcdef",
        "js_code": code,
        "grant_type": "authorization_code",
    }
    reply: dict[str, Any] = ask(wechat, "GET", "/sns/jscode2session", params=query).json()
    return reply


@pytest.mark.parametrize(
    ("form", "status", "body"),
    [
        ("truncated", 200, b'{"errcode":0,'),
        ("html_200", 200, b"<html>"),
        ("html_502", 502, b"<html>"),
        ("empty", 200, b""),
        ("null", 200, b"null"),
        ("list", 200, b"[]"),
        ("errcode_text", 200, b'{"errcode":"x"'),
        ("invalid_utf8", 200, b'{"errcode":0,"errmsg":"\xff'),
    ],
)
def test_a_reply_is_none(wechat: LoopbackWeChat, form: str, status: int, body: bytes) -> None:
    wechat.fault("malformed", form=form, path=LISTED)
    reply = with_token(wechat, "GET", LISTED)
    assert reply.status_code == status and reply.content.startswith(body)
    assert form != "truncated" or not reply.content.endswith(b"}")


@pytest.mark.parametrize(
    ("form", "error"),
    [("too_long_length", httpx.RemoteProtocolError), ("gzip_garbage", httpx.DecodingError)],
)
def test_a_reply_contradicts_its_headers(
    wechat: LoopbackWeChat, form: str, error: type[Exception]
) -> None:
    wechat.fault("malformed", form=form, path=LISTED)
    with pytest.raises(error):
        with_token(wechat, "GET", LISTED)


def test_a_reply_is_longer_than_its_headers_say(wechat: LoopbackWeChat) -> None:
    wechat.fault("malformed", form="too_short_length", path=LISTED)
    with pytest.raises(json.JSONDecodeError):
        with_token(wechat, "GET", LISTED).json()


def test_a_wrecked_reply_says_whether_the_action_was_done(wechat: LoopbackWeChat) -> None:
    wechat.fault("malformed", form="empty", path=TOKEN, performs=False)
    assert ask(wechat, "GET", TOKEN).content == b""
    assert [entry["was_performed"] for entry in wechat.journal(TOKEN)] == [False]


def test_a_call_is_sent_elsewhere(wechat: LoopbackWeChat) -> None:
    wechat.fault("redirect", location="/elsewhere", path=LISTED)
    reply = with_token(wechat, "GET", LISTED)
    assert reply.status_code == 302 and reply.headers["Location"] == "/elsewhere"


def test_busy_for_some_calls_and_then_as_ever(wechat: LoopbackWeChat) -> None:
    wechat.fault("errcode", errcode=-1, path="/wxaapi/*", count=2)
    replies = [with_token(wechat, "GET", LISTED).json() for _ in range(3)]
    assert [reply["errcode"] for reply in replies] == [-1, -1, 0]
    assert replies[0]["errmsg"].startswith("system error rid: ")
    assert "errcode" not in plain_token(wechat)


def test_a_fault_is_for_one_person_or_one_account(wechat: LoopbackWeChat) -> None:
    others = wechat.control("accounts", secret="f" * 32)["appid"]
    wechat.fault("errcode", errcode=50002, appid=others)
    wechat.fault("errcode", errcode=43101, openid=OPENID)
    assert plain_token(wechat, appid=others, secret="f" * 32)["errcode"] == 50002
    assert "errcode" not in plain_token(wechat)
    send = "/cgi-bin/message/subscribe/send"
    assert with_token(wechat, "POST", send, json={"touser": OPENID}).json()["errcode"] == 43101
    assert with_token(wechat, "POST", send, json={"touser": "oB"}).json()["errcode"] != 43101


def test_a_fault_is_over_with_the_minute(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True, set=1_800_000_030.0)
    wechat.fault("errcode", errcode=45011, path=TOKEN, until_end_of="minute")
    assert plain_token(wechat)["errcode"] == 45011
    wechat.advance(29)
    assert plain_token(wechat)["errcode"] == 45011
    wechat.advance(1)
    assert "errcode" not in plain_token(wechat)


def test_a_fault_is_over_with_the_day_of_beijing(wechat: LoopbackWeChat) -> None:
    # 22:00 in Beijing, 14:00 UTC.
    wechat.control("clock", frozen=True, set=1_795_701_600.0)
    wechat.fault("errcode", errcode=45009, path=TOKEN, until_end_of="day")
    wechat.advance(7199)
    assert plain_token(wechat)["errcode"] == 45009
    wechat.advance(1)
    assert "errcode" not in plain_token(wechat)


def test_chance_falls_the_same_way_for_the_same_seed(wechat: LoopbackWeChat) -> None:
    def fallen(seed: int) -> list[bool]:
        wechat.control("faults", method="DELETE")
        wechat.fault("errcode", errcode=-1, path=TOKEN, probability=0.5, seed=seed)
        return ["errcode" in plain_token(wechat) for _ in range(12)]

    assert fallen(1) == fallen(1) != fallen(2)
    assert 0 < sum(fallen(1)) < 12


def test_faults_add_up(wechat: LoopbackWeChat) -> None:
    wechat.fault("slow", seconds=0.2)
    wechat.fault("errcode", errcode=-1)
    wechat.fault("odd", put={"errcode": "-1"}, drop=["errmsg"])
    began = time.perf_counter()
    assert plain_token(wechat) == {"errcode": "-1"}
    assert time.perf_counter() - began >= 0.2


def test_a_fault_that_cannot_strike_is_refused(wechat: LoopbackWeChat) -> None:
    for fault in ({"kind": "refuse", "path": "/x"}, {"kind": "slow"}, {"kind": "nonsense"}):
        with pytest.raises(RuntimeError):
            wechat.control("faults", **fault)
