"""How SQLite keeps moments: as text, which it also compares as text."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

# Tortoise registers its own way on import, and the last one counts.
import tortoise.backends.sqlite.executor  # noqa: F401


def keep_moments_in_order() -> None:
    """Write every moment in UTC and with the same digits, so that texts are in the order of time.

    Tortoise writes each in the zone that it happens to be in: one hour ago in Shanghai then comes
    after now in Greenwich.
    """
    sqlite3.register_adapter(datetime, _in_order)


def _in_order(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ", timespec="microseconds")
