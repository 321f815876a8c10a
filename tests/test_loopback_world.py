"""The loopback WeChat's clock, its journal, and what it keeps when it ends."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    OPENID,
    SECRET,
    ask,
    plain_token,
    stable_token,
    wechat,
    wechat_process,
)

__all__ = ["wechat", "wechat_process"]

LISTED = "/wxaapi/newtmpl/gettemplate"


def errcode_with(wechat: LoopbackWeChat, token: str) -> int:
    return int(ask(wechat, "GET", LISTED, params={"access_token": token}).json()["errcode"])


def test_the_clock_stands_still_and_runs_again(wechat: LoopbackWeChat) -> None:
    at = wechat.control("clock", frozen=True, set=1_800_000_000.0)
    time.sleep(0.05)
    assert wechat.control("clock") == at == {"now": 1_800_000_000.0, "is_frozen": True}
    assert wechat.control("clock", advance=5)["now"] == 1_800_000_005.0
    running = wechat.control("clock", frozen=False)["now"]
    time.sleep(0.05)
    assert running < wechat.control("clock")["now"] < running + 5
    assert abs(wechat.control("clock", set=time.time())["now"] - time.time()) < 1


def test_the_journal_tells_every_call(wechat: LoopbackWeChat) -> None:
    with pytest.raises(RuntimeError, match="nowhere"):
        wechat.control("nowhere")
    token = stable_token(wechat)["access_token"]
    ask(wechat, "POST", "/x?a=1&b=", content=b"\xff", headers={"X-Own": "of ours"})
    given, unknown = wechat.journal()
    assert given["path"] == "/cgi-bin/stable_token" and given["method"] == "POST"
    assert given["appid"] == APPID and SECRET in given["body"] and token in given["reply"]
    assert unknown["query"] == {"a": "1", "b": ""} and unknown["headers"]["x-own"] == "of ours"
    assert unknown["body"] == "base64:/w==" and unknown["status"] == 404
    assert unknown["rid"] and unknown["appid"] is None
    assert wechat.journal(after=given["number"]) == [unknown]
    assert wechat.journal(path="/x") == [unknown]
    wechat.control("journal", method="DELETE")
    assert wechat.journal() == []


def test_a_restart_makes_tokens_and_codes_unknown(wechat: LoopbackWeChat) -> None:
    wechat.control("users", openid=OPENID)
    code = wechat.control("phone/login", openid=OPENID)["code"]
    token = stable_token(wechat)["access_token"]
    with httpx.Client(base_url=wechat.root, trust_env=False) as client:
        client.get("/")
        wechat.control("restart", keeps_state=True)
        assert errcode_with(wechat, token) == 0
        wechat.control("restart")
    assert errcode_with(wechat, token) == 40001
    query = {"appid": APPID, "secret": SECRET, "js_code": code, "grant_type": "authorization_code"}
    reply = ask(wechat, "GET", "/sns/jscode2session", params=query).json()
    assert reply["errcode"] == 40029
    assert errcode_with(wechat, stable_token(wechat)["access_token"]) == 0


def test_the_control_plane_is_reached_by_the_platforms_door_too(wechat: LoopbackWeChat) -> None:
    reply = ask(wechat, "POST", "/__fake__/faults", json={"kind": "refuse"})
    assert reply.status_code == 200
    with pytest.raises(httpx.ConnectError):
        stable_token(wechat)
    wechat.control("faults", method="DELETE")
    assert "access_token" in stable_token(wechat)


async def test_a_restart_drops_the_connections_that_stand(wechat: LoopbackWeChat) -> None:
    host = urlsplit(wechat.root)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readuntil(b"</html>")
    await wechat.acontrol("restart")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


def test_it_is_gone_for_a_while_and_comes_back_where_it_was(tmp_path: Path) -> None:
    with LoopbackWeChat(tmp_path / "state.json") as wechat:
        wechat.control("accounts", appid=APPID, secret=SECRET)
        root = wechat.root
        wechat.stop()
        with pytest.raises(httpx.ConnectError):
            stable_token(wechat)
        wechat.start()
        assert wechat.root == root
        assert "access_token" in stable_token(wechat)


def test_it_ends_with_whoever_started_it() -> None:
    lives = (
        "import os\n"
        "from devtools.wechat.starting import LoopbackWeChat\n"
        "wechat = LoopbackWeChat()\n"
        "wechat.start()\n"
        "print(wechat.root, flush=True)\n"
        "os._exit(1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", lives],
        check=False,
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
    )
    host = urlsplit(done.stdout.strip())
    until = time.monotonic() + 10
    with pytest.raises(OSError, match="refused"):
        while time.monotonic() < until:
            socket.create_connection((host.hostname, host.port), timeout=5).close()
            time.sleep(0.05)


async def test_many_are_served_at_once(wechat: LoopbackWeChat) -> None:
    wechat.control("users", openid=OPENID)
    codes = [(await wechat.acontrol("phone/login", openid=OPENID))["code"] for _ in range(20)]
    query = {"appid": APPID, "secret": SECRET, "grant_type": "authorization_code"}
    wechat.fault("slow", path="/sns/*", seconds=0.3)
    async with httpx.AsyncClient(base_url=wechat.root, trust_env=False, verify=False) as client:
        began = time.perf_counter()
        replies = await asyncio.gather(
            # Each code twice: one of the two is late, whichever comes first.
            *(
                client.get("/sns/jscode2session", params=query | {"js_code": code})
                for code in codes * 2
            )
        )
    assert time.perf_counter() - began < 10, "one after the other they take twelve"
    errcodes = [reply.json().get("errcode", 0) for reply in replies]
    assert sorted(errcodes) == [0] * 20 + [40163] * 20


def test_what_it_knows_is_kept_where_it_is_told_to(tmp_path: Path) -> None:
    with LoopbackWeChat(tmp_path / "state.json") as wechat:
        wechat.control("accounts", appid=APPID, secret=SECRET)
        wechat.control("users", openid=OPENID)
        token = stable_token(wechat)["access_token"]
    with LoopbackWeChat(tmp_path / "state.json") as wechat:
        assert errcode_with(wechat, token) == 0
        assert wechat.control(f"users/{OPENID}", method="PATCH")["openid"] == OPENID
        later = plain_token(wechat)["access_token"]
        wechat.control("save")
        lost = plain_token(wechat)["access_token"]
        wechat.kill()
    with LoopbackWeChat(tmp_path / "state.json") as wechat:
        assert [errcode_with(wechat, each) for each in (later, lost)] == [0, 40001]


def test_a_reset_forgets_everything(wechat: LoopbackWeChat) -> None:
    stable_token(wechat)
    wechat.fault("slow", seconds=9)
    wechat.control("clock", frozen=True, set=5.0)
    wechat.control("reset")
    state = wechat.control("state", method="GET")
    assert state["accounts"] == {} and state["faults"] == []
    assert not state["clock"]["is_frozen"] and state["clock"]["now"] > 5
    assert wechat.journal() == []


def test_several_accounts_know_nothing_of_each_other(wechat: LoopbackWeChat) -> None:
    other = wechat.control("accounts", secret="f" * 32)
    assert other["appid"].startswith("wx") and len(other["appid"]) == 18
    assert other["original_id"].startswith("gh_") and len(other["original_id"]) == 15
    assert plain_token(wechat, appid=other["appid"])["errcode"] == 40125
    assert "errcode" not in plain_token(wechat, appid=other["appid"], secret="f" * 32)
    openid = wechat.control("users", appid=other["appid"])["openid"]
    assert openid.startswith("o") and len(openid) == 28
    with pytest.raises(RuntimeError, match="no user"):
        wechat.control(f"users/{openid}", method="PATCH", appid=APPID)


def test_what_makes_no_sense_is_refused(wechat: LoopbackWeChat) -> None:
    for path, fields in (
        (f"accounts/{APPID}", {"status": "tired"}),
        (f"accounts/{APPID}", {"colour": "red"}),
        ("users/oNobody", {"phone": "1"}),
    ):
        with pytest.raises(RuntimeError):
            wechat.control(path, method="PATCH", **fields)
