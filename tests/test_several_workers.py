"""Two processes serve one socket: what is published is found by both in time, and gone from both."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from models.database import close_database, open_database
from models.index_change import IndexChange, Subject
from models.version import Version
from server.settings import read_settings
from services import publication
from services.document_content import DocumentContent, ParagraphContent
from services.question_content import QuestionContent
from services.secret_key import obtain_keys
from tests.databases import database_url, environment_of
from tests.doors import PATIENCE_S
from tests.offices import Office

ROOT = Path(__file__).parents[1]
PROMISED_S = 2.0
_numbers = itertools.count(1)

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="looks for the processes in /proc"
)


class Installation:
    """A running `openzone serve --workers 2`, and a way to each of its two processes."""

    def __init__(self, serving: subprocess.Popen[str], url: str) -> None:
        self.serving = serving
        self.url = url

    @property
    def workers(self) -> list[int]:
        """The processes that serve, by their number."""
        parent = self.serving.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("utf-8")
        return [int(child) for child in children.split()]

    @contextmanager
    def one_client_each(self) -> Iterator[list[httpx.Client]]:
        """Open a connection to each process, while the other one cannot take it."""
        clients = []
        for _, other in (self.workers, self.workers[::-1]):
            os.kill(other, signal.SIGSTOP)
            try:
                client = httpx.Client(base_url=self.url, timeout=PATIENCE_S, trust_env=False)
                assert client.get("/healthz").status_code == 200
                clients.append(client)
            finally:
                os.kill(other, signal.SIGCONT)
        yield clients
        for client in clients:
            client.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workers") / "data"


@pytest.fixture(scope="module")
def installation(data: Path) -> Iterator[Installation]:
    with (data.parent / "log").open("w", encoding="utf-8") as log:
        serving = subprocess.Popen(
            [
                *(sys.executable, "-c", "from server.cli import main; main()"),
                *("serve", "--port", "0", "--workers", "2"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                **environment_of(data),
                "OPENZONE_CACHE_DIR": str(data.parent / "cache"),
                "OPENZONE_OFFLINE": "1",
                "OPENZONE_SYNTHESISER": "silent",
            },
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert serving.stdout is not None
            first = serving.stdout.readline()
            found = re.search(r"http://[^/]+", first)
            assert found, (first, (data.parent / "log").read_text("utf-8"))
            yield Installation(serving, found[0])
        finally:
            serving.terminate()
            try:
                serving.wait(PATIENCE_S)
            finally:
                serving.kill()
                serving.communicate()


@pytest.fixture
async def office(installation: Installation, data: Path) -> AsyncIterator[Office]:
    await open_database(database_url(data))
    settings = read_settings({"OPENZONE_DATA_DIR": str(data)})
    yield await Office.opened(obtain_keys(settings.key_file).sealing, f"-{next(_numbers)}")
    await close_database()


async def until(holds: Callable[[], bool]) -> float:
    """Wait until something holds; return how many seconds that took."""
    began = time.monotonic()
    while not await asyncio.to_thread(holds):
        assert time.monotonic() - began < PATIENCE_S, "It never held"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def answers(client: httpx.Client, question: str) -> bool:
    reply = client.post("/api/v1/ask", json={"text": question}).json()
    return bool(reply["decision"] == "answer")


def shows(client: httpx.Client, document: Version) -> bool:
    return client.get(f"/api/v1/documents/{document.subject_id}").status_code == 200


def spoken(url: str, question: str) -> list[str]:
    """Ask at a kiosk, and return the addresses of what it says."""
    with connect(url.replace("http", "ws") + "/kiosk/voice") as kiosk:
        kiosk.send(json.dumps({"type": "ask", "text": question}))
        while (reply := json.loads(kiosk.recv(PATIENCE_S)))["type"] != "reply":
            assert reply["type"] != "error", reply
    return [piece["url"] for piece in reply["speech"]]


async def round_of(
    office: Office, clients: list[httpx.Client], url: str, cache: Path, turn: int
) -> tuple[float, float]:
    """Publish and withdraw a notice and an entry; return how long each took to be so everywhere."""
    question = f"第{turn}号食堂几点开门？"
    entry = await office.publishes(QuestionContent(question, f"第{turn}号食堂每天七点开门。"))
    notice = await office.publishes(
        DocumentContent(
            f"第{turn}号食堂通知",
            (ParagraphContent("食堂每天开门。"),),
            document_number=f"示民发〔2026〕{turn}号",
        )
    )
    appeared = await until(
        lambda: all(answers(client, question) and shows(client, notice) for client in clients)
    )
    sounds = await asyncio.to_thread(spoken, url, question)
    assert sounds
    for client in clients:
        for sound in sounds:
            assert client.get(sound).status_code == 200, "each process serves what another issued"
    kept = cache / f"question-{entry.subject_id}"
    assert list(kept.glob("*.wav"))
    await office.withdraws(Subject.QUESTION, entry.subject_id)
    await office.withdraws(Subject.DOCUMENT, notice.subject_id)
    gone = await until(
        lambda: (
            not any(answers(client, question) or shows(client, notice) for client in clients)
            and all(client.get(sound).status_code == 404 for client in clients for sound in sounds)
            and not kept.exists()
        )
    )
    for client in clients:
        hits = client.get("/api/v1/search", params={"q": f"第{turn}号食堂"}).json()["hits"]
        assert entry.subject_id not in {hit["id"] for hit in hits if hit["kind"] == "qa"}
        reply = client.get(f"/api/v1/documents/{notice.subject_id}").json()
        assert reply["code"] == "withdrawn"
    return appeared, gone


async def test_what_is_published_is_found_and_what_is_withdrawn_is_gone_in_both_processes(
    installation: Installation, office: Office, data: Path
) -> None:
    appeared, gone = [], []
    with installation.one_client_each() as clients:
        for turn in range(1, 4):
            times = await round_of(office, clients, installation.url, data / "speech", turn)
            appeared.append(times[0])
            gone.append(times[1])
    assert statistics.median(appeared) < PROMISED_S, appeared
    assert statistics.median(gone) < PROMISED_S, gone


async def test_a_new_version_silences_the_words_of_the_old_one(
    installation: Installation, office: Office
) -> None:
    question = "浴室几点开门？"
    entry = await office.publishes(QuestionContent(question, "浴室每天七点开门。"))
    with installation.one_client_each() as clients:
        await until(lambda: all(answers(client, question) for client in clients))
        old = await asyncio.to_thread(spoken, installation.url, question)
        assert {client.get(sound).status_code for client in clients for sound in old} == {200}
        await replaced(office, entry, QuestionContent(question, "浴室每天八点开门。"))
        await until(
            lambda: all(client.get(sound).status_code == 404 for client in clients for sound in old)
        )

        def says_the_new() -> bool:
            reply = clients[0].post("/api/v1/ask", json={"text": question}).json()
            return "八点" in reply["spoken"]

        await until(says_the_new)
        await until(
            lambda: all(
                client.get(sound).status_code == 200
                for sound in spoken(installation.url, question)
                for client in clients
            )
        )


async def replaced(office: Office, entry: Version, content: QuestionContent) -> None:
    draft = await publication.begin_editing(office.clerk, Subject.QUESTION, entry.subject_id)
    draft = await publication.save(office.clerk, draft.id, content, edits=draft.edits)
    await office.lets_out(draft)


async def test_what_was_scheduled_appears_once_though_both_look_for_it(
    installation: Installation, office: Office
) -> None:
    content = QuestionContent("泳池几点开门？", "泳池每天九点开门。")
    draft = await publication.create(office.clerk, content, venue_id=office.venue_id)
    now = datetime.now(UTC)
    await office.lets_out(draft, now, publish_at=now + timedelta(seconds=1))
    with installation.one_client_each() as clients:
        await until(lambda: all(answers(client, content.question) for client in clients))
    changes = IndexChange.filter(subject=Subject.QUESTION, subject_id=draft.subject_id)
    assert await changes.count() == 1


async def test_a_process_that_dies_is_replaced_and_all_stop_with_their_parent(
    installation: Installation, office: Office
) -> None:
    question = "图书馆几点开门？"
    await office.publishes(QuestionContent(question, "图书馆每天九点开门。"))
    victim, other = installation.workers
    os.kill(victim, signal.SIGKILL)
    await until(lambda: len(installation.workers) == 2 and victim not in installation.workers)
    assert other in installation.workers
    os.kill(other, signal.SIGSTOP)
    try:
        with httpx.Client(base_url=installation.url, timeout=PATIENCE_S, trust_env=False) as client:
            await until(lambda: answers(client, question))
    finally:
        os.kill(other, signal.SIGCONT)
    children = installation.workers
    installation.serving.kill()
    await until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_one_that_cannot_start_ends_it_all_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder", "utf-8")
    tried = subprocess.run(
        [
            *(sys.executable, "-c", "from server.cli import main; main()"),
            *("serve", "--port", "0", "--workers", "2"),
        ],
        cwd=ROOT,
        env={**os.environ, "OPENZONE_DATA_DIR": str(tmp_path / "data"), "OPENZONE_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert tried.returncode == 1
    assert "Traceback" not in tried.stderr
