"""What WeChat pushes (消息推送), read tolerantly: it writes the same thing in several ways.

JSON has a single item as an object and several as an array, at the top or below the element that XML
has; numbers are text in one place and numbers in another.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ASKED = "subscribe_msg_popup_event"
"""Somebody answered the question for permission."""
CHANGED = "subscribe_msg_change_event"
"""Somebody switched a kind of card off outside the mini-program."""
SENT = "subscribe_msg_sent_event"
"""What became of a card."""
CHECKED = "wxa_media_check"
_PARENTS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_LONGEST = 200
_LAST_MOMENT = 4_102_444_800
"""The year 2100."""


@dataclass(frozen=True)
class PushedEvent:
    """One message."""

    name: str
    """Of the event, or the kind of message where it is none."""
    openid: str = field(repr=False)
    created_at: datetime | None
    message_id: str
    """Of what somebody wrote; events have none."""
    items: list[dict[str, str]] = field(repr=False)
    trace_id: str


def read(message: dict[str, Any]) -> PushedEvent:
    """Return what a message says. What is missing or senseless is "", None or left out."""
    name = _text(message.get("Event")) or _text(message.get("MsgType"))
    return PushedEvent(
        name=name if _NAME.fullmatch(name) else "",
        openid=_text(message.get("FromUserName")),
        created_at=_moment(message.get("CreateTime")),
        message_id=_text(message.get("MsgId")),
        items=_items(message),
        trace_id=_text(message.get("trace_id")),
    )


def identity(event: PushedEvent) -> str:
    """Return what makes it this message and no other, however often it comes."""
    if event.message_id:
        return f"message {event.message_id}"
    created = int(event.created_at.timestamp()) if event.created_at is not None else 0
    items = [
        [item.get(name, "") for name in ("TemplateId", "SubscribeStatusString", "MsgID")]
        for item in event.items
    ]
    return "event " + json.dumps([event.openid, created, event.name, event.trace_id, items])


def _items(message: dict[str, Any]) -> list[dict[str, str]]:
    for parent in (message, *(message.get(name) for name in _PARENTS)):
        listed = parent.get("List") if isinstance(parent, dict) else parent
        if isinstance(listed, dict):
            listed = [listed]
        if isinstance(listed, list):
            return [
                {str(name): _text(value) for name, value in item.items()}
                for item in listed
                if isinstance(item, dict)
            ]
    return []


def _text(value: object) -> str:
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    # JSON can name halves of characters, which have no UTF-8.
    text = str(value).encode(errors="replace").decode() if is_plain else ""
    return text.strip()[:_LONGEST]


def _moment(value: object) -> datetime | None:
    text = _text(value)
    if not re.fullmatch("[0-9]{1,10}", text) or int(text) > _LAST_MOMENT:
        return None
    return datetime.fromtimestamp(int(text), UTC)
