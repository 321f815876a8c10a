"""A SQLite database, copied while it is used and put back while it is not."""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from services.backups.archive import PIECE, DatabaseKind
from services.backups.copying import MIGRATIONS, Copy, afterwards, something_in
from services.backups.errors import BadBackup, InstallationInUse

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_WAITS_S = 3.0
"""How long whoever is just finishing may take."""


class SqliteDatabase:
    """The file that the settings name."""

    kind = DatabaseKind.SQLITE
    member = "database.sqlite3"

    def __init__(self, file: Path) -> None:
        self._file = file

    def has_content(self) -> bool:
        """Return whether anything is kept in it."""
        if not self._file.exists():
            return False
        try:
            with closing(_opened(self._file)) as database:
                tables = [name for (name,) in database.execute(_TABLES)]
                query = something_in(tables)
                return query is not None and bool(database.execute(query).fetchone()[0])
        except sqlite3.DatabaseError:
            return True  # Broken, which is what backups are for; but not to be overwritten unasked.

    @contextmanager
    def copied(self, beside: Path) -> Iterator[Copy]:
        """Copy it as it is at one moment. Those who write to it meanwhile do not wait."""
        with tempfile.TemporaryDirectory(dir=beside.parent, prefix=".openzone-backup-") as folder:
            copy = Path(folder) / self.member
            with closing(_opened(self._file)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)  # In one step: page by page, each write would begin it anew.
                target.execute("PRAGMA journal_mode=DELETE")
                _check(target)
                migrations = [name for (name,) in target.execute(MIGRATIONS)]
            yield Copy(migrations, _pieces(copy))

    def check_unused(self) -> None:
        """Raise InstallationInUse while any process has it open."""
        if not self._file.exists():
            return
        try:
            with closing(_opened(self._file)) as database:
                # The write-ahead log is given up only by the last who has the database open.
                database.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise InstallationInUse(str(error)) from error
        except sqlite3.DatabaseError:
            pass  # Broken: nobody can be using it.

    def replace(self, pieces: Iterable[bytes]) -> None:
        """Put a copy in its place, whole or not at all."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_name(f"{self._file.name}.{secrets.token_hex(4)}.restoring")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(pieces)
            with closing(sqlite3.connect(unfinished)) as database:
                _check(database)
                for statement in afterwards():
                    database.execute(statement)
                database.commit()
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            self.check_unused()
            for left in ("-wal", "-shm"):  # Of a broken one. They would be read into the new one.
                self._file.with_name(self._file.name + left).unlink(missing_ok=True)
            unfinished.replace(self._file)
        finally:
            unfinished.unlink(missing_ok=True)


def _opened(file: Path) -> sqlite3.Connection:
    # A file that is not there is not made.
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAITS_S)


def _check(database: sqlite3.Connection) -> None:
    try:
        found = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BadBackup(
            found, sentence="数据库文件已经损坏，不能使用这份内容。请换一份完好的备份来恢复。"
        )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as copy:
        while piece := copy.read(PIECE):
            yield piece
