"""Questions that mean something only after an answer: 要带什么, 第二条, 详细一点, 那商业秘密呢.

Pure work on text. They are known by their sound, as commands are, and only as a whole utterance:
whoever names what they ask about asks a question of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from search.document_number import numeral_value
from search.normalization import compact, normalize
from services.expected_phrases import nearest
from services.follow_up_phrases import ASKED, DETAIL, THAT_ONE, Aspect
from speech.numerals import cardinal


class Kind(StrEnum):
    """What a follow-up asks for."""

    ASPECT = "aspect"
    OTHER_SUBJECT = "other_subject"
    """The last question, of something else: 那商业秘密呢."""
    ARTICLE = "article"
    """第二条: an article of the law that was quoted, else as ITEM."""
    ITEM = "item"
    """第二项, 第二点: one of the points of the answer, else as SHOWN."""
    SHOWN = "shown"
    """第二个, 那个呢: one of the answers on the screen, the first being the answer itself."""
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was asked, and what it needs to be understood."""

    kind: Kind
    aspect: Aspect | None = None
    number: int = 0
    """Which article, point or answer, counted from 1."""
    subject: str = ""
    """OTHER_SUBJECT: what is asked about now."""


_MEANT = {FollowUp(Kind.ASPECT, aspect): phrases for aspect, phrases in ASKED.items()} | {
    FollowUp(Kind.DETAIL): DETAIL
}
_OPENINGS = re.compile(
    r"^(?:那么|那|还有|请问|我想问|我问一下|问一下|再问一下|哎|呃|哦|嗯|这个|它|他)+"
)
_ENDINGS = re.compile(r"(?:呢|呀|啊|嘛|吧|哦|嘞|哈|喃)+$")
_PLACE = re.compile(
    r"^第([零一二三四五六七八九十百两0-9]{1,6})(条|项|点|款|个)(?:是什么|说什么|怎么说|讲什么|说的什么)?$"
)
_OTHER = re.compile(r"^(?:那么|那|还有)?(?P<subject>[^，。？！呢]{2,14})呢$")
_PRONOUNS = {
    "这个",
    "那个",
    "他们",
    "它们",
    "我们",
    "你们",
    "然后",
    "后来",
    "其他",
    "别的",
    "为什么",
    "什么",
}


def follow_up_in(text: str) -> FollowUp | None:
    """Return what a whole utterance asks of the answer before it, None for a question of its own."""
    said = compact(normalize(text[:60]))
    if not said:
        return None
    if said in THAT_ONE:
        return FollowUp(Kind.SHOWN, number=2)
    bare = _ENDINGS.sub("", _OPENINGS.sub("", said))
    if placed := _PLACE.match(bare):
        return _placed(placed[1], placed[2])
    readings = dict.fromkeys((said, _OPENINGS.sub("", said), bare))
    for reading in readings:
        meant = nearest(reading, _MEANT)
        if meant is not None:
            return meant
    other = _OTHER.match(said)
    if other and other["subject"] not in _PRONOUNS:
        return FollowUp(Kind.OTHER_SUBJECT, subject=other["subject"])
    return None


def _placed(number: str, unit: str) -> FollowUp | None:
    kind = {"条": Kind.ARTICLE, "个": Kind.SHOWN}.get(unit, Kind.ITEM)
    value = numeral_value(number)
    return FollowUp(kind, number=value) if 0 < value < 1000 else None


def article_label(number: int) -> str:
    """Return how a law writes the number of an article: 第四十二条."""
    return f"第{cardinal(number)}条"
