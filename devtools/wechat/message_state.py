"""What an account keeps of subscription messages, and how the platform treats them."""

from __future__ import annotations

from msgspec import Struct, field

LONG_TERM = 3
"""The kind (type) of a template whose subscription is not used up; the other is 2."""


class MessageRules(Struct, kw_only=True, forbid_unknown_fields=True):
    ids_at_most: int = 5
    """Template ids in one question to a person; 3 in older clients."""
    is_banned: bool = False
    """No card may be sent or asked for (43107, 20005)."""
    sensitive_words: list[str] = field(default_factory=list)
    """A card with one of them is refused (45168)."""
    sent_event_after: float = 1.0
    """Virtual seconds from a card to its subscribe_msg_sent_event."""
    undelivered_next: int = 0
    """So many cards are taken and then reported as failed."""


class Card(Struct, kw_only=True):
    """One that was delivered to a person's phone."""

    msgid: str
    """A 64-bit integer."""
    sent_at: float
    openid: str
    template_id: str
    title: str
    lines: list[tuple[str, str]]
    """What the person reads: 「事项」 and its value, line by line."""
    values: dict[str, str]
    page: str
    """What a tap opens, with its query; "" for nothing."""
    state: str
    """developer, trial or formal (miniprogram_state)."""
    language: str
    is_delivered: bool = True
