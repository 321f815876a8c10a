"""The database: one configuration for SQLite on one machine and PostgreSQL on several."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from filelock import AsyncFileLock
from tortoise import Tortoise, connections
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.migrations.api import migrate

from models.sqlite_moments import keep_moments_in_order

MODEL_MODULES = [
    "models.agency",
    "models.annual_report",
    "models.applicant",
    "models.application",
    "models.application_draft",
    "models.application_event",
    "models.application_file",
    "models.application_message",
    "models.audit_record",
    "models.card_template",
    "models.citizen",
    "models.citizen_tie",
    "models.consultation",
    "models.delivery",
    "models.device",
    "models.disclosure_office",
    "models.display_item",
    "models.document",
    "models.gazette_issue",
    "models.help_call",
    "models.holiday_notice",
    "models.import_batch",
    "models.index_change",
    "models.ledger_count",
    "models.left_question",
    "models.notice",
    "models.official_letter",
    "models.pushed_message",
    "models.question_entry",
    "models.rating",
    "models.remedy",
    "models.scan_code",
    "models.staff",
    "models.stored_file",
    "models.suggestion",
    "models.synonym",
    "models.venue",
    "models.version",
    "models.wechat_alarm",
    "models.wechat_token",
]
_MIGRATING = 0x6F70656E7A6F6E65
"""Names the lock among those that others take in the same database."""
_BUSY_MS = 15_000
"""How long SQLite waits while another process writes."""


def tortoise_config(database_url: str) -> dict[str, Any]:
    """Return Tortoise's configuration for a database URL."""
    connection = expand_db_url(database_url)
    if connection["engine"] == "tortoise.backends.sqlite":
        connection["engine"] = "models.sqlite_client"
        connection["credentials"].setdefault("busy_timeout", _BUSY_MS)
    return {
        "connections": {"default": connection},
        "apps": {
            "models": {
                "models": MODEL_MODULES,
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "Asia/Shanghai",
    }


async def open_database(database_url: str) -> None:
    """Connect, and bring the tables to the newest shape, safe when several processes do it at once.

    The database is created where SQLite has none yet.
    """
    keep_moments_in_order()
    config = tortoise_config(database_url)
    sqlite = _sqlite_path(database_url)
    async with _one_at_a_time(config["connections"]["default"]["credentials"], sqlite):
        await migrate(config=config)
    await Tortoise.close_connections()
    await Tortoise.init(config=config)
    if sqlite is not None:
        database = connections.get("default")
        # Readers go on while an import writes, and a committed change survives a power cut.
        # What is deleted is overwritten: personal data that are gone are not left in unused pages.
        await database.execute_script(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        )


def has_database(database_url: str) -> bool:
    """Return whether there is one: SQLite's is a file, any other is somebody else's to make."""
    sqlite = _sqlite_path(database_url)
    return sqlite is None or sqlite.exists()


async def close_database() -> None:
    """Close every connection."""
    await Tortoise.close_connections()


@asynccontextmanager
async def _one_at_a_time(credentials: dict[str, Any], sqlite: Path | None) -> AsyncIterator[None]:
    """Keep other processes from changing the tables meanwhile."""
    if sqlite is not None:
        sqlite.parent.mkdir(parents=True, exist_ok=True)
        async with AsyncFileLock(f"{sqlite}.migrating"):
            yield
        return
    names = ("host", "port", "user", "password", "database", "ssl")
    # A connection of its own: the lock lasts as long as it does, whatever becomes of this process.
    connection = await asyncpg.connect(
        **{name: credentials[name] for name in names if name in credentials}
    )
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATING)
        yield
    finally:
        await connection.close()


def _sqlite_path(database_url: str) -> Path | None:
    scheme, _, rest = database_url.partition("://")
    return Path(rest.partition("?")[0]) if scheme == "sqlite" else None
