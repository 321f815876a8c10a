"""Swearing: left out of what is asked, and never shown, said again or kept.

Whoever swears at a machine is angry or at a loss; what they ask beside it is answered as ever.
"""

from __future__ import annotations

import re

_WORDS = (
    "真他妈的", "你他妈的", "你他妈", "妈了个巴子", "妈了个逼", "妈卖批", "放你妈的屁", "去你妈的", "去你妈",
    "操你妈", "操你大爷", "日你妈", "日你先人", "日你仙人", "狗日的", "狗娘养的", "婊子养的", "婊子", "龟儿子",
    "龟孙子", "王八蛋", "混账东西", "混蛋", "滚蛋", "滚犊子", "傻逼", "傻屄", "傻B", "煞笔", "草泥马", "狗屁",
    "放屁", "不要脸的东西", "死全家", "去死吧",
)  # fmt: skip
_AT_THE_BEGINNING = ("他妈的", "妈的")
"""我妈的医保 is asked every day; these swear only where nobody's mother is named before."""
_ENGLISH = ("fuck you", "fucking", "fuck", "shit")
_SWEARING = re.compile(
    "|".join(
        [
            *_WORDS,
            rf"(?<![\u4e00-\u9fff])(?:{'|'.join(_AT_THE_BEGINNING)})(?=$|[^\u4e00-\u9fff]|你|这|怎么|什么|啥)",
            rf"\b(?:{'|'.join(_ENGLISH)})\b",
        ]
    ),
    re.IGNORECASE,
)
_LEFT_BEHIND = "，。！？、,.!? 啊呀吧呢哦嘛的了你们这些个"
"""What alone is no question, once the swearing is out."""


def without_swearing(text: str) -> str:
    """Return a text without its swearing, "" where there is nothing else in it."""
    clean = _SWEARING.sub("", text)
    if clean == text:
        return text
    clean = clean.strip("，、, ")
    return clean if clean.strip(_LEFT_BEHIND) else ""


def swears(text: str) -> bool:
    """Say whether there is swearing in a text."""
    return without_swearing(text) != text
