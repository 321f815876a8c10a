"""Original files, kept in the database in pieces, so that every machine of an installation has them.

A file is written to disk while it comes in, and goes into the database once it is whole: a slow
sender keeps nobody waiting, and the same content is kept once.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tortoise.exceptions import IntegrityError

from models.stored_file import StoredFile, StoredFilePart
from services.errors import Invalid, NotFound
from services.importing.files import LARGEST_FILE
from services.importing.media_types import media_type_of

PART_BYTES = 1024 * 1024
_COMING_IN = "coming in:"
"""Stands where the hash will be, until every piece is there."""
_GIVEN_UP_AFTER = timedelta(hours=6)
_LONGEST_NAME_BYTES = 200
"""File systems take 255."""


class FileTooLarge(Invalid):
    code = "file_too_large"
    sentence = "文件超过 100 MB，请拆分后再导入。"


class FileEmpty(Invalid):
    code = "file_empty"
    sentence = "文件是空的，没有可以导入的内容。"


async def store(chunks: AsyncIterable[bytes], *, largest: int = LARGEST_FILE) -> StoredFile:
    """Keep what comes in, and return its row, which is there already for content known before.

    Raises FileTooLarge as soon as too much has come, FileEmpty for nothing.
    """
    with tempfile.NamedTemporaryFile(prefix="openzone-") as arriving:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > largest:
                raise FileTooLarge(f"More than {largest} bytes came.")
            await asyncio.to_thread(arriving.write, chunk)
        await asyncio.to_thread(arriving.flush)
        if size == 0:
            raise FileEmpty("No byte came.")
        return await store_path(Path(arriving.name))


async def store_path(path: Path) -> StoredFile:
    """Keep a file that is on disk."""
    sha256, size, media_type = await asyncio.to_thread(_looked_at, path)
    known = await StoredFile.get_or_none(sha256=sha256)
    if known is not None:
        return known
    file = await StoredFile.create(
        sha256=f"{_COMING_IN}{uuid4().hex}", size_bytes=size, media_type=media_type
    )
    # One transaction for all pieces would lock the database for seconds.
    with path.open("rb") as opened:
        position = 0
        while piece := await asyncio.to_thread(opened.read, PART_BYTES):
            await StoredFilePart.create(file_id=file.id, position=position, data=piece)
            position += 1
    try:
        await StoredFile.filter(id=file.id).update(sha256=sha256)
    except IntegrityError:
        # Somebody sent the same at the same time.
        await StoredFile.filter(id=file.id).delete()
        return await StoredFile.get(sha256=sha256)
    file.sha256 = sha256
    return file


async def find(file_id: int) -> StoredFile:
    """Return a file's row. Raises NotFound."""
    file = await StoredFile.get_or_none(id=file_id)
    if file is None or file.sha256.startswith(_COMING_IN):
        raise NotFound("There is no such file.", sentence="没有找到这个文件。")
    return file


async def chunks_of(file: StoredFile) -> AsyncIterator[bytes]:
    """Yield a file's content, a piece at a time."""
    position = 0
    while part := await StoredFilePart.get_or_none(file_id=file.id, position=position):
        yield bytes(part.data)
        position += 1


@asynccontextmanager
async def on_disk(file: StoredFile, name: str) -> AsyncIterator[Path]:
    """Put a file on disk under a name for as long as the block runs; some libraries need one."""
    with tempfile.TemporaryDirectory(prefix="openzone-") as folder:
        path = Path(folder) / clean_name(name)
        with path.open("wb") as opened:
            async for chunk in chunks_of(file):
                await asyncio.to_thread(opened.write, chunk)
        yield path


async def remove_given_up(now: datetime) -> None:
    """Remove what stopped coming in half-way: the process died, or the sender went away."""
    await StoredFile.filter(
        sha256__startswith=_COMING_IN, stored_at__lt=now - _GIVEN_UP_AFTER
    ).delete()


def clean_name(name: str) -> str:
    """Return what a sender calls a file, without folders and without what no name may hold."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = kept, "", ""
    fitting = stem.encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore").strip()
    return f"{fitting or '未命名'}{dot}{extension}"


def _looked_at(path: Path) -> tuple[str, int, str]:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while piece := opened.read(PART_BYTES):
            digest.update(piece)
    return digest.hexdigest(), path.stat().st_size, media_type_of(path)
