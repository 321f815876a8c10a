"""A real server for tests: the whole app on a free port, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from array import array
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from server.app import create_app
from server.context import Context
from server.parts import Parts, assemble, dismantle
from server.serving import listening_socket, serving
from server.settings import Settings, read_settings
from server.wechat import wechat_of
from services.access import system
from services.importing import import_paths
from services.voice_places import VoiceLimits
from speech.prepared import PreparedSpeech
from speech.recognition import SAMPLE_RATE, Recogniser
from speech.silent_synthesis import SilentSynthesiser
from tests.databases import copy_installation, environment_of, shared_by_all

T = TypeVar("T")

SAMPLE_ZONE = Path(__file__).parents[1] / "samples" / "zone"
SAMPLE_FILES = (SAMPLE_ZONE / "documents", SAMPLE_ZONE / "questions.csv")
SET_APART = {"OPENZONE_DATA_DIR", "OPENZONE_DATABASE_URL", "OPENZONE_VENUE"}
"""Settings that make an installation another one than most tests have."""
PATIENCE_S = 30.0


def tone(seconds: float) -> bytes:
    """Return a sound that a scripted recogniser takes for speech, as 16 kHz PCM."""
    wave_length = 40
    one = [8000 if n < wave_length // 2 else -8000 for n in range(wave_length)]
    samples = array("h", one * int(seconds * SAMPLE_RATE / wave_length))
    return samples.tobytes()


def settings_below(folder: Path, **environment: str) -> Settings:
    """Return the settings of an installation that keeps everything in a folder."""
    return read_settings(
        {
            **environment_of(folder / "data"),
            "OPENZONE_CACHE_DIR": str(folder / "cache"),
            "OPENZONE_OFFLINE": "1",
            **environment,
        }
    )


class Doors:
    """An installation with its doors open."""

    def __init__(
        self,
        settings: Settings,
        recogniser: Recogniser | None,
        *,
        imports: Sequence[Path],
        limits: VoiceLimits | None = None,
        speaking: bool = True,
    ) -> None:
        self._settings = settings
        self._recogniser = recogniser
        self._imports = imports
        self._limits = limits
        self._speaking = speaking
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._stop: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, name="doors", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._variables: contextvars.Context
        self.port = 0
        self.context: Context

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def voice_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/kiosk/voice"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S), "The server did not start in time"
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "The server did not stop in time"
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - raised again where the test is.
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        stopping = asyncio.Event()
        loop = self._loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stopping.set)
        parts = await self._parts()
        self._variables = contextvars.copy_context()
        app = create_app(parts, voice_limits=self._limits)
        self.context = app.ctx
        listening = listening_socket("127.0.0.1", 0)
        self.port = listening.getsockname()[1]
        try:
            async with serving(app, listening):
                self._ready.set()
                await stopping.wait()
        finally:
            await dismantle(parts)

    async def _parts(self) -> Parts:
        parts = await assemble(self._settings, hearing=False, speaking=False)
        parts.wechat = wechat_of(self._settings, parts.keys)
        if self._imports:
            importer = system(parts.keys.sealing, "命令行")
            await import_paths(list(self._imports), importer, now=datetime.now(UTC))
            await parts.library.rebuild()
        parts.recogniser, parts.recogniser_note = self._recogniser, "测试用的识别。"
        if self._speaking:
            folder = self._settings.speech_cache_dir
            parts.synthesiser = PreparedSpeech(folder, SilentSynthesiser(), 10_000_000)
            parts.synthesiser_note = "测试用的静音。"
        return parts

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something inside the server, with its database: what no door is there for."""

        async def inside() -> T:
            # Tortoise knows its connections by the context that they were opened in.
            return await self._loop.create_task(work, context=self._variables)

        return asyncio.run_coroutine_threadsafe(inside(), self._loop).result(PATIENCE_S)

    def client(self, **options: object) -> httpx.Client:
        """Return a client that is not led elsewhere and keeps to this server."""
        return httpx.Client(base_url=self.url, timeout=PATIENCE_S, trust_env=False, **options)  # type: ignore[arg-type]


def _furnished() -> Path:
    """Return a data folder with the sample zone in it, made when it is first asked for.

    Importing the zone and indexing it takes longer than most tests.
    """

    def furnish(folder: Path) -> None:
        with Doors(settings_below(folder), None, imports=SAMPLE_FILES):
            pass

    return shared_by_all("furnished", furnish) / "data"


@contextmanager
def open_doors(
    folder: Path,
    recogniser: Recogniser | None = None,
    *,
    limits: VoiceLimits | None = None,
    speaking: bool = True,
    **environment: str,
) -> Iterator[Doors]:
    """Serve the sample zone from a folder."""
    imports: Sequence[Path] = SAMPLE_FILES
    if not (folder / "data").exists() and not SET_APART.intersection(environment):
        copy_installation(_furnished(), folder / "data")
        imports = ()
    settings = settings_below(folder, **environment)
    with Doors(settings, recogniser, imports=imports, limits=limits, speaking=speaking) as doors:
        yield doors
