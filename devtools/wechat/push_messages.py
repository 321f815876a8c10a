"""What WeChat pushes, written as JSON or XML, with the liberties that it takes in reality."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Any


class ListShape(StrEnum):
    """How JSON holds the items of an event."""

    NATURAL = "natural"
    """One item as an object, several as an array, as the pages say."""
    ARRAY = "array"
    """Always an array, as the pages' own sample has it."""
    UNDER_PARENT = "under_parent"
    """Under the element that XML has, as older pages show it."""


class TimeShape(StrEnum):
    """How JSON holds CreateTime: the samples have text, reality has a number."""

    NUMBER = "number"
    STRING = "string"


@dataclass(frozen=True)
class Event:
    """Something that happened, as it is told to the mini-program's server."""

    name: str
    openid: str
    created: int
    """Unix seconds."""
    fields: dict[str, Any] = field(default_factory=dict)
    """What stands at the top level."""
    items: list[dict[str, str]] | None = None
    parent: str = ""
    """The XML element around the items."""

    def head(self, original_id: str) -> dict[str, Any]:
        return {
            "ToUserName": original_id,
            "FromUserName": self.openid,
            "CreateTime": self.created,
            "MsgType": "event",
            "Event": self.name,
        }

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "openid": self.openid,
            "created": self.created,
            "fields": self.fields,
            "items": self.items,
        }


def as_json(event: Event, original_id: str, lists: ListShape, times: TimeShape) -> bytes:
    told = event.head(original_id) | event.fields
    if times is TimeShape.STRING:
        told["CreateTime"] = str(event.created)
    if event.items is not None:
        is_single = lists is ListShape.NATURAL and len(event.items) == 1
        listed = {"List": event.items[0] if is_single else event.items}
        told |= {event.parent: listed} if lists is ListShape.UNDER_PARENT else listed
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def as_xml(event: Event, original_id: str) -> bytes:
    told = event.head(original_id) | event.fields
    if event.items is not None:
        told[event.parent] = {"List": event.items}
    return f"<xml>{_elements(told)}</xml>".encode()


def in_xml(fields: dict[str, Any]) -> bytes:
    """Return the outer form of an encrypted message."""
    return f"<xml>{_elements(fields)}</xml>".encode()


def _elements(fields: dict[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        inside = _elements(value)
    elif isinstance(value, int):
        inside = str(value)
    elif "]]>" in str(value):
        inside = escape(str(value))
    else:
        inside = f"<![CDATA[{value}]]>"
    return f"<{name}>{inside}</{name}>"
