"""HTTP/1.1 on loopback: requests in, replies out, and what the faults make of the connection.

Raw streams, because a fault needs the socket itself: RST, a reply that drips, a false length.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

import h11

from devtools.wechat.answering import Delivery
from devtools.wechat.call import Call
from devtools.wechat.faults import Drip, Silent
from devtools.wechat.world import World

HOST = "127.0.0.1"
LARGEST_BODY = 32 * 1024 * 1024
"""Bytes; the platform's own largest upload is 10 MB."""
IDLE_LASTS = 75.0
"""Real seconds that a connection is kept for a next request."""

Answerer = Callable[[Call], Awaitable[Delivery]]


class Ended(Exception):
    """The connection is over."""


class Door:
    """One port. The platform's can be closed and opened again while the process goes on."""

    def __init__(self, world: World, answer: Answerer, *, suffers_faults: bool) -> None:
        self._world = world
        self._answer = answer
        self._suffers_faults = suffers_faults
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self, port: int = 0) -> None:
        """Listen. Port 0 is any free one; `self.port` is kept for the next time."""
        if self._server is not None:
            return
        self._server = await asyncio.start_server(self._taken, HOST, port or self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no more, and reset what stands."""
        if self._server is not None:
            self._server.close()
            self._server = None
        # But for the one by which it was asked to close: that gets its answer.
        standing = self._connections - {asyncio.current_task()}
        for task in standing:
            task.cancel()
        await asyncio.gather(*standing, return_exceptions=True)

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        severed = asyncio.create_task(self._world.severed.wait())
        if self._suffers_faults:
            severed.add_done_callback(lambda _: task.cancel())
        try:
            await self._serve(reader, writer)
        except (Ended, ConnectionError):
            pass
        except asyncio.CancelledError:
            reset(writer)
        finally:
            self._connections.discard(task)
            severed.cancel()
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._suffers_faults:
            fault = self._world.faults.of_connection(self._world.clock.now())
            if isinstance(fault, Silent):
                await _until_the_other_side_leaves(reader)
                return
            if fault is not None:
                reset(writer)
                return
        wire = h11.Connection(h11.SERVER)
        idle_lasts = IDLE_LASTS
        while True:
            try:
                async with asyncio.timeout(idle_lasts):
                    call = await _next_call(wire, reader, writer)
            except (TimeoutError, h11.RemoteProtocolError):
                return
            delivery = await self._answer(call)
            await _bring(wire, reader, writer, delivery)
            if wire.our_state is not h11.DONE or wire.their_state is not h11.DONE:
                return
            wire.start_next_cycle()
            idle_lasts = IDLE_LASTS
            if delivery.closes_idle_after is not None:
                idle_lasts = max(delivery.closes_idle_after, 0.001)


async def _next_call(
    wire: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Call:
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            if wire.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                writer.write(wire.send(go_on))
            wire.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > LARGEST_BODY:
                raise Ended
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return _call(request, bytes(body), writer)
        else:
            raise Ended


def _call(request: h11.Request, body: bytes, writer: asyncio.StreamWriter) -> Call:
    target = urlsplit(request.target.decode("latin-1"))
    return Call(
        method=request.method.decode("ascii"),
        path=target.path,
        query=dict(parse_qsl(target.query, keep_blank_values=True)),
        headers={name.decode("ascii"): value.decode("latin-1") for name, value in request.headers},
        body=body,
        client_ip=str(writer.get_extra_info("peername")[0]),
    )


async def _bring(
    wire: h11.Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    delivery: Delivery,
) -> None:
    if delivery.headers_after:
        await asyncio.sleep(delivery.headers_after)
    if delivery.ending == "silent":
        await _until_the_other_side_leaves(reader)
        raise Ended
    if delivery.ending == "fin":
        raise Ended
    if delivery.ending == "rst":
        reset(writer)
        raise Ended
    head, body = _written(wire, delivery)
    writer.write(head)
    if delivery.body_after:
        await writer.drain()
        await asyncio.sleep(delivery.body_after)
    if delivery.ending == "rst_in_body":
        writer.write(body[: len(body) // 2])
        await writer.drain()
        # What was written has to leave before the reset throws away what has not.
        await asyncio.sleep(0.02)
        reset(writer)
        raise Ended
    for piece in _pieces(body, delivery.drip):
        writer.write(piece)
        if delivery.drip is not None:
            await writer.drain()
            await asyncio.sleep(delivery.drip.pause)
    await writer.drain()
    if delivery.declared_length is not None:
        raise Ended


def _pieces(body: bytes, drip: Drip | None) -> list[bytes]:
    size = len(body) if drip is None else drip.piece
    return [body[start : start + size] for start in range(0, len(body), size or 1)]


def _written(wire: h11.Connection, delivery: Delivery) -> tuple[bytes, bytes]:
    """Return head and body as they go out. h11 would not write a length that is not true."""
    reply = delivery.reply
    length = len(reply.body) if delivery.declared_length is None else delivery.declared_length
    headers = [*reply.headers.items(), ("Content-Length", str(length))]
    reason = HTTPStatus(reply.status).phrase
    if delivery.declared_length is not None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"HTTP/1.1 {reply.status} {reason}\r\n{lines}\r\n".encode("latin-1"), reply.body
    head = wire.send(h11.Response(status_code=reply.status, headers=headers, reason=reason))
    body = wire.send(h11.Data(data=reply.body))
    wire.send(h11.EndOfMessage())
    return head or b"", body or b""


async def _until_the_other_side_leaves(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: what is not yet sent is thrown away."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        linger = struct.pack("ii", 1, 0)
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
