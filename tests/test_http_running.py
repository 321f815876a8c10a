"""What whoever runs the server looks at: readiness, metrics, logs, start and stop."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from websockets.sync.client import connect

from server.json_log import configure_logging
from speech.scripted_recognition import ScriptedRecogniser
from tests.databases import environment_of
from tests.doors import PATIENCE_S, Doors, open_doors, tone

ROOT = Path(__file__).parents[1]
MARKER = "独角兽养殖补贴"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    with open_doors(tmp_path, ScriptedRecogniser([MARKER])) as opened:
        yield opened


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, as the server writes it."""
    handlers, level = logging.root.handlers, logging.root.level
    written = io.StringIO()
    configure_logging(written)
    yield written
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = handlers, level


def test_health_and_readiness(doors: Doors) -> None:
    with doors.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "database": True,
        "index": True,
        "recogniser": "scripted",
        "synthesiser": "silent",
    }


def test_metrics_count_by_route_and_decision_and_hold_no_words(doors: Doors) -> None:
    with doors.client() as client:
        client.post("/api/v1/ask", json={"text": MARKER})
        client.get("/api/v1/search", params={"q": MARKER})
        client.get(f"/{MARKER}")
        page = client.get("/metrics").text
    assert 'openzone_asks_total{decision="handoff",door="api"} 1.0' in page
    assert re.search(r'requests_total{method="POST",route="/api/v1/ask",status="200"} 1\.0', page)
    assert 'route="unmatched",status="404"' in page
    assert MARKER not in page


def test_nothing_anybody_asked_or_said_is_logged(
    log_lines: io.StringIO, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with doors.client() as client:
        client.post("/api/v1/ask", json={"text": MARKER})
        client.get("/api/v1/search", params={"q": MARKER})
        client.get(f"/api/v1/documents/{MARKER}")
        client.get(f"/{MARKER}?{MARKER}={MARKER}", headers={"X-Request-ID": MARKER.encode()})
        client.post("/kiosk/questions", json={"text": MARKER})
        client.post("/api/v1/ask", json={MARKER: MARKER})

        async def break_down(*_asked: object) -> None:
            raise RuntimeError(f"cannot find {MARKER}")

        monkeypatch.setattr(doors.context.library, "ask", break_down)
        broken = client.post("/api/v1/ask", json={"text": MARKER})
        assert broken.status_code == 500
        assert MARKER not in broken.text
    with connect(doors.voice_url) as voice:
        voice.send(json.dumps({"type": "start"}))
        voice.send(tone(2.0))
        voice.send(json.dumps({"type": "stop"}))
        while json.loads(voice.recv(PATIENCE_S))["type"] != "error":
            pass
    logging.getLogger("sanic.error").error("Exception while handling %s", f"/?q={MARKER}")
    logged = log_lines.getvalue()
    for line in logged.splitlines():
        assert json.loads(line)["event"]
    assert "RuntimeError" in logged
    assert '"route": "/api/v1/ask"' in logged
    assert "utterance heard" in logged
    assert MARKER not in logged
    assert json.dumps(MARKER)[1:-1] not in logged


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_where_everything_is_and_stops_when_told(
    tmp_path: Path, how: signal.Signals
) -> None:
    serving = start_serving(tmp_path)
    try:
        assert serving.stdout is not None
        printed = [serving.stdout.readline() for _ in range(4)]
        places = dict(re.findall(r"(\S+)：\s*(http://\S+)", "".join(printed)))
        assert {place.rpartition("/")[2] for place in places.values()} == {
            "kiosk",
            "docs",
            "console",
        }
        with connect(places["自助机页面"].replace("http", "ws") + "/voice"):
            serving.send_signal(how)
            rest, logged = serving.communicate(timeout=PATIENCE_S)
    finally:
        serving.kill()
        serving.wait()
    assert serving.returncode == 0, logged
    assert "正在停止" in rest
    assert "Traceback" not in logged


def test_serve_explains_a_port_that_is_taken(tmp_path: Path, doors: Doors) -> None:
    serving = start_serving(tmp_path / "second", port=doors.port)
    _, errors = serving.communicate(timeout=PATIENCE_S)
    assert serving.returncode == 1
    assert "--port" in errors
    assert "Traceback" not in errors


def start_serving(folder: Path, port: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from server.cli import main; main()"]
    return subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            **environment_of(folder / "data"),
            "OPENZONE_CACHE_DIR": str(folder / "cache"),
            "OPENZONE_OFFLINE": "1",
            "OPENZONE_SYNTHESISER": "silent",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
