"""Run the loopback WeChat beside a server that is tried out: `python -m devtools.wechat beside -- …`.

The server takes the place of this process, so that signals and the end of one are those of the other.
The loopback ends when the pipe closes that only the server holds, however the server ended. If the
loopback ends first, the server goes on.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, NoReturn

import click

TRY_OUT = Path(__file__).with_name("tryout.json")
"""The account of the try-out, who uses it, and its templates."""
PUSH_PATH = "/mp/v1/wechat/push"
DEFAULT_PORT = "8080"
APP_ID = "OPENZONE_WECHAT_APP_ID"
WITHIN = 10.0
"""Seconds for the loopback to answer."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def beside(command: tuple[str, ...]) -> None:
    """Run a server, with the loopback WeChat beside it unless a mini-program is configured."""
    if not os.environ.get(APP_ID, "").strip():
        try:
            os.environ.update(_started(_backend(command)))
        except (OSError, ValueError) as error:
            # What is tried out without WeChat is still worth trying out.
            click.echo(f"试用微信没有启动，其余功能照常（{error}）。", err=True)
    _become(command)


def _started(backend: str) -> dict[str, str]:
    """Start the loopback and return the settings by which the server finds it."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "devtools.wechat", "--until-stdin-closes"],
        stdin=reading,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        # Ctrl+C is for the server: the loopback is still there while it stops.
        start_new_session=True,
    )
    os.close(reading)
    assert process.stdout is not None
    said = process.stdout.readline()
    process.stdout.close()
    found = re.findall(r"http://[0-9.]+:[0-9]+[^\s,]*", said)
    if len(found) != 2:
        os.close(writing)
        raise ValueError("它没有给出地址")
    os.set_inheritable(writing, True)
    root, control = found
    settings = set_up(control, backend)
    click.echo(
        f"没有设置 {APP_ID}：已启动试用微信（本机模拟，不连接真微信），手机页面：{control}/phone"
    )
    sys.stdout.flush()
    return settings | {"OPENZONE_WECHAT_API_ROOT": root}


def set_up(control: str, backend: str) -> dict[str, str]:
    """Make the account of the try-out, with secrets that are new each time."""
    told = json.loads(TRY_OUT.read_text(encoding="utf-8"))
    push = {
        "url": backend + PUSH_PATH,
        "token": secrets.token_hex(16),
        "aes_key": _aes_key(),
    }
    secret = secrets.token_hex(16)
    account = told["account"] | {"secret": secret, "push": push}
    _post(f"{control}/accounts", account)
    for user in told["users"]:
        _post(f"{control}/users", user | {"appid": account["appid"]})
    return {
        APP_ID: account["appid"],
        "OPENZONE_WECHAT_APP_SECRET": secret,
        "OPENZONE_WECHAT_PUSH_TOKEN": push["token"],
        "OPENZONE_WECHAT_ENCODING_AES_KEY": push["aes_key"],
    }


def _aes_key() -> str:
    """Return a key of 32 bytes as 43 letters and digits."""
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        if key.isalnum():
            return key


def _backend(command: tuple[str, ...]) -> str:
    """Return where the server will be: by its own options, else by its settings."""

    def given(option: str, setting: str, default: str) -> str:
        for place, word in enumerate(command):
            if word == option and place + 1 < len(command):
                return command[place + 1]
            if word.startswith(option + "="):
                return word.removeprefix(option + "=")
        return os.environ.get(setting, "").strip() or default

    port = given("--port", "OPENZONE_PORT", DEFAULT_PORT)
    return f"http://127.0.0.1:{port}"


def _post(url: str, fields: dict[str, Any]) -> None:
    request = urllib.request.Request(url, json.dumps(fields).encode(), method="POST")
    # A proxy of the machine has nothing to do with the machine itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=WITHIN):
        pass


def _become(command: tuple[str, ...]) -> NoReturn:
    sys.stdout.flush()
    os.execvp(command[0], command)
