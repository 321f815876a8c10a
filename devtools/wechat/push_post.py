"""One HTTP request to the developer's server, on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import h11

MOST_READ = 64 * 1024
"""Bytes of an answer."""


class NoAnswer(Exception):
    """Nobody took the request, or nobody answered it in time."""


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes
    content_type: str = ""


async def ask(
    method: str,
    url: str,
    query: dict[str, str],
    body: bytes = b"",
    *,
    headers: Mapping[str, str] | None = None,
    patience: float,
    most: int = MOST_READ,
) -> Answered:
    """Ask a server on this machine; what is beyond `most` bytes of the answer is left.

    `patience` is in real seconds. Raises NoAnswer.
    """
    try:
        async with asyncio.timeout(patience):
            return await _ask(method, url, query, body, headers or {}, most)
    except TimeoutError:
        raise NoAnswer("no answer in time") from None
    except (OSError, h11.ProtocolError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error


async def _ask(
    method: str,
    url: str,
    query: dict[str, str],
    body: bytes,
    more: Mapping[str, str],
    most: int,
) -> Answered:
    where = urlsplit(url)
    if where.scheme != "http" or where.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError("only http and only this machine")
    reader, writer = await asyncio.open_connection(where.hostname, where.port or 80)
    try:
        connection = h11.Connection(h11.CLIENT)
        target = where.path or "/"
        if together := "&".join(filter(None, (where.query, urlencode(query)))):
            target += "?" + together
        headers = [("Host", where.netloc), ("User-Agent", "Mozilla/4.0"), ("Accept", "*/*")]
        headers += more.items()
        if body or method != "GET":
            headers.append(("Content-Length", str(len(body))))
        request = h11.Request(method=method, target=target, headers=headers)
        writer.write(connection.send(request) or b"")
        writer.write(connection.send(h11.Data(data=body)) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        return await _answer(connection, reader, most)
    finally:
        writer.close()


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader, most: int) -> Answered:
    """A server may answer before it has read all, and close: what it said counts."""
    status, content_type, parts = 0, "", bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(MOST_READ))
        elif isinstance(event, h11.Response):
            status = event.status_code
            content_type = dict(event.headers).get(b"content-type", b"").decode("latin-1")
        elif isinstance(event, h11.Data):
            parts += event.data
        if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or len(parts) > most:
            if not status:
                raise NoAnswer("closed without an answer")
            return Answered(status, bytes(parts), content_type)
