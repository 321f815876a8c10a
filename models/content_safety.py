"""Whether a text that others will see was found harmless (内容安全)."""

from __future__ import annotations

from enum import StrEnum


class ContentSafety(StrEnum):
    """What is known of a text."""

    NOT_CHECKED = "not_checked"
    """It did not come by WeChat, or WeChat is not used: staff read it as ever."""
    PASSED = "passed"
    WAITING = "waiting"
    """WeChat was in doubt, or could not be asked: somebody looks before it goes anywhere."""
    CLEARED = "cleared"
    """Somebody looked and found it harmless."""

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "not_checked": "未检测",
            "passed": "检测通过",
            "waiting": "待人工核看",
            "cleared": "人工核看通过",
        }[self.value]
