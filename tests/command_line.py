"""What the command line does, for tests that have a database of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from services import importing
from services.access import system
from services.importing import ImportReport

SEAL = b"the seal of tests"
MACHINE = system(SEAL, "命令行")


async def import_paths(paths: list[Path]) -> ImportReport:
    """Import files as the command does."""
    return await importing.import_paths(paths, MACHINE, now=datetime.now(UTC))
