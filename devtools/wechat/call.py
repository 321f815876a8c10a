"""One request to the loopback WeChat, and what is answered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from devtools.wechat.errcodes import Errcode

JSON_TYPE = "application/json; encoding=utf-8"
"""What the platform says of its JSON."""
ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")
"""A letter beyond ASCII that is written \\uXXXX."""


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes
    client_ip: str
    rid: str = ""
    """The platform's number of the call; see `World.new_rid`."""
    arrived_at: float = 0.0
    """By the virtual clock."""
    fields: dict[str, object] = field(default_factory=dict)
    """The JSON of the body, for APIs that take one."""
    media_faults: list[str] = field(default_factory=list)
    """What becomes of the verdict of a media check."""
    work_seconds: float = 0.0
    """What an injected fault adds to the time that the work takes; see `Api.works_itself`."""

    def text(self, name: str, missing: int = 47001) -> str:
        """Return a required text of the body. Raises Errcode `missing` if it is none or empty."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise Errcode(missing)
        return value

    def asked(self, name: str, missing: int = 47001) -> str:
        """Return a required parameter of the query."""
        value = self.query.get(name, "")
        if not value:
            raise Errcode(missing)
        return value

    def glance(self) -> dict[str, object]:
        """Return the JSON of the body as far as it is any, before anything is checked."""
        if self.fields or not self.body.lstrip().startswith(b"{"):
            return self.fields
        try:
            return dict(json.loads(self.body))
        except (ValueError, RecursionError):
            return {}

    def read_json(self, malformed: int = 47001) -> None:
        """Fill `fields`. Raises Errcode 44002 for no body, `malformed` for anything but an object,
        40033 for Chinese sent as \\uXXXX.
        """
        if not self.body:
            raise Errcode(44002)
        try:
            text = self.body.decode()
            fields = json.loads(text)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            raise Errcode(malformed) from None
        if not isinstance(fields, dict):
            raise Errcode(malformed)
        if ESCAPED.search(text):
            raise Errcode(40033)
        self.fields = fields


@dataclass
class Reply:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @staticmethod
    def of(value: object, content_type: str = JSON_TYPE) -> Reply:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return Reply(200, {"Content-Type": content_type}, body)

    @staticmethod
    def html(status: int, text: str) -> Reply:
        page = f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
        return Reply(status, {"Content-Type": "text/html; charset=utf-8"}, page.encode())
