"""What copying a database is, whichever it is.

The statements here are the only ones of the program that go past Tortoise: a backup is of the
tables as they are, which may be older than the models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from services.backups.archive import DatabaseKind

_MIGRATIONS_TABLE = "tortoise_migrations"
MIGRATIONS = f"SELECT name FROM {_MIGRATIONS_TABLE} WHERE app = 'models' ORDER BY name"


@dataclass(frozen=True)
class Copy:
    """A database as it was at one moment."""

    migrations: list[str]
    pieces: Iterator[bytes]


class Database(Protocol):
    """A database that can be copied and put back. Everything waits for the disk."""

    kind: DatabaseKind
    member: str
    """Its name in the archive."""

    def has_content(self) -> bool: ...
    def copied(self, beside: Path) -> AbstractContextManager[Copy]: ...
    def check_unused(self) -> None: ...
    def replace(self, pieces: Iterable[bytes]) -> None: ...


def something_in(tables: Sequence[str]) -> str | None:
    """Return the query whether any of the tables has a row; None where there are no tables."""
    parts = [f'EXISTS (SELECT 1 FROM "{table}")' for table in tables if table != _MIGRATIONS_TABLE]
    return f"SELECT {' OR '.join(parts)}" if parts else None


def afterwards() -> list[str]:
    """Return what is changed in a database that is put back, before anybody sees it."""
    return [
        # Indexes, on every machine, take it for another database and are made anew. By number
        # alone they could not tell: it is counted up again from where the backup was made.
        f"UPDATE index_head SET lineage = '{uuid4()}'",
        # Whoever signed out, or was put out, since then must not be signed in again.
        "DELETE FROM staff_session",
    ]
