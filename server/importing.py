"""The background work of each server process: reading files that staff brought in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog

from server.context import Context
from services import import_work, stored_files
from services.import_work import Claim
from services.importing.reader import Reader
from services.logged_failures import failure_fields

_LOOK_AGAIN_S = 1.0
_IDLE_S = 60.0
"""Seconds without a file after which the reading process is let go."""
_AFTER_A_FAILURE_S = 5.0

log = structlog.get_logger(__name__)


async def import_files(context: Context) -> None:
    """Read one waiting file after the other, until it is cancelled."""
    reader = Reader()
    idle = 0.0
    try:
        await stored_files.remove_given_up(datetime.now(UTC))
        while True:
            try:
                claimed = await import_work.claim(datetime.now(UTC))
                if claimed is not None:
                    idle = 0.0
                    await _work_on(context, claimed, reader)
                    continue
            # The database may be away for a while; files wait meanwhile.
            except Exception as error:  # noqa: BLE001
                log.error("importing failed", **failure_fields(error))
                await asyncio.sleep(_AFTER_A_FAILURE_S)
                continue
            idle += await _woken_or_later(context)
            if idle >= _IDLE_S:
                idle = 0.0
                await reader.close()
    finally:
        await reader.close()


async def _work_on(context: Context, claimed: Claim, reader: Reader) -> None:
    try:
        await import_work.work_on(claimed, reader, context.parts.keys.sealing)
    except asyncio.CancelledError:
        await asyncio.shield(import_work.release(claimed))
        raise
    log.info("import file read", file_id=claimed.file_id)


async def _woken_or_later(context: Context) -> float:
    """Wait until somebody brings a file to this process, or for a while; return the seconds."""
    try:
        async with asyncio.timeout(_LOOK_AGAIN_S):
            await context.files_came.wait()
    except TimeoutError:
        return _LOOK_AGAIN_S
    context.files_came.clear()
    return 0.0
