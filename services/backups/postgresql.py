"""A PostgreSQL database, copied and put back with the programs that come with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.backups.archive import PIECE, DatabaseKind
from services.backups.copying import MIGRATIONS, Copy, afterwards, something_in
from services.backups.errors import (
    DatabaseToolFailed,
    DatabaseToolMissing,
    InstallationInUse,
    NothingToBackUp,
)

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename IS NOT NULL AND pid <> pg_backend_pid()"
)
_EMPTYING = """
SET client_min_messages = warning;
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tableowner = current_user
  LOOP EXECUTE format('DROP TABLE public.%I CASCADE', found.tablename); END LOOP;
END $$;
"""
"""Tables that the backup does not know are dropped too: an upgrade will want to make them again."""
_CONNECTS_WITHIN_S = "10"


class PostgresqlDatabase:
    """The database that the settings name, in its schema `public`."""

    kind = DatabaseKind.POSTGRESQL
    member = "database.sql"

    def __init__(self, credentials: Mapping[str, Any]) -> None:
        given = {
            "PGHOST": credentials.get("host"),
            "PGPORT": credentials.get("port"),
            "PGUSER": credentials.get("user"),
            # Never an argument: every user of the machine sees those.
            "PGPASSWORD": credentials.get("password"),
            "PGDATABASE": credentials.get("database"),
            "PGSSLMODE": "require" if credentials.get("ssl") else None,
            "PGCLIENTENCODING": "UTF8",
            "PGCONNECT_TIMEOUT": _CONNECTS_WITHIN_S,
            "LC_MESSAGES": "C",
        }
        self._environment = os.environ | {
            name: str(value) for name, value in given.items() if value is not None
        }

    def has_content(self) -> bool:
        """Return whether anything is kept in it."""
        query = something_in(self._asked(_TABLES))
        return query is not None and self._asked(query) == ["t"]

    @contextmanager
    def copied(self, beside: Path) -> Iterator[Copy]:
        """Copy it as it is at one moment. Those who use it meanwhile notice nothing."""
        if not self._asked(_TABLES):
            raise NothingToBackUp("the database has no tables")
        yield Copy(self._asked(MIGRATIONS), self._dumped())

    def check_unused(self) -> None:
        """Raise InstallationInUse while anybody else is connected to it."""
        if self._asked(_OTHERS) != ["0"]:
            raise InstallationInUse("somebody is connected")

    def replace(self, pieces: Iterable[bytes]) -> None:
        """Put a copy in its place, in one transaction."""
        command = [
            *(_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set", "ON_ERROR_STOP=1", "--file", "-"),
        ]
        last = "".join(f"{each};\n" for each in ("SET search_path = public", *afterwards()))
        with tempfile.TemporaryFile() as said:
            restoring = subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            assert restoring.stdin is not None
            try:
                restoring.stdin.write(_EMPTYING.encode())
                restoring.stdin.writelines(pieces)
                restoring.stdin.write(f"\n{last}".encode())
                restoring.stdin.close()
            except BrokenPipeError:
                pass  # It gave up, and has said why.
            except BaseException:
                # Before its input ends: it would take that for the end of the copy, and commit.
                restoring.kill()
                raise
            finally:
                restoring.wait()
            if restoring.returncode != 0:
                raise DatabaseToolFailed("psql", _last_line(said))

    def _asked(self, query: str) -> list[str]:
        asked = subprocess.run(
            [_program("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--command", query],
            env=self._environment,
            capture_output=True,
            check=False,
        )
        if asked.returncode != 0:
            raise DatabaseToolFailed("psql", asked.stderr.decode(errors="replace").strip())
        return asked.stdout.decode().split()

    def _dumped(self) -> Iterator[bytes]:
        command = [_program("pg_dump"), "--no-owner", "--no-privileges", "--encoding=UTF8"]
        with tempfile.TemporaryFile() as said:
            dumping = subprocess.Popen(
                command, env=self._environment, stdout=subprocess.PIPE, stderr=said
            )
            assert dumping.stdout is not None
            try:
                while piece := dumping.stdout.read(PIECE):
                    yield piece
            except BaseException:
                dumping.kill()
                raise
            finally:
                dumping.stdout.close()
                dumping.wait()
            if dumping.returncode != 0:
                raise DatabaseToolFailed("pg_dump", _last_line(said))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DatabaseToolMissing(name)
    return found


def _last_line(said: Any) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "没有说明原因"
