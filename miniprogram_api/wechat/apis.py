"""The calls that are made to WeChat, each with its limits in time.

WeChat documents no latency. The limits follow what developers report of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram_api.wechat import reactions

CONNECT_S = 3.0


@dataclass(frozen=True)
class Api:
    """One call of WeChat's."""

    path: str
    read_s: float
    """Seconds between two pieces of an answer."""
    deadline_s: float
    """Seconds that one exchange may take as a whole."""
    patience_s: float
    """Seconds that the call may take with all its tries, pauses and new tokens."""
    tries: int = 3
    """How often it is asked at most where WeChat surely did nothing: busy, or out of reach."""
    tries_after_loss: int = 1
    """How often it is asked at most where the answer was lost and it may have been done."""
    is_limited_per_person: bool = False
    """Whether its minute limit is one person's and so no reason to stop for everybody."""


STABLE_TOKEN = Api(reactions.STABLE_TOKEN, 5, 8, 16, tries=3, tries_after_loss=2)
SIGN_IN = Api(reactions.SIGN_IN, 5, 6, 6, tries=2, is_limited_per_person=True)
"""Asked once where the answer was lost: the code may be spent, the phone fetches a new one."""
PHONE = Api(reactions.PHONE, 5, 6, 8, tries=2, is_limited_per_person=True)
SEND = Api(reactions.SEND, 5, 8, 20)
"""Never again where the answer was lost: there is no idempotency key."""
CHECK_TEXT = Api(reactions.CHECK_TEXT, 4, 6, 12, tries_after_loss=2)
CODE_IMAGE = Api(reactions.CODE_IMAGE, 10, 12, 26, tries_after_loss=3)
TEMPLATES = Api(reactions.TEMPLATES, 5, 8, 16, tries_after_loss=3)
EVERY = (STABLE_TOKEN, SIGN_IN, PHONE, SEND, CHECK_TEXT, CODE_IMAGE, TEMPLATES)
