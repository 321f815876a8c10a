"""Invented words: what whisper writes when nobody said it.

Whisper was trained on captioned films, so on noise it writes the captions' own furniture, and on
sound it cannot follow it goes round in a loop.
"""

from __future__ import annotations

import re

# Each takes its whole sentence along. Words that citizens use too (字幕, 点赞, 订阅, 作曲) count only
# in the company in which captions put them.
_CAPTIONS = re.compile(
    r"[^，。！？!?]*(?:"
    r"(?:中文)?字幕(?:志愿者|组|製作|制作|提供|校对|翻译|由|\s*by)|by索兰娅|Amara\.org"
    r"|不吝点赞|点赞[、，, ]*订阅|订阅[、，, ]*转发|打赏支持|明镜与点点|明镜需要您的支持"
    r"|(?:谢谢|感谢)(?:大家|您|你们|各位)?(?:的)?(?:观看|收看|收听)|下期(?:节目)?再见|下期节目"
    r"|(?:作词|作曲|编曲|词曲)\s*[:：]|优优独播剧场|YoYo Television|MING PAO"
    r"|Thanks for watching|Subtitles by"
    r")[^。！？!?]*[。！？!?]?",
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
