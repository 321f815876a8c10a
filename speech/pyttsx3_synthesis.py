"""pyttsx3: SAPI5 on Windows kiosks, NSSS on macOS, espeak-ng on Linux. Poor Mandarin there, but
instant and without a model: the voice that always works.

espeak-ng reads 重庆 as zhòng qìng when given characters, and says what it is told when given pinyin
with tone digits; so on Linux it is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
import wave
from asyncio.subprocess import Process
from pathlib import Path

from speech.errors import SynthesisFailed, UnknownVoice
from speech.languages.front_end import FrontEnd
from speech.languages.mandarin import MANDARIN
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE, Sound

_STARTING_S = 20.0
_SPEAKING_S = 10.0
"""Seconds a sentence may take before the engine counts as hung: a hundred times the usual."""
_ATTEMPTS = 2
"""Workers that try a sentence."""
_DEAD_OR_HUNG = (TimeoutError, ConnectionError, json.JSONDecodeError)


class Pyttsx3Synthesiser:
    """Speaks one sentence at a time in a worker process, which is started again when it hangs."""

    name = "espeak"
    voices: tuple[str, ...] = ("mandarin",)
    takes_time = False

    def __init__(self, speaking_s: float = _SPEAKING_S, front_end: FrontEnd = MANDARIN) -> None:
        self._front_end = front_end
        self._speaking_s = speaking_s
        self._one_at_a_time = asyncio.Lock()
        self._worker: Process | None = None

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker, None while there is none."""
        return self._worker.pid if self._worker is not None else None

    async def speak(
        self, text: str, *, voice: str | None = None, rate: float = DEFAULT_RATE
    ) -> Sound:
        """Return one sentence spoken.

        Raises SynthesisFailed after a second worker hung, died or gave no sound, UnknownVoice for any
        voice but its own.
        """
        if voice is not None and voice not in self.voices:
            raise UnknownVoice(f"没有名为 {voice} 的声音。")
        said = self._front_end.spoken_form(text)
        if sys.platform == "linux":
            said = self._front_end.for_espeak(said)
        if not said.strip():
            raise SynthesisFailed("这段文字里没有可以读出来的内容。")
        rate = min(FASTEST_RATE, max(SLOWEST_RATE, rate))
        async with self._one_at_a_time:
            for _ in range(_ATTEMPTS):
                with contextlib.suppress(*_DEAD_OR_HUNG):
                    return await self._spoken(said, rate)
                await self._end_worker()
            raise SynthesisFailed("系统语音没有反应。")

    async def close(self) -> None:
        """End the worker."""
        async with self._one_at_a_time:
            await self._end_worker()

    async def _spoken(self, said: str, rate: float) -> Sound:
        is_new = self._worker is None or self._worker.returncode is not None
        worker = await self._running_worker()
        # Its first sentence reads the voice from the disk.
        patience_s = _STARTING_S if is_new else self._speaking_s
        with tempfile.TemporaryDirectory(prefix="openzone-speech-") as folder:
            out = Path(folder) / "said.wav"
            asked = {"text": said, "rate": rate, "out": str(out)}
            reply = await self._asked(worker, asked, patience_s)
            if "error" in reply:
                raise SynthesisFailed(f"系统语音出错：{reply['error']}")
            return await asyncio.to_thread(_read, out)

    async def _asked(
        self, worker: Process, asked: dict[str, object], patience_s: float
    ) -> dict[str, str]:
        assert worker.stdin is not None
        try:
            worker.stdin.write(json.dumps(asked).encode() + b"\n")
            await worker.stdin.drain()
            return await self._reply(worker, patience_s)
        except asyncio.CancelledError:
            # Its reply to this must not be taken for the reply to what is asked next.
            await self._end_worker()
            raise

    async def _reply(self, worker: Process, seconds: float) -> dict[str, str]:
        assert worker.stdout is not None
        async with asyncio.timeout(seconds):
            line = await worker.stdout.readline()
        if not line:
            raise ConnectionError("the worker has ended")
        reply: dict[str, str] = json.loads(line)
        return reply

    async def _running_worker(self) -> Process:
        if self._worker is not None and self._worker.returncode is None:
            return self._worker
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("pyttsx3_worker.py")),
            self._front_end.espeak_voice,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._worker = worker
        reply = await self._reply(worker, _STARTING_S)
        if "error" in reply:
            await self._end_worker()
            raise SynthesisFailed(f"系统语音不能用：{reply['error']}")
        return worker

    async def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None or worker.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()


def _read(path: Path) -> Sound:
    try:
        with wave.open(str(path), "rb") as file:
            # espeak-ng writes 22,050 Hz, SAPI5 whatever its voice has: the header knows.
            sound = Sound(file.readframes(file.getnframes()), file.getframerate())
    except (OSError, wave.Error, EOFError) as error:
        raise ConnectionError("the engine gave no sound") from error
    if not sound.pcm:
        raise ConnectionError("the engine gave no sound")
    return sound
