"""The database that the tests run on: SQLite, or a PostgreSQL server that they start themselves.

Every installation of a test gets a database of its own, named after its data folder, so that a
folder opened again finds what it left there. What all of them begin with, the server, the tables
and the sample zone, is made once and shared by all processes of a run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[1]
SQLITE = "sqlite"
POSTGRESQL = "postgresql"
_PATIENCE_S = 60
_MIGRATING_S = 300
"""Making all tables takes seconds of a processor that others use as well."""
_TEMPLATE = "openzone_template"
_ROLE = "openzone"
_MISSING = "The tests need PostgreSQL (Debian: apt-get install postgresql)"
_RUN = "OPENZONE_TESTS_FOLDER"
"""The variable by which the processes of a run of the tests find the folder that they share."""


class PostgresServer:
    """A server of the tests' own, in a folder of its own, without any care for a power cut.

    Whichever process needs it first starts it, in a folder that has none yet; it runs until it is
    stopped, however that process ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # PostgreSQL refuses to run as root; its package brings a user to run it as.
        self._as: dict[str, str] = {"user": "postgres", "group": "postgres"} if is_root() else {}
        if not (folder / "port").exists():
            self._start()
        self.port = int((folder / "port").read_text("ascii"))

    def _start(self) -> None:
        if self._as:
            shutil.chown(self._folder, **self._as)
        self._run(
            *("initdb", "--pgdata", str(self._folder / "data"), "--username", _ROLE),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
        )
        self.port = free_port()
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port),
            "unix_socket_directories": str(self._folder), "max_connections": "600",
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
        }  # fmt: skip
        given = " ".join(f"-c {name}={value}" for name, value in options.items())
        self._control("start", "--log", str(self._folder / "log"), "--options", given)
        try:
            self._make_template()
        except BaseException:
            self.stop()
            raise
        (self._folder / "port").write_text(str(self.port), "ascii")

    def url(self, database: str) -> str:
        """Return the address of a database as the settings take it."""
        return f"asyncpg://{_ROLE}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str, template: str = _TEMPLATE) -> str:
        """Return the address of a database, made as a copy of another where there is none yet."""
        there = self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not there.strip():
            self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def sql(self, command: str, database: str = "postgres") -> str:
        """Run one statement and return what it prints."""
        return self._run(
            *("psql", "--host", "127.0.0.1", "--port", str(self.port), "--username", _ROLE),
            *("--no-psqlrc", "--tuples-only", "--no-align", "--command", command, database),
        )

    def stop(self) -> None:
        """Stop the server at once."""
        self._control("stop", "--mode", "immediate")

    def _make_template(self) -> None:
        self.sql(f"CREATE DATABASE {_TEMPLATE}")
        migrate(self.url(_TEMPLATE))

    def _control(self, what: str, *arguments: str) -> None:
        """Start or stop the server, and wait until that is done."""
        folder = str(self._folder / "data")
        self._run("pg_ctl", what, "--pgdata", folder, "--wait", "--silent", *arguments)

    def _run(self, name: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(program(name)), *arguments],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            cwd=self._folder,
            check=False,
            **self._as,
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"
        return done.stdout


class Chosen:
    """The kind of database of this run, and its server once one is needed."""

    kind = SQLITE
    server: PostgresServer | None = None


def is_root() -> bool:
    """Return whether the tests run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def program(name: str) -> Path:
    """Return a program of PostgreSQL, the newest there is; without one the tests fail."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[-3])
    )
    found = versions[-1] if versions else shutil.which(name)
    assert found, _MISSING
    return Path(found)


def begin_run() -> None:
    """Make the folder that the processes of this run share, unless it is one of them."""
    if _RUN not in os.environ:
        os.environ[_RUN] = tempfile.mkdtemp(prefix="openzone-tests-")
        # The user that PostgreSQL runs as must find its own folder in it.
        Path(os.environ[_RUN]).chmod(0o755)


def end_run() -> None:
    """Stop the server of this run, if one was started, and remove what its processes shared."""
    folder = Path(os.environ.pop(_RUN))
    if (folder / POSTGRESQL / "port").exists():
        PostgresServer(folder / POSTGRESQL).stop()
    shutil.rmtree(folder, ignore_errors=True)


def shared_by_all(name: str, make: Callable[[Path], object]) -> Path:
    """Return what was made in a folder of that name by the first process of this run to ask."""
    folder = Path(os.environ[_RUN]) / name
    done = folder.with_suffix(".made")
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def postgres() -> PostgresServer:
    """Return the server of this run, started when it is first asked for."""
    if Chosen.server is None:
        Chosen.server = PostgresServer(shared_by_all(POSTGRESQL, PostgresServer))
    return Chosen.server


def sqlite_template() -> Path:
    """Return an empty database with all its tables, made when it is first asked for."""
    name = "openzone.sqlite3"
    folder = shared_by_all("template", lambda folder: migrate(f"sqlite://{folder / name}"))
    return folder / name


def database_url(data_dir: Path) -> str:
    """Return the address of the database that belongs to a data folder.

    It is there with all its tables: making them takes longer than most tests.
    """
    if Chosen.kind == SQLITE:
        file = data_dir / "openzone.sqlite3"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sqlite_template(), file)
        return f"sqlite://{file}"
    return postgres().database(_named_after(data_dir))


def copy_installation(original: Path, data_dir: Path) -> None:
    """Make a data folder, with its database, that holds what another one holds, which is closed."""
    assert not data_dir.exists(), f"{data_dir} is in use"
    shutil.copytree(original, data_dir)
    if Chosen.kind == POSTGRESQL:
        postgres().database(_named_after(data_dir), template=_named_after(original))


def _named_after(data_dir: Path) -> str:
    return "t" + hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:24]


def empty_database_url(data_dir: Path) -> str:
    """Return the address of a database of a data folder's own that has no tables yet."""
    if Chosen.kind == SQLITE:
        return f"sqlite://{data_dir / 'empty.sqlite3'}"
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:24]
    postgres().sql(f'CREATE DATABASE "e{name}"')
    return postgres().url(f"e{name}")


def environment_of(data_dir: Path) -> dict[str, str]:
    """Return the variables that make a data folder, with its database, an installation."""
    return {"OPENZONE_DATA_DIR": str(data_dir), "OPENZONE_DATABASE_URL": database_url(data_dir)}


def everything_kept(data_dir: Path) -> bytes:
    """Return all that an installation has written: every file, and what a database server holds."""
    kept = [file.read_bytes() for file in data_dir.rglob("*") if file.is_file()]
    if Chosen.kind == POSTGRESQL:
        url = database_url(data_dir).replace("asyncpg://", "postgresql://")
        dumped = subprocess.run(
            [str(program("pg_dump")), url], capture_output=True, check=True, timeout=_PATIENCE_S
        )
        kept.append(dumped.stdout)
    return b"".join(kept)


def migrate(url: str) -> None:
    """Bring a database's tables to the newest shape, in a process of its own."""
    code = (
        "import asyncio, sys\n"
        "from models.database import close_database, open_database\n"
        "async def migrate():\n"
        "    await open_database(sys.argv[1])\n"
        "    await close_database()\n"
        "asyncio.run(migrate())\n"
    )
    subprocess.run([sys.executable, "-c", code, url], cwd=ROOT, check=True, timeout=_MIGRATING_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
