"""Run the loopback WeChat beside a test or a measurement, and say what is to happen there."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

READY_WITHIN = 30.0
"""Seconds."""


class LoopbackWeChat:
    """A process of its own, on free ports of this machine. Leaving the `with` ends it."""

    def __init__(self, state_file: Path | None = None) -> None:
        self._state_file = state_file
        self._process: subprocess.Popen[str] | None = None
        # Plain HTTP: reading the machine's certificates would take longer than most calls.
        self._client = httpx.Client(trust_env=False, timeout=READY_WITHIN, verify=False)
        self.root = ""
        """Where the platform answers, "http://127.0.0.1:40123"."""
        self.control_root = ""
        """Where the control plane answers whatever the faults do to the platform."""

    @classmethod
    def at(cls, control_root: str) -> LoopbackWeChat:
        """Return one that runs already, by where its control plane answers."""
        found = cls()
        found.control_root = control_root
        return found

    def start(self) -> None:
        """Start it; once it has been stopped, where it was before."""
        port = urlsplit(self.root).port or 0
        # Its input closes when whoever started it is gone, however that came.
        command = [sys.executable, "-m", "devtools.wechat", "--until-stdin-closes"]
        command += ["--port", str(port)]
        if self._state_file is not None:
            command += ["--state", str(self._state_file)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        found = re.findall(r"http://[0-9.]+:[0-9]+[^\s,]*", said)
        if len(found) != 2:
            self.stop()
            raise RuntimeError(f"The loopback WeChat did not start: {said!r}")
        self.root, self.control_root = found
        # Plain HTTP: reading the machine's certificates would take longer than most calls.
        self._client = httpx.Client(trust_env=False, timeout=READY_WITHIN, verify=False)
        self.control("ready", method="GET")

    def stop(self) -> None:
        """End it as an administrator would: it keeps its state if it has where."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def control(self, path: str, /, *, method: str = "POST", **fields: Any) -> Any:
        """Do something by the control plane and return what it says. Raises on a refusal."""
        return self._request(path, method, fields)

    async def acontrol(self, path: str, /, *, method: str = "POST", **fields: Any) -> Any:
        """Do the same without holding up the event loop."""
        return await asyncio.to_thread(self._request, path, method, fields)

    def fault(self, kind: str, **fields: Any) -> int:
        """Set a fault and return its number; see `faults.py`."""
        return int(self.control("faults", kind=kind, **fields)["number"])

    def journal(self, path: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Return what came, oldest first."""
        wanted = {"after": str(after)} | ({} if path is None else {"path": path})
        entries: list[dict[str, Any]] = self.control("journal", method="GET", **wanted)
        return entries

    def advance(self, seconds: float) -> None:
        """Move the virtual clock on."""
        self.control("clock", advance=seconds)

    def _request(self, path: str, method: str, fields: dict[str, Any]) -> Any:
        url = f"{self.control_root}/{path}"
        if method == "GET":
            reply = self._client.get(url, params=fields)
        else:
            reply = self._client.request(method, url, json=fields)
        if reply.status_code != 200:
            raise RuntimeError(f"{method} {path}: {reply.text}")
        return reply.json()

    def _end(self, how: signal.Signals) -> None:
        # One that somebody else started is left alone.
        self._client.close()
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(READY_WITHIN)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
