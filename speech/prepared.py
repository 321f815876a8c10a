"""Speech that was made before it is asked for: a bounded cache on disk around a synthesiser.

What is said on behalf of somebody, a document or a library entry, lies in a folder of its own:
every sentence, voice and rate of it is forgotten with that folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import shutil
import tempfile
import time
import wave
from collections.abc import Collection
from pathlib import Path

from speech.mp3 import mp3_of
from speech.reading_text import READING_VERSION
from speech.synthesis import DEFAULT_RATE, Sound, Synthesiser

log = logging.getLogger(__name__)

_SPARE = 0.9
"""How full the cache may be when it is looked through; the rest is room until the next look."""
_LEFT = 0.8
"""How full it is left after it was cut back."""
WORTH_OF_A_USE_S = 24 * 3600
"""How much longer, in seconds, something is kept for each time that it is heard."""
MOST_WORTH_S = 60 * WORTH_OF_A_USE_S
"""How far ahead uses count: what was asked daily last year must make room for this year's."""
NOBODY = ""
"""The owner of what is said on behalf of no document: the page's own sentences."""
_OWNER = re.compile(r"[a-z]*(?::[0-9]+)?")


class PreparedSpeech:
    """A synthesiser that remembers on disk what it has said.

    Only published words belong here. What a visitor said is spoken with keep=False and leaves no
    trace.
    """

    def __init__(self, directory: Path, synthesiser: Synthesiser, limit_bytes: int) -> None:
        self._directory = directory
        self._synthesiser = synthesiser
        self._limit = limit_bytes
        self._making: dict[Path, asyncio.Task[Sound]] = {}
        self._encoding: dict[Path, asyncio.Task[bytes]] = {}
        self._forgotten: set[Path] = set()
        """What is being made and must not be kept."""
        self._written = limit_bytes
        """Bytes written since the folder was last looked through; at first it must be."""
        directory.mkdir(parents=True, exist_ok=True)

    @property
    def name(self) -> str:
        return self._synthesiser.name

    @property
    def voices(self) -> tuple[str, ...]:
        return self._synthesiser.voices

    @property
    def takes_time(self) -> bool:
        return self._synthesiser.takes_time

    async def speak(
        self,
        text: str,
        *,
        voice: str | None = None,
        rate: float = DEFAULT_RATE,
        keep: bool = True,
        owner: str = NOBODY,
    ) -> Sound:
        """Return one sentence spoken, from disk where it was made before for the same owner.

        Two who ask for the same at once get the same sound, made once. Raises as the synthesiser.
        """
        if not keep:
            return await self._synthesiser.speak(text, voice=voice, rate=rate)
        path = self._path(text, voice, rate, owner)
        # Looked for within the task: who looked by himself could find nothing, and come back from
        # looking when what others were making is made and no longer on the list.
        task = self._making.get(path)
        if task is None:
            task = asyncio.create_task(self._find_or_make(path, text, voice, rate))
            self._making[path] = task
            task.add_done_callback(lambda _: self._made(path))
        # One listener who goes away must not take the sound from the others.
        return await asyncio.shield(task)

    async def speak_mp3(
        self,
        text: str,
        *,
        voice: str | None = None,
        rate: float = DEFAULT_RATE,
        keep: bool = True,
        owner: str = NOBODY,
    ) -> bytes:
        """Return one sentence spoken, as an MP3 file, kept beside the sound it was made of.

        Raises as the synthesiser.
        """
        if not keep:
            sound = await self._synthesiser.speak(text, voice=voice, rate=rate)
            return await asyncio.to_thread(mp3_of, sound)
        path = self._path(text, voice, rate, owner).with_suffix(".mp3")
        task = self._encoding.get(path)
        if task is None:
            task = asyncio.create_task(self._find_or_encode(path, text, voice, rate, owner))
            self._encoding[path] = task
            task.add_done_callback(lambda _: self._encoded(path))
        return await asyncio.shield(task)

    def is_prepared(
        self,
        text: str,
        *,
        voice: str | None = None,
        rate: float = DEFAULT_RATE,
        owner: str = NOBODY,
    ) -> bool:
        """Return whether the sound is on disk already."""
        return self._path(text, voice, rate, owner).exists()

    async def forget(self, *owners: str) -> None:
        """Forget everything that was said on behalf of owners, what is being made too."""
        folders = {self._folder(owner) for owner in owners}
        # Before the folders go: whatever is done by then is in them.
        making = (*self._making, *self._encoding)
        self._forgotten |= {path for path in making if path.parent in folders}
        await asyncio.to_thread(_remove, *folders)

    async def forget_all_but(self, kind: str, numbers: Collection[int]) -> None:
        """Forget what owners of a kind said, "notice:12", unless their number is among numbers."""

        def others() -> list[str]:
            kept = {f"{kind}-{number}" for number in numbers}
            folders = self._directory.glob(f"{kind}-*")
            return [folder.name.replace("-", ":") for folder in folders if folder.name not in kept]

        await self.forget(*await asyncio.to_thread(others))

    async def forget_everything(self) -> None:
        """Forget all that was ever said."""
        self._forgotten |= {*self._making, *self._encoding}
        await asyncio.to_thread(_remove, *self._directory.iterdir())

    async def close(self) -> None:
        """Stop what is being made, and close the synthesiser."""
        making = [*self._making.values(), *self._encoding.values()]
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)
        await self._synthesiser.close()

    async def _find_or_make(self, path: Path, text: str, voice: str | None, rate: float) -> Sound:
        known = await asyncio.to_thread(self._read, path)
        if known is not None:
            return known
        sound = await self._synthesiser.speak(text, voice=voice, rate=rate)
        wav = await asyncio.to_thread(sound.wav)
        await asyncio.to_thread(self._write, path, wav)
        return sound

    async def _find_or_encode(
        self, path: Path, text: str, voice: str | None, rate: float, owner: str
    ) -> bytes:
        known = await asyncio.to_thread(_read_bytes, path)
        if known is not None:
            return known
        sound = await self.speak(text, voice=voice, rate=rate, owner=owner)
        mp3 = await asyncio.to_thread(mp3_of, sound)
        await asyncio.to_thread(self._write, path, mp3)
        return mp3

    def _made(self, path: Path) -> None:
        self._making.pop(path, None)
        self._forgotten.discard(path)

    def _encoded(self, path: Path) -> None:
        self._encoding.pop(path, None)
        self._forgotten.discard(path)

    def _folder(self, owner: str) -> Path:
        if not _OWNER.fullmatch(owner):
            raise ValueError("An owner is called like document:12.")
        return self._directory / (owner.replace(":", "-") or "page")

    def _path(self, text: str, voice: str | None, rate: float, owner: str) -> Path:
        chosen = voice or self._synthesiser.voices[0]
        said = "\0".join((str(READING_VERSION), self.name, chosen, f"{rate:.2f}", text))
        return self._folder(owner) / f"{hashlib.sha256(said.encode()).hexdigest()}.wav"

    def _read(self, path: Path) -> Sound | None:
        try:
            with wave.open(str(path), "rb") as file:
                sound = Sound(file.readframes(file.getnframes()), file.getframerate())
                if len(sound.pcm) != 2 * file.getnframes() or not sound.pcm:
                    raise wave.Error("the file is cut short")
            _count_use(path)
        except FileNotFoundError:
            return None
        except (wave.Error, EOFError, OSError):
            # A file spoilt on disk is made again, and replaced, rather than played.
            return None
        return sound

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished, name = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(unfinished, "wb") as file:
                    file.write(content)
                # What is new has half a use in advance, else it would always be the first to go.
                os.utime(name, (time.time(), time.time() + WORTH_OF_A_USE_S / 2))
                os.replace(name, path)
                # Looked at last: who forgets it meanwhile has noted it before removing the folder.
                if path in self._forgotten:
                    path.unlink(missing_ok=True)
            finally:
                Path(name).unlink(missing_ok=True)
            self._written += len(content)
            # Looking through a full folder takes long, and need not happen at every sentence.
            if self._written > self._limit * (1 - _SPARE):
                self._written = 0
                self._cut_back()
        except OSError as error:
            # A full disk must not silence the kiosk.
            log.warning("speech not kept", extra={"reason": error.strerror})

    def _cut_back(self) -> None:
        """Drop what is worth keeping least once there is more than the limit."""
        files = []
        for path in self._directory.glob("*/*"):
            # Another process may drop the same file at the same time.
            with contextlib.suppress(FileNotFoundError):
                files.append((path, path.stat()))
        total = sum(stat.st_size for _, stat in files)
        if total <= self._limit * _SPARE:
            return
        for path, stat in sorted(files, key=lambda known: known[1].st_mtime_ns):
            path.unlink(missing_ok=True)
            total -= stat.st_size
            if total <= self._limit * _LEFT:
                return


def _count_use(path: Path) -> None:
    """Move the time until which a file is worth keeping, its mtime, on by one use.

    Counts with ageing: each use is worth a day, and days pass for everybody. The file system keeps
    them, so that they outlive a restart and are shared by all processes. Not the time of access,
    which the system may set by itself.
    """
    now = time.time()
    worth = max(path.stat().st_mtime, now) + WORTH_OF_A_USE_S
    os.utime(path, (now, min(worth, now + MOST_WORTH_S)))


def _read_bytes(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
        _count_use(path)
    except OSError:
        return None
    # Files are moved to their names whole, but a power cut may leave an empty one.
    return content or None


def _remove(*folders: Path) -> None:
    for folder in folders:
        # Another process may remove the same at the same time, or still write into it.
        for _ in range(3):
            if not folder.exists():
                break
            shutil.rmtree(folder, ignore_errors=True)
