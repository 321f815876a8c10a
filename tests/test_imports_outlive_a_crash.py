"""Kill -9 while files are read: after the next start every one of them is read, and none twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx

from server.console.staff_door import COOKIE
from tests.databases import environment_of
from tests.made_files import notice
from tests.people import PASSWORD

ROOT = Path(__file__).parents[1]
PATIENCE_S = 90
FILES = 20
_FORM_TOKEN = re.compile(r'data-form-token="([^"]+)"')


def openzone(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from server.cli import main; main()", *arguments]


@contextmanager
def running(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve until the block ends, and kill whatever runs then."""
    with subprocess.Popen(
        openzone("serve", "--port", "0"), cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+(?=/kiosk)", server.stdout.readline())
            assert found, "The server did not start"
            yield found[0], server
        finally:
            server.kill()


def signed_in(client: httpx.Client) -> str:
    """Sign the clerk in and return the token of the session's forms."""
    client.post("/console/sign-in", data={"username": "clerk", "password": PASSWORD})
    assert COOKIE in client.cookies
    found = _FORM_TOKEN.search(client.get("/console", headers={"Accept": "text/html"}).text)
    assert found
    return found[1]


def test_files_that_wait_are_read_after_a_crash(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = {
        **os.environ, **environment_of(data), "OPENZONE_OFFLINE": "1",
        "OPENZONE_CACHE_DIR": str(tmp_path / "cache"), "OPENZONE_SYNTHESISER": "espeak",
    }  # fmt: skip
    subprocess.run(
        openzone("staff", "create", "clerk", "--role", "clerk", "--password-stdin"),
        cwd=ROOT, env=environment, input=f"{PASSWORD}\n", capture_output=True, text=True,
        timeout=PATIENCE_S, check=True,
    )  # fmt: skip
    with (
        running(environment) as (url, server),
        httpx.Client(base_url=url, timeout=30, trust_env=False) as client,
    ):
        token = signed_in(client)
        venue = re.search(
            r'name="venue".*?value="(\w+)"', page_of(client, "/console/imports"), re.DOTALL
        )
        assert venue
        begun = client.post(
            "/console/imports",
            data={"venue": venue[1], "agency_id": "", "form_token": token},
        )
        batch = begun.json()["batch"]
        for number in range(FILES):
            sent = client.post(
                f"/console/imports/{batch}/files",
                content=notice(number).encode(),
                headers={"X-Form-Token": token, "X-File-Name": quote(f"{number}.txt")},
            )
            assert sent.status_code == 201
        server.kill()
        server.wait(PATIENCE_S)
    with (
        running(environment) as (url, _),
        httpx.Client(base_url=url, timeout=30, trust_env=False) as client,
    ):
        signed_in(client)
        until = time.monotonic() + PATIENCE_S
        while 'data-finished="yes"' not in page_of(client, f"/console/imports/{batch}/files"):
            assert time.monotonic() < until, "The files were not read"
            time.sleep(0.2)
        results = page_of(client, f"/console/imports/{batch}/files")
        assert results.count("新文件，打开拟稿") == FILES, json.dumps(results, ensure_ascii=False)
        drafts = page_of(client, "/console/documents?state=draft")
        assert f"共 {FILES} 项" in drafts


def page_of(client: httpx.Client, path: str) -> str:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200, (path, page.status_code)
    return page.text
