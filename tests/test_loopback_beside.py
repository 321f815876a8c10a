"""The try-out WeChat beside a server: started where no mini-program is configured, gone with it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.settings import read_settings

ROOT = Path(__file__).parents[1]
SERVER = """
import json, os, signal, sys
print(json.dumps({k: v for k, v in os.environ.items() if k.startswith("OPENZONE_")}), flush=True)
sys.stdin.readline()
sys.exit(7)
"""
"""Stands in for the server: says its settings, and ends with 7 when a line comes."""


@contextmanager
def _beside(*options: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run it; yield the process and the lines that it and the server said first."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("OPENZONE_WECHAT")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "devtools.wechat", "beside", "--", sys.executable, "-c", SERVER]
        + list(options),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment | settings,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    lines = []
    try:
        while not lines or not lines[-1].startswith("{"):
            line = process.stdout.readline()
            assert line, "it ended without the server"
            lines.append(line.strip())
        yield process, lines
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _answers(address: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(address, trust_env=False).status_code == 200
    return False


def _is_gone(address: str) -> bool:
    for _ in range(100):
        if not _answers(address):
            return True
        time.sleep(0.05)
    return False


def _page(lines: list[str]) -> str:
    (said,) = lines[:-1]
    found = re.search(r"http://127\.0\.0\.1:\d+/__fake__/", said)
    assert found, said
    return found.group()


def test_the_server_is_told_where_wechat_is_and_its_settings_are_sound() -> None:
    with _beside("--port=8099", OPENZONE_PORT="8090") as (_, lines):
        told: dict[str, str] = json.loads(lines[-1])
        settings = read_settings(told)
        assert settings.wechat_api_root.startswith("http://127.0.0.1:")
        state: dict[str, Any] = httpx.get(_page(lines) + "state", trust_env=False).json()
    account = state["accounts"][settings.wechat_app_id]
    assert account["secret"] == settings.wechat_app_secret
    assert account["push"]["url"] == "http://127.0.0.1:8099/mp/v1/wechat/push"
    assert account["push"]["token"] == settings.wechat_push_token
    assert account["push"]["aes_key"] == settings.wechat_encoding_aes_key
    assert len(account["users"]) == 3
    assert {template["kind"] for template in account["templates"]} == {2, 3}


def test_two_runs_have_the_same_people_and_other_secrets() -> None:
    told = []
    for _ in range(2):
        with _beside() as (_, lines):
            told.append(json.loads(lines[-1]))
    first, second = told
    assert first["OPENZONE_WECHAT_APP_ID"] == second["OPENZONE_WECHAT_APP_ID"]
    for name in ("APP_SECRET", "PUSH_TOKEN", "ENCODING_AES_KEY"):
        assert first[f"OPENZONE_WECHAT_{name}"] != second[f"OPENZONE_WECHAT_{name}"]


def test_nothing_is_started_beside_a_configured_mini_program() -> None:
    configured = {"OPENZONE_WECHAT_APP_ID": "wx" + "0" * 16}
    with _beside(**configured) as (_, lines):
        (said,) = lines
        told = json.loads(said)
    assert {name: told[name] for name in told if "WECHAT" in name} == configured


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_both_end_together_however_the_server_ends(how: signal.Signals) -> None:
    with _beside() as (process, lines):
        ready = _page(lines) + "ready"
        assert _answers(ready)
        process.send_signal(how)
        process.wait(10)
        assert _is_gone(ready)


def test_the_code_of_the_server_is_handed_on() -> None:
    with _beside() as (process, lines):
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.wait(10) == 7
        assert _is_gone(_page(lines) + "ready")


@pytest.mark.skipif(sys.platform != "linux", reason="finds the loopback by /proc")
def test_the_server_goes_on_when_the_loopback_crashes() -> None:
    with _beside() as (process, lines):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        (loopback,) = map(int, children)
        os.kill(loopback, signal.SIGKILL)
        assert _is_gone(_page(lines) + "ready")
        assert process.poll() is None
