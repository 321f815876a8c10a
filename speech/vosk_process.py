"""Vosk process: this side of the worker in which Vosk runs."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
from pathlib import Path

from speech import vosk_worker
from speech.errors import EngineBroken
from speech.vosk_worker import REPLY, REQUEST

_LOADING_S = 60
"""The largest Vosk model, from a slow disk, takes half of it."""
_ANSWER_S = 30
"""Vosk answers in milliseconds; one that is silent for so long hangs."""
_ENDING_S = 5


class VoskProcess:
    """A running worker with its model loaded. Belongs to the event loop that started it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._requests = process.stdin
        self._replies = process.stdout
        self._waiting: dict[int, asyncio.Future[str]] = {}
        self._requested = itertools.count()
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, model_dir: Path) -> VoskProcess:
        """Start a worker and wait until its model is loaded.

        Raises EngineBroken when Vosk refuses the model or does not survive it.
        """
        # -P: the folder of the worker holds modules whose names others use too.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            vosk_worker.__file__,
            str(model_dir),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        started = cls(process)
        loaded = started._expect()
        started._reading = asyncio.create_task(started._read())
        try:
            await asyncio.wait_for(loaded, _LOADING_S)
        except (EngineBroken, TimeoutError) as error:
            await started.close()
            raise EngineBroken(f"Vosk 无法加载 {model_dir}：{str(error) or '加载超时'}") from error
        except asyncio.CancelledError:
            await started.close()
            raise
        return started

    @property
    def alive(self) -> bool:
        # A worker that dies closes its stdin some moments before its exit code is known.
        ended = self._process.returncode is not None or self._requests.is_closing()
        return not ended and not (self._reading and self._reading.done())

    async def ask(self, what: int, utterance: int, pcm: bytes = b"") -> str:
        """Return the worker's answer. Raises EngineBroken when it has none."""
        answer = self.tell(what, utterance, pcm)
        try:
            await self._requests.drain()
            return await asyncio.wait_for(answer, _ANSWER_S)
        except (ConnectionError, TimeoutError) as error:
            self.kill()
            raise EngineBroken("Vosk 识别进程没有回应。") from error

    def tell(self, what: int, utterance: int, pcm: bytes = b"") -> asyncio.Future[str]:
        """Send a request and return what will be its answer. Raises EngineBroken."""
        if not self.alive:
            raise EngineBroken("Vosk 识别进程已经退出。")
        answer = self._expect()
        self._requests.write(REQUEST.pack(what, utterance, len(pcm)) + pcm)
        return answer

    def kill(self) -> None:
        """End the worker at once; who waits for an answer gets EngineBroken."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End the worker, which ends with its stdin, and wait until it is gone."""
        self._requests.close()
        try:
            await asyncio.wait_for(self._process.wait(), _ENDING_S)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        if self._reading is not None:
            await self._reading

    def _expect(self) -> asyncio.Future[str]:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        # Nobody may wait for an answer any more by the time the worker is found to be gone.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._waiting[next(self._requested)] = answer
        return answer

    async def _read(self) -> None:
        """Hand out the replies, which come in order for each utterance alone."""
        try:
            while True:
                well, request, size = REPLY.unpack(await self._replies.readexactly(REPLY.size))
                text = (await self._replies.readexactly(size)).decode()
                answer = self._waiting.pop(request)
                if answer.done():
                    continue
                if well:
                    answer.set_result(text)
                else:
                    answer.set_exception(EngineBroken(f"Vosk 识别出错：{text}"))
        except (asyncio.IncompleteReadError, ConnectionError):
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(EngineBroken("Vosk 识别进程意外退出。"))
            self._waiting.clear()
