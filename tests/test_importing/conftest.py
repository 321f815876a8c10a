"""A database of its own for each test, and the way to write a small text file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from models.database import close_database, open_database
from tests.databases import database_url

WriteFile = Callable[[str, str | bytes], Path]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[None]:
    """An empty database, built by the real migrations."""
    await open_database(database_url(tmp_path / "database"))
    yield
    await close_database()


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """Write a file below the test's folder of files."""
    folder = tmp_path / "files"

    def write_file(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file
