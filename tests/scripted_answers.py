"""A server that answers exactly what a test tells it to, down to the bytes.

For what no well-behaved server does: broken bodies, half answers, silence. What WeChat really does
is in the loopback.
"""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Told:
    """What is answered, and how."""

    body: bytes = b'{"errcode":0,"errmsg":"ok"}'
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    """Before anything is sent."""
    drip_s: float = 0.0
    """Between two bytes of the body."""
    cut: int | None = None
    """How many bytes of the body are sent before the connection is reset; None for all."""
    is_reset: bool = False
    """Reset without an answer, after reading."""


def told(**values: Any) -> Told:
    """Return an answer of JSON."""
    return Told(json.dumps(values, ensure_ascii=False).encode())


Script = Callable[[Asked], Told]


class ScriptedAnswers:
    """Serves a script on a free port until it is left."""

    def __init__(self, script: Script | None = None) -> None:
        self.script: Script = script or (lambda _asked: Told())
        self.asked: list[Asked] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    while outer._serve_one(self):
                        pass
                except OSError:
                    pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [asked.path for asked in self.asked]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve_one(self, handler: socketserver.StreamRequestHandler) -> bool:
        line = handler.rfile.readline().decode("latin-1").split()
        if len(line) != 3:
            return False
        headers = {}
        while (header := handler.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = handler.rfile.read(int(headers.get("content-length", "0")))
        address = urlsplit(line[1])
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        asked = Asked(line[0], address.path, query, headers, body)
        self.asked.append(asked)
        return self._answer(handler, self.script(asked))

    @staticmethod
    def _answer(handler: socketserver.StreamRequestHandler, answer: Told) -> bool:
        time.sleep(answer.wait_s)
        if answer.is_reset:
            return _reset(handler.connection)
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        head = f"HTTP/1.1 {answer.status} X\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        if answer.drip_s:
            handler.wfile.write(head.encode() + b"\r\n")
            for byte in body:
                handler.wfile.write(bytes((byte,)))
                time.sleep(answer.drip_s)
        else:
            handler.wfile.write(head.encode() + b"\r\n" + body)
        return True if answer.cut is None else _reset(handler.connection)


def _reset(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    return False
