"""The administrators' guide, followed: its own commands, taken from its pages and run."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from tests.databases import ROOT, environment_of

GUIDE = (ROOT / "docs" / "admin-guide.zh.md").read_text(encoding="utf-8")
PATIENCE_S = 90.0
KEPT, LATER = "居住证在哪里办理？", "独角兽养殖有补贴吗？"


def section(title: str) -> str:
    """Return what stands under a heading, down to the next of its rank or above."""
    rank = re.match("#+", title)
    assert rank and f"\n{title}" in GUIDE, title
    text = GUIDE.split(f"\n{title}", 1)[1]
    return re.split(rf"^#{{1,{len(rank[0])}}} ", text, maxsplit=1, flags=re.MULTILINE)[0]


def blocks(title: str, kind: str = "sh") -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", section(title), re.MULTILINE | re.DOTALL)


def scripts(title: str) -> list[str]:
    """Return what the guide says to save as a file."""
    return [block for block in blocks(title) if block.startswith("#!")]


def commands(title: str) -> list[list[str]]:
    """Return the blocks of commands to be typed, line by line."""
    typed = [block for block in blocks(title) if not block.startswith("#!")]
    return [block.replace("\\\n", " ").splitlines() for block in typed]


class Machine:
    """A machine set up by the guide, with every folder it names below one of the test's."""

    def __init__(self, folder: Path, backups: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._bin = folder / "bin"
        self._bin.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._places = {
            "/srv/openzone/.venv/bin/openzone": str(self._bin / "program"),
            "/usr/local/bin/openzone": str(self._bin / "openzone"),
            "/etc/openzone.env": str(folder / "openzone.env"),
            "/var/backups/openzone": str(backups),
            "/var/lib/openzone": str(folder / "data"),
            "/var/cache/openzone": str(folder / "cache"),
        }
        self._write(
            "program", f"exec {sys.executable} -c 'from server.cli import main; main()' \"$@\""
        )
        self._write("sudo", 'shift 2\nexec "$@"')  # The test is the user of the service already.
        (wrapper,) = scripts("## 二、")
        self._write("openzone", self._here(wrapper))
        settings = self._here(blocks("## 二、", "ini")[0])
        more = environment_of(folder / "data") | {
            "OPENZONE_PORT": str(self._port),
            "OPENZONE_SYNTHESISER": "silent",
            "OPENZONE_OFFLINE": "1",
        }
        settings += "".join(f"{name}={value}\n" for name, value in more.items())
        (folder / "openzone.env").write_text(settings, "utf-8")

    def _write(self, name: str, script: str) -> None:
        file = self._bin / name
        file.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)

    def _here(self, text: str) -> str:
        for place, here in self._places.items():
            text = text.replace(place, here)
        return text

    def types(self, line: str) -> str:
        """Type one command of the guide and return what it prints."""
        if line == "systemctl start openzone":
            self.start()
            return ""
        if line == "systemctl stop openzone":
            self.stop()
            return ""
        typed = subprocess.run(
            ["/bin/sh", "-c", self._here(line)],
            env={
                "PATH": f"{self._bin}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "LANG": "C.UTF-8",
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert typed.returncode == 0, f"{line}: {typed.stdout}{typed.stderr}"
        return typed.stdout

    def start(self) -> None:
        """Start the service and wait until it is ready."""
        env = {"PATH": f"{self._bin}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        log = (self._folder / "log").open("wb")
        self._server = subprocess.Popen(
            [str(self._bin / "openzone"), "serve"], env=env, stdout=log, stderr=log
        )
        log.close()
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self._server.poll() is None, (self._folder / "log").read_text("utf-8")
            try:
                with self.client as client:
                    if client.get("/readyz").status_code == 200:
                        return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("The service was not ready in time")

    def stop(self) -> None:
        """Stop the service, where it runs."""
        if self._server is not None:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(PATIENCE_S)
            self._server = None

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self._port}", trust_env=False, timeout=30)

    def brings_in(self, question: str) -> None:
        file = self._folder / "questions.csv"
        file.write_text(f"id,question,answer\n{hash(question)},{question},请问窗口。\n", "utf-8")
        self.types(f"openzone import {file}")

    def answers(self, question: str) -> bool:
        with self.client as client:
            reply = client.post("/api/v1/ask", json={"text": question}).json()
        return question in [answer["title"] for answer in reply["answers"]]


@contextmanager
def machine(folder: Path, backups: Path) -> Iterator[Machine]:
    made = Machine(folder, backups)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def test_the_guide_is_followed_from_the_first_account_to_another_machine(
    tmp_path: Path, backups: Path
) -> None:
    (back_up,) = commands("### 备份")
    put_back, elsewhere, reindex = commands("### 恢复")
    (account,) = [block for block in commands("## 二、") if block[0].startswith("openzone staff")]

    with machine(tmp_path / "one", backups) as one:
        password = re.search(r"首次登录密码：(\S+)", one.types(account[0]))
        assert password
        one.brings_in(KEPT)
        one.start()
        for line in back_up:
            one.types(line)
        one.brings_in(LATER)
        for line in put_back:
            one.types(line)
        assert one.answers(KEPT) and not one.answers(LATER)
        with one.client as client:
            entered = client.post(
                "/console/sign-in", data={"username": "admin", "password": password[1]}
            )
        assert entered.status_code == 303
        for line in reindex:
            one.types(line)
        assert one.answers(KEPT)

    with machine(tmp_path / "two", backups) as two:
        for line in elsewhere:
            two.types(line)
        two.start()
        assert two.answers(KEPT)


def test_the_daily_backup_keeps_thirty_days(tmp_path: Path, backups: Path) -> None:
    (daily,) = scripts("### 备份")
    old, recent = backups / "zone-2000-01-01.backup", backups / "zone-2000-01-02.backup"
    for file in (old, recent):
        file.write_bytes(b"")
    os.utime(old, (0, 0))
    with machine(tmp_path / "one", backups) as one:
        failing = one._here(daily) + "exit 0\n"
        one.types(failing)
        assert old.exists(), "Nothing could be backed up: nothing may be removed"
        one.brings_in(KEPT)
        one.types(daily)
    today = f"zone-{datetime.now().astimezone():%F}.backup"
    assert sorted(file.name for file in backups.iterdir()) == [recent.name, today]
