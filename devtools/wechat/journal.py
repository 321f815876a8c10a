"""Every request that came and what became of it."""

from __future__ import annotations

import base64
from collections import deque

from msgspec import Struct, field

from devtools.wechat.call import Call, Reply

KEPT = 50_000
"""Entries that are kept; older ones go."""


class Entry(Struct, kw_only=True):
    number: int
    at: float
    """By the virtual clock."""
    rid: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    """Text, or "base64:…" for what is none."""
    client_ip: str
    appid: str | None = None
    openid: str | None = None
    faults: list[str] = field(default_factory=list)
    """Kinds of the faults that struck."""
    was_performed: bool = False
    """Whether the action was tried: False where a fault came before it."""
    status: int = 0
    reply_headers: dict[str, str] = field(default_factory=dict)
    reply: str = ""
    errcode: int = 0
    """Of the answer that was meant, even if it was lost."""
    seconds: float = 0.0
    """Real ones, until the reply was ready."""


def shown(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(body).decode()


class Journal:
    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._next = 1

    def open(self, call: Call, appid: str | None, openid: str | None) -> Entry:
        entry = Entry(
            number=self._next,
            at=call.arrived_at,
            rid=call.rid,
            method=call.method,
            path=call.path,
            query=call.query,
            headers=call.headers,
            body=shown(call.body),
            client_ip=call.client_ip,
            appid=appid,
            openid=openid,
        )
        self._next += 1
        self.entries.append(entry)
        return entry

    @staticmethod
    def close(entry: Entry, reply: Reply) -> None:
        entry.status = reply.status
        entry.reply_headers = reply.headers
        entry.reply = shown(reply.body)

    def find(self, rid: str) -> Entry | None:
        return next((entry for entry in reversed(self.entries) if entry.rid == rid), None)

    def select(
        self, *, after: int = 0, path: str | None = None, appid: str | None = None
    ) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.number > after and path in (None, entry.path) and appid in (None, entry.appid)
        ]

    def clear(self) -> None:
        self.entries.clear()
