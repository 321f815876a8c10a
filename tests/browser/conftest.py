"""A real Chromium in front of a real server, with a recording for a microphone."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import wave
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from server.cli import main
from speech.model_catalogue import WHISPER
from speech.model_store import ModelStore
from tests.databases import copy_installation, environment_of, shared_by_all
from tests.people import PASSWORD

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
BREATH_S = 0.8
expect.set_options(timeout=20_000)
# What is expected comes as soon as on any machine; only a busy one takes longer than five seconds.
OTHER_ROWS = 150
"""Rows of the question library around the ones that are asked."""


def chromium() -> str:
    """Return the browser of this machine; without one the tests fail, they are not skipped."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "The browser tests need Chromium (Debian: apt-get install chromium)"
    return found


def openzone(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from server.cli import main; main()", *arguments]


def administer(data_dir: Path, *arguments: str, typed: str = "") -> str:
    """Run a command of `openzone` on an installation and return what it prints.

    In a thread of its own, because Playwright keeps an event loop in this one; a process of its
    own takes longer to start than most commands take to run.
    """
    environment, logging_before = environment_of(data_dir), structlog.get_config()
    try:
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(
                CliRunner().invoke, main, arguments, input=typed, env=environment
            )
            ran = running.result(PATIENCE_S)
    finally:
        # A command logs as a process of its own does.
        structlog.configure(**logging_before)
    assert ran.exit_code == 0, (arguments, ran.output, ran.exception)
    return ran.stdout


@pytest.fixture(scope="session")
def spoken(shared: Path) -> dict[str, dict[str, str]]:
    """The shared recordings of questions by file, with their transcript and row."""
    with (shared / "speech" / "questions" / "manifest.tsv").open(encoding="utf-8") as rows:
        return {row["file"]: row for row in csv.DictReader(rows, delimiter="\t")}


@pytest.fixture(scope="session")
def zone(
    tmp_path_factory: pytest.TempPathFactory, shared: Path, spoken: dict[str, dict[str, str]]
) -> Path:
    """The data of an installation: the sample zone, and some rows of the shared question library."""
    folder = tmp_path_factory.mktemp("zone")
    asked = {row["qa_id"] for row in spoken.values()}
    library = folder / "policy-qa.tsv"
    with (shared / "corpus" / "policy-qa.tsv").open(encoding="utf-8") as source:
        header, *rows = source.readlines()
    wanted = [row for row in rows if row.partition("\t")[0] in asked]
    others = [row for row in rows if row.partition("\t")[0] not in asked][:OTHER_ROWS]
    library.write_text("".join([header, *wanted, *others]), encoding="utf-8")
    sample = ROOT / "samples" / "zone"
    files = (sample / "documents", sample / "questions.csv", library)
    printed = administer(folder / "data", "import", *map(str, files), "--json")
    assert json.loads(printed)["failed"] == []
    hire(folder / "data", "clerk", "clerk")
    return folder / "data"


def prepared(folder: Path) -> Path:
    """Return the data folder of an installation with the sample zone, as `make run` makes it."""
    loaded = shared_by_all(
        "sample-zone", lambda below: administer(below / "data", "sample", "load")
    )
    copy_installation(loaded / "data", folder / "data")
    return folder / "data"


def hire(data_dir: Path, username: str, role: str, *more: str) -> None:
    """Make an account with PASSWORD in an installation, as its administrator would."""
    account = ("staff", "create", username, "--role", role, "--password-stdin", *more)
    administer(data_dir, *account, typed=f"{PASSWORD}\n")


def sign_in(page: Page, url: str, username: str = "clerk") -> None:
    """Sign in at the console, as people do."""
    page.goto(f"{url}/console/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{url}/console")


@contextmanager
def serving(data_dir: Path, **environment: str) -> Iterator[str]:
    """Run `openzone serve` on a free port; the kiosk's address."""
    with subprocess.Popen(
        openzone("serve", "--port", "0"),
        cwd=ROOT,
        env={**os.environ, **environment_of(data_dir), "OPENZONE_OFFLINE": "1"}
        | {"OPENZONE_SYNTHESISER": "espeak"}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None and server.stderr is not None
        logged: list[str] = []
        reader = threading.Thread(target=lambda: logged.extend(server.stderr or []))
        reader.start()
        watchdog = threading.Timer(PATIENCE_S, server.kill)
        watchdog.start()
        try:
            found = re.search(r"http://\S+(?=/kiosk)", server.stdout.readline())
            assert found, "".join(logged)
            watchdog.cancel()
            yield found[0]
            assert server.poll() is None, f"The server ended: {''.join(logged[-20:])}"
        finally:
            watchdog.cancel()
            server.terminate()
            server.wait(PATIENCE_S)
            reader.join()
    assert "Traceback" not in "".join(logged)


@pytest.fixture(scope="session")
def vosk_kiosk(zone: Path, vosk_test_model: Path) -> Iterator[str]:
    with serving(
        zone, OPENZONE_RECOGNISER="vosk", OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model)
    ) as url:
        yield url


@pytest.fixture(scope="session")
def whisper_kiosk(zone: Path, model_store: ModelStore) -> Iterator[str]:
    with serving(
        zone,
        OPENZONE_RECOGNISER="whisper",
        OPENZONE_WHISPER_MODEL_DIR=str(model_store.obtain(WHISPER)),
    ) as url:
        yield url


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def axe() -> Axe:
    """The checks of axe-core, which run inside a page."""
    return Axe()


ListenTo = Callable[[Path], Browser]


@pytest.fixture
def hearing(playwright: Playwright) -> Iterator[ListenTo]:
    """Start a browser whose microphone is a recording, played once each time it is opened."""
    browsers: list[Browser] = []

    def listen_to(recording: Path) -> Browser:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={recording}%noloop",
            ],
        )
        browsers.append(browser)
        return browser

    yield listen_to
    for browser in browsers:
        browser.close()


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of nobody saying anything, with the murmur that every room has."""
    return recorded(tmp_path_factory.mktemp("sounds") / "silence.wav", murmur(20))


def murmur(seconds: float) -> bytes:
    """Return the faint noise of a quiet room: without any a microphone counts as dead."""
    noise = random.Random(6)
    samples = array("h", (noise.randint(-30, 30) for _ in range(int(seconds * 16_000))))
    return samples.tobytes()


def recorded(path: Path, pcm: bytes) -> Path:
    """Write 16 kHz PCM to a WAV file, to be a browser's microphone."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(pcm)
    return path


def after_a_breath(recording: Path, path: Path) -> Path:
    """Write a recording so that its speech begins a moment after the microphone was opened, as a
    person's does: the first of a second may be lost where the machine is busy.
    """
    return recorded(path, murmur(BREATH_S) + clip_of(recording))


def clip_of(recording: Path) -> bytes:
    """Return the sound of one of the shared recordings, 16 kHz PCM."""
    with wave.open(str(recording), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return file.readframes(file.getnframes())


WATCH = """
window.watched = {opened: 0, firstPartial: 0, loudest: 0, errors: []};
addEventListener('error', (event) => watched.errors.push(event.message));
addEventListener('unhandledrejection', (event) => watched.errors.push(String(event.reason)));
addEventListener('securitypolicyviolation', (event) => watched.errors.push(event.blockedURI));

const realNow = performance.now.bind(performance);
const getUserMedia = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (getUserMedia) navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await getUserMedia(wanted);
  watched.opened = realNow();
  return stream;
};

addEventListener('DOMContentLoaded', () => {
  const partial = document.getElementById('partial');
  if (partial) new MutationObserver(() => {
    if (partial.textContent && !watched.firstPartial) watched.firstPartial = realNow();
  }).observe(partial, {childList: true, characterData: true, subtree: true});
});

const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    const meter = this.context.createScriptProcessor(2048, 1, 1);
    meter.onaudioprocess = ({inputBuffer}) => {
      for (const sample of inputBuffer.getChannelData(0)) {
        watched.loudest = Math.max(watched.loudest, Math.abs(sample));
      }
    };
    connect.call(this, meter);
    connect.call(meter, to);
  }
  return connect.call(this, to, ...rest);
};
"""
"""Notes when the microphone was opened, when words appeared, and how loud what was played is."""


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = (1920, 1080),
    clock: bool = False,
    prepare: Callable[[Page], object] = lambda _page: None,
) -> Iterator[Page]:
    """Open a page as a new visitor; nothing may go wrong in its scripts.

    `prepare` is done before the page is there.
    """
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    if clock:
        page.clock.install()
    page.add_init_script(WATCH)
    prepare(page)
    page.goto(url)
    try:
        yield page
        assert page.evaluate("watched.errors") == []
    finally:
        context.close()


def wait_until(page: Page, true: str) -> None:
    """Wait for an expression to be true; the page's own policy forbids the browser's way."""
    for _ in range(600):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It did not come true: {true}")
