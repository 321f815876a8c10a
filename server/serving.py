"""Serving: from parts to an open port, and back to nothing, in one event loop."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sanic import Sanic
from sanic.config import Config
from sanic.server import AsyncioServer

from server.card_refreshing import refresh_cards
from server.context import Context
from server.forgetting import forget_retired_speech
from server.importing import import_files
from server.preparing import prepare_speech
from server.timed_work import do_timed_work
from services import ledger, refused_questions, venues

_PATIENCE_SECONDS = 3.0
"""How long requests under way may take to finish when the server stops."""
_LOOK_AGAIN_SECONDS = 0.05


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address; port 0 takes a free one.

    Raises OSError when the address is taken or is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(100)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening


def set_aside_what_stays() -> None:
    """Keep what was loaded at the start out of every later collection of garbage.

    Word lists and models are hundreds of thousands of objects that stay as long as the process.
    Looking through them stops every answer for a tenth of a second, once in some two thousand. For a
    process that serves one app until it ends: what is set aside is never collected.
    """
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def serving(app: Sanic[Config, Context], listening: socket.socket) -> AsyncIterator[None]:
    """Serve an app on a socket for as long as the block runs."""
    own = await venues.first(app.ctx.parts.settings.venue)
    keys = app.ctx.parts.keys
    async with (
        ledger.counting(own.id),
        refused_questions.collecting(keys),
        _answering(app, listening),
    ):
        yield


@asynccontextmanager
async def _answering(app: Sanic[Config, Context], listening: socket.socket) -> AsyncIterator[None]:
    server = await app.create_server(
        sock=listening, access_log=False, asyncio_server_kwargs={"start_serving": False}
    )
    assert server is not None, "create_server() returns a server unless told otherwise"
    await server.startup()  # type: ignore[no-untyped-call]
    await server.before_start()  # type: ignore[no-untyped-call]
    await server.start_serving()  # type: ignore[no-untyped-call]
    await server.after_start()  # type: ignore[no-untyped-call]
    beside = [
        asyncio.create_task(prepare_speech(app.ctx), name="preparing speech"),
        asyncio.create_task(forget_retired_speech(app.ctx), name="forgetting speech"),
        asyncio.create_task(import_files(app.ctx), name="importing files"),
        asyncio.create_task(do_timed_work(app.ctx), name="timed work"),
        asyncio.create_task(refresh_cards(app.ctx), name="refreshing cards"),
    ]
    try:
        await app.ctx.library.start_following()
        yield
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await _stop(app, server)


async def _stop(app: Sanic[Config, Context], server: AsyncioServer) -> None:
    closing = server.close()  # type: ignore[no-untyped-call]
    await server.before_stop()  # type: ignore[no-untyped-call]
    await app.ctx.library.stop_following()
    await app.ctx.speech.close()
    app.ctx.calls.close()
    for connection in list(server.connections):
        connection.close_if_idle()
    # Sanic tells nobody when the last connection has gone.
    patience = _PATIENCE_SECONDS
    while server.connections and patience > 0:
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        patience -= _LOOK_AGAIN_SECONDS
    for connection in list(server.connections):
        if getattr(connection, "websocket", None) is not None:
            connection.websocket.fail_connection(code=1001)
        connection.abort()
    app.shutdown_tasks(_PATIENCE_SECONDS)
    if closing is not None:
        await closing
    Sanic.unregister_app(app)
    await server.after_stop()  # type: ignore[no-untyped-call]
