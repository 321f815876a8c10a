"""Reading files in a process of their own: no file, however it was made, stops or fills the server."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

import msgspec

from services.importing.file_contents import FileContents
from services.importing.reader_worker import Answer
from services.importing.source_text import Unreadable

PATIENCE_S = 300.0
"""Seconds after which a file is taken for one that would be read for ever."""
_LONGEST_ANSWER = 512 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_GAVE_UP = "文件读不出来，可能已损坏，或者过于复杂，请检查后重新导入。"

log = logging.getLogger(__name__)


class Reader:
    """Reads one file after the other; its process starts with the first, and again after a crash."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()

    async def read(self, path: Path) -> FileContents:
        """Return what is in a file. Raises Unreadable."""
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(self._patience_s):
                    answer = await self._ask(path)
            # An end of its output, too long a line, half a line: the process is of no more use.
            except (TimeoutError, OSError, ValueError, msgspec.DecodeError) as error:
                log.warning("reader process given up: %s", type(error).__name__)
                await self._kill()
                raise Unreadable(_GAVE_UP) from None
            except asyncio.CancelledError:
                await self._kill()
                raise
        if answer.fault:
            log.warning("file could not be read: %s", answer.fault)
        if answer.contents is None:
            raise Unreadable(answer.reason or _GAVE_UP, answer.line)
        return answer.contents

    async def close(self) -> None:
        """End the process. It is started again when there is something to read."""
        async with self._one_at_a_time:
            await self._kill()

    async def _ask(self, path: Path) -> Answer:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                # -P: what lies in the folder that the server was started in is not ours.
                *(sys.executable, "-P", "-m", "services.importing.reader_worker"),
                env=os.environ | {"PYTHONPATH": str(_ROOT)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_ANSWER,
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None, "Both are pipes"
        process.stdin.write(msgspec.json.encode(str(path)) + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        return await asyncio.to_thread(msgspec.json.decode, line, type=Answer)

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
