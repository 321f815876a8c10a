"""Backing an installation up, and putting it back.

What cannot be made again is the database, originals included, and the key that people's words in
it are encrypted with. Indexes and prepared speech are made again from them.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from tortoise.backends.base.config_generator import expand_db_url

from models.database import close_database, open_database
from services import audit, index_following
from services.access import system
from services.audit import Action
from services.backups.archive import FORMAT, KEY, Manifest, OldArchive, reading, writing
from services.backups.copying import Database
from services.backups.errors import (
    BackupOfNewerProgram,
    BackupOfOtherDatabase,
    InstallationNotEmpty,
    KeysChanged,
    NothingToBackUp,
)
from services.backups.postgresql import PostgresqlDatabase
from services.backups.sqlite import SqliteDatabase
from services.secret_key import obtain_keys

_BY = "命令行"
_MIGRATIONS = Path(__file__).parents[2] / "models" / "migrations"


@dataclass(frozen=True)
class Installation:
    """Where everything of it is."""

    database_url: str
    key_file: Path
    index_dir: Path

    @property
    def database(self) -> Database:
        connection = expand_db_url(self.database_url)
        credentials = connection["credentials"]
        if connection["engine"] == "tortoise.backends.sqlite":
            return SqliteDatabase(Path(credentials["file_path"]))
        return PostgresqlDatabase(credentials)


async def back_up(installation: Installation, file: Path, *, now: datetime) -> Manifest:
    """Write everything that cannot be made again to a file; the server may be running.

    A backup that was there under that name is replaced once the new one is whole. Raises
    NothingToBackUp, KeysChanged, and what services/backups/errors.py says of databases.
    """
    manifest = await asyncio.to_thread(_write, installation, file, now)
    if manifest.migrations == known_migrations():
        # Otherwise opening it would change it to the shape that this program wants.
        await _note(installation, Action.BACKED_UP, made_at=now.isoformat())
    return manifest


async def restore(installation: Installation, file: Path, *, replace: bool = False) -> Manifest:
    """Put a backup in the place of what is there, and bring tables and index to their newest.

    Nothing is changed before the whole backup was looked through. Raises BadBackup and its kinds,
    InstallationNotEmpty unless it is to be replaced, InstallationInUse.
    """
    manifest = await asyncio.to_thread(_put_back, installation, file, replace)
    await _note(installation, Action.RESTORED, made_at=manifest.made_at.isoformat())
    return manifest


def known_migrations() -> list[str]:
    """Return the names of the migrations that this program has."""
    return sorted(path.stem for path in _MIGRATIONS.glob("[0-9]*.py"))


def _write(installation: Installation, file: Path, now: datetime) -> Manifest:
    database = installation.database
    if not (installation.key_file.exists() and database.has_content()):
        raise NothingToBackUp(f"no key or no content for {installation.key_file}")
    key = installation.key_file.read_bytes()
    with writing(file) as archive:
        with database.copied(beside=file) as copy:
            archive.add(database.member, copy.pieces)
        # The copy is of one moment. With the same keys before and after, they open all of it.
        if installation.key_file.read_bytes() != key:
            raise KeysChanged("the key file changed while the database was copied")
        archive.add(KEY, [key])
        manifest = Manifest(
            format=FORMAT,
            program=version("openzone"),
            made_at=now,
            database=database.kind,
            migrations=copy.migrations,
            files=archive.files,
        )
        archive.close_with(manifest)
    return manifest


def _put_back(installation: Installation, file: Path, replace: bool) -> Manifest:
    database = installation.database
    with reading(file) as archive:
        _check(archive.manifest, database)
        if not replace and (installation.key_file.exists() or database.has_content()):
            raise InstallationNotEmpty("neither key nor content may be there")
        database.check_unused()
        key = _unpacked_key(archive, installation.key_file)
        try:
            database.replace(archive.pieces(database.member))
            key.replace(installation.key_file)
        finally:
            key.unlink(missing_ok=True)
        return archive.manifest


def _check(manifest: Manifest, database: Database) -> None:
    unknown = set(manifest.migrations) - set(known_migrations())
    if unknown or _numbers(manifest.program) > _numbers(version("openzone")):
        raise BackupOfNewerProgram(f"made by {manifest.program}, unknown here: {sorted(unknown)}")
    if manifest.database is not database.kind:
        raise BackupOfOtherDatabase(f"it is of {manifest.database}")


def _numbers(program: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", program)[:3]]


def _unpacked_key(archive: OldArchive, key_file: Path) -> Path:
    """Write the key under another name, so that only a renaming is left to do afterwards."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    unpacked = key_file.with_name(f"{key_file.name}.{secrets.token_hex(4)}")
    handle = os.open(unpacked, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.writelines(archive.pieces(KEY))
        file.flush()
        os.fsync(file.fileno())
    return unpacked


async def _note(installation: Installation, action: Action, *, made_at: str) -> None:
    keys = await asyncio.to_thread(obtain_keys, installation.key_file)
    await open_database(installation.database_url)
    try:
        if action is Action.RESTORED:
            await index_following.catch_up(installation.index_dir)
        await audit.record_alone(system(keys.sealing, _BY), action, made_at=made_at)
    finally:
        await close_database()
