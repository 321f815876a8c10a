"""The file that a backup is: a ZIP with a manifest, the database and the installation's key.

A ZIP is opened by every system, so that what is in it can be had even without this program.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from services.backups.errors import BackupOfNewerProgram, BadBackup

FORMAT = 1
"""Raised when a program that knows only the one before could not read it rightly."""
MANIFEST = "manifest.json"
KEY = "secret.key"
PIECE = 1024 * 1024
"""Bytes that are held in memory at a time."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, msgspec.MsgspecError),
    *(EOFError, KeyError, ValueError, RuntimeError),
)
"""What the libraries raise for a file that is cut off, altered, or no backup at all."""


class DatabaseKind(StrEnum):
    """What the database of an installation is."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Content(msgspec.Struct, frozen=True):
    """One file of the archive."""

    sha256: str
    size_bytes: int


class Manifest(msgspec.Struct, frozen=True):
    """What is in the archive, and what can read it."""

    format: int
    program: str
    """The version of the program that made it."""
    made_at: datetime
    database: DatabaseKind
    migrations: list[str]
    """Those that the tables have been through."""
    files: dict[str, Content]


class _Format(msgspec.Struct, frozen=True):
    format: int


class NewArchive:
    """An archive that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, Content] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add a file, piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                member.write(piece)
        self.files[name] = Content(digest.hexdigest(), size)

    def close_with(self, manifest: Manifest) -> None:
        """Add the manifest, once everything that it tells of is there."""
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


class OldArchive:
    """An archive that was found to be whole."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file, piece by piece."""
        with self._archive.open(name) as member:
            while piece := member.read(PIECE):
                yield piece


@contextmanager
def writing(path: Path) -> Iterator[NewArchive]:
    """Write an archive that its owner alone may read.

    It has another name until it is whole and on the disk: a power cut leaves what was there before.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield NewArchive(archive)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def reading(path: Path) -> Iterator[OldArchive]:
    """Open an archive once every byte of it was compared with its checksum.

    Raises BadBackup, BackupOfNewerProgram.
    """
    with path.open("rb") as file:
        archive = _whole(file)
        with archive._archive:
            yield archive


def _whole(file: BinaryIO) -> OldArchive:
    try:
        opened = zipfile.ZipFile(file)
        written = opened.read(MANIFEST)
        if msgspec.json.decode(written, type=_Format).format > FORMAT:
            raise BackupOfNewerProgram("the archive's format is newer")
        archive = OldArchive(opened, msgspec.json.decode(written, type=Manifest))
        names = sorted(opened.namelist())
        if names != sorted([MANIFEST, *archive.manifest.files]) or KEY not in names:
            raise BadBackup(f"unexpected files: {names}")
        for name, content in archive.manifest.files.items():
            if _content(archive.pieces(name)) != content:
                raise BadBackup(f"{name} is not what it was")
    except _UNREADABLE as error:
        raise BadBackup(str(error)) from error
    return archive


def _content(pieces: Iterable[bytes]) -> Content:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return Content(digest.hexdigest(), size)
