"""Where and how the platform pushes messages (消息推送), and how unruly it is about it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from devtools.wechat.push_crypto import Envelope
from devtools.wechat.push_messages import ListShape, TimeShape


class PushMode(StrEnum):
    PLAIN = "plain"
    COMPAT = "compat"
    SAFE = "safe"


class PushFormat(StrEnum):
    JSON = "json"
    XML = "xml"


class PushSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """No URL, no pushes."""

    url: str = ""
    token: str = ""
    aes_key: str = ""
    """43 characters of base64 (EncodingAESKey); not needed in plain mode."""
    mode: PushMode = PushMode.SAFE
    format: PushFormat = PushFormat.JSON

    lists: ListShape = ListShape.NATURAL
    times: TimeShape = TimeShape.NUMBER
    patience: float = 5.0
    """Real seconds for which an answer is waited for."""
    retries: int = 3
    copies: int = 1
    """How often each event is sent though it was answered; 0 loses every event."""
    delay: float = 0.0
    """Virtual seconds before any event is sent."""
    shuffled_over: float = 0.0
    """Each event waits up to so many virtual seconds more, so that they overtake each other."""

    def __post_init__(self) -> None:
        if self.aes_key:
            Envelope(self.aes_key, "")
