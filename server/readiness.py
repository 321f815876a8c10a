"""Whether the process can serve: what a supervisor asks before it sends people here."""

from __future__ import annotations

import msgspec
import structlog
from sanic import HTTPResponse, Request
from sanic.response import json, raw
from tortoise import connections
from tortoise.exceptions import BaseORMException

from server.context import Context, context_of
from services.errors import OpenZoneError
from services.logged_failures import failure_fields


class Readiness(msgspec.Struct, frozen=True):
    """The state of each part."""

    ready: bool
    """Whether questions can be answered: database and index are there. A missing engine leaves a
    kiosk that reads and writes, so it does not count against this."""
    database: bool
    index: bool
    recogniser: str
    """The engine in use, "" for none."""
    synthesiser: str


async def readiness(context: Context) -> Readiness:
    """Try every part."""
    database, index = await _database_answers(), await _index_answers(context)
    recogniser, synthesiser = context.parts.recogniser, context.parts.synthesiser
    return Readiness(
        ready=database and index,
        database=database,
        index=index,
        recogniser=recogniser.name if recogniser is not None else "",
        synthesiser=synthesiser.name if synthesiser is not None else "",
    )


async def _database_answers() -> bool:
    try:
        await connections.get("default").execute_query("SELECT 1")
    except (BaseORMException, OSError) as error:
        structlog.get_logger().warning("database does not answer", **failure_fields(error))
        return False
    return True


async def _index_answers(context: Context) -> bool:
    try:
        await context.library.search("政务公开", limit=1)
    except (OpenZoneError, OSError, ValueError) as error:
        structlog.get_logger().warning("index does not answer", **failure_fields(error))
        return False
    return True


async def healthz(_request: Request) -> HTTPResponse:
    """Say that the process answers."""
    return json({"status": "ok"})


async def readyz(request: Request) -> HTTPResponse:
    """Say whether the process can serve."""
    state = await readiness(context_of(request))
    return json(state, status=200 if state.ready else 503)


async def metrics(request: Request) -> HTTPResponse:
    """Send everything counted, in the text format of Prometheus."""
    page = context_of(request).metrics.page()
    return raw(page, content_type="text/plain; version=0.0.4; charset=utf-8")
