"""Invented words: what whisper writes when nobody said it.

Whisper was trained on captioned films, so on noise it writes the captions' own furniture, and on
sound it cannot follow it goes round in a loop.
"""

from __future__ import annotations

import re

_CAPTIONS = re.compile(
    r"[^，。！？!?]*(?:字幕|by索兰娅|请不吝点赞|不吝点赞|点赞[、，, ]*订阅|订阅[、，, ]*转发|打赏支持"
    r"|明镜与点点|明镜需要您的支持|谢谢(?:大家|您|你们)?(?:的)?(?:观看|收看|收听)|感谢(?:您的|大家)?(?:观看|收看|收听)"
    r"|我们下期(?:再见|节目)|下期再见|中文字幕志愿者|Amara\.org|李宗盛|词曲|作曲|编曲|优优独播剧场|YoYo Television"
    r"|MING PAO|Thanks for watching|Subtitles by)[^。！？!?]*[。！？!?]?",
    re.IGNORECASE,
)
# Five times a phrase, or eight times one character, is no sentence; digits do repeat (111111).
_LOOP = re.compile(r"(?:(?P<phrase>[^\d\s]{2,20}?)(?P=phrase){4,}|(?P<one>[^\d\s])(?P=one){7,})")
_LOOP_SHARE = 0.5
"""Share of a text that may be loop before nothing in it is believed."""


def without_invented_words(text: str) -> str:
    """Return recognised text without captions' furniture and loops, "" when nothing is left."""
    kept = _CAPTIONS.sub("", text).strip()
    looping = sum(len(match.group()) for match in _LOOP.finditer(kept))
    if kept and looping / len(kept) >= _LOOP_SHARE:
        return ""
    return _LOOP.sub(lambda match: match["phrase"] or match["one"], kept).strip(" ，,、")
