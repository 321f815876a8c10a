"""A server that takes pushes, for tests of the loopback alone: it answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from wechatpy.crypto import WeChatCrypto

TOKEN = "T0ken"
AES_KEY = "k" * 42 + "A"


@dataclass
class Taken:
    """One request."""

    method: str
    query: dict[str, str]
    body: bytes

    def message(self, appid: str) -> dict[str, Any]:
        """Return what is inside, checked and decrypted. Raises as wechatpy does."""
        crypto = WeChatCrypto(TOKEN, AES_KEY, appid)
        query = self.query
        told: dict[str, Any] = json.loads(
            crypto.decrypt_message(
                json.loads(self.body), query["msg_signature"], query["timestamp"], query["nonce"]
            )
        )
        return told


@dataclass
class Sink:
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    answer: Callable[[int, Taken], bytes | None] = lambda _number, _taken: b"success"
    """What is said to the n-th request; None for nothing ever."""
    status: Callable[[int], int] = lambda _number: 200
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def settings(self, **more: Any) -> dict[str, Any]:
        return {"url": self.url, "token": TOKEN, "aes_key": AES_KEY} | more

    async def wait_for(self, count: int) -> list[Taken]:
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                self.came.clear()
                await self.came.wait()
        return self.taken


@asynccontextmanager
async def listening() -> AsyncIterator[Sink]:
    sink = Sink()
    never = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        length = next(
            (int(line[15:]) for line in head.splitlines() if line.startswith("Content-Length:")), 0
        )
        taken = Taken(
            method, dict(parse_qsl(urlsplit(target).query)), await reader.readexactly(length)
        )
        sink.taken.append(taken)
        sink.came.set()
        number = len(sink.taken)
        said = sink.answer(number, taken)
        if said is None:
            await never.wait()
        else:
            head = f"HTTP/1.1 {sink.status(number)} X\r\nContent-Length: {len(said)}\r\n\r\n"
            writer.write(head.encode() + said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    sink.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/push"
    try:
        yield sink
    finally:
        never.set()
        server.close()
        await asyncio.sleep(0)
