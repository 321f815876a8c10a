"""A real `openzone serve` in a process of its own: how fast it is there, and how large it is."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.bench_zone import RESULTS, Plan, settings
from bench.report import Row, Skipped
from server.settings import Settings

_READY_WITHIN = 120
"""Seconds after which a server that is not ready is taken to be broken."""


@dataclass(frozen=True)
class Served:
    """A server that is ready."""

    url: str
    pid: int
    ready_after: float
    """Seconds from its start until /readyz said 200."""


@asynccontextmanager
async def serve(where: Settings | None = None, **more: str) -> AsyncIterator[Served]:
    """Start the server on the measured zone or another, wait until it is ready, and stop it again."""
    port = free_port()
    where = where or settings()
    # The child inherits the environment, models' folders included, but not data folder and port.
    environment = os.environ | {
        "OPENZONE_DATA_DIR": str(where.data_dir),
        "OPENZONE_DATABASE_URL": where.database_url,
        "OPENZONE_HOST": "127.0.0.1",
        "OPENZONE_PORT": str(port),
        **more,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    with (RESULTS / "serve.log").open("wb") as log:
        began = time.perf_counter()
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from server.cli import main; main()", "serve"),
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        await _until_ready(url, server)
        yield Served(url, server.pid, time.perf_counter() - began)
    finally:
        if server.returncode is None:
            server.terminate()
        try:
            await asyncio.wait_for(server.wait(), 30)
        except TimeoutError:
            server.kill()
            await server.wait()


async def measure(plan: Plan) -> list[Row]:
    """Return the cold start and the resident memory with every engine loaded."""
    starts: list[float] = []
    megabytes: list[float] = []
    for _ in range(plan.times(3, 1)):
        async with serve() as served:
            starts.append(served.ready_after)
            megabytes.append(resident_megabytes(served.pid))
    note = f"{len(starts)} starts, engines as configured"
    return [
        Row("cold start, serve to /readyz", statistics.median(starts), "s", 8, note=note),
        Row("resident memory when ready", statistics.median(megabytes), "MB", note=note),
    ]


def resident_megabytes(pid: int) -> float:
    """Return the memory of a process and all below it; pages that are shared count once.

    Raises Skipped where the system has no /proc.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        raise Skipped("resident memory is read from /proc, which this system has not")
    kilobytes = 0
    for process in with_descendants(pid):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue  # It ended in the meantime.
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def with_descendants(pid: int) -> list[int]:
    """Return a process and all below it, by their ids."""
    processes = [pid]
    for process in processes:
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            processes += [int(child) for child in children.read_text(encoding="ascii").split()]
    return processes


async def _until_ready(url: str, server: asyncio.subprocess.Process) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(_READY_WITHIN * 20):
            if server.returncode is not None:
                raise Skipped(f"the server ended at once; see {RESULTS / 'serve.log'}")
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)
    raise Skipped(f"the server was not ready in {_READY_WITHIN} s; see {RESULTS / 'serve.log'}")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
