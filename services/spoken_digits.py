"""Digits and yes or no, as people say them: 幺三八, 对的, 不对.

Compared by sound, as commands are: a recogniser writes 衣 or 其 where somebody said one or seven.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.normalization import compact, normalize
from search.phonetic import folded_key, sound_key
from services.expected_phrases import nearest

_SAID = {
    "0": "零洞",
    "1": "一幺",
    "2": "二两",
    "3": "三",
    "4": "四",
    "5": "五",
    "6": "六",
    "7": "七拐",
    "8": "八",
    "9": "九勾",
    "X": "叉",
}
"""What a digit is said as."""
_HEARD = {"0": "林", "1": "要", "3": "山", "4": "是十", "5": "我", "9": "就", "X": "差"}
"""What a digit may be heard as besides, where nothing but digits was said: 我的号码是一三八 has
neither a five nor a four before its one."""
_X_SPELT = re.compile(r"[艾爱埃唉哎][克可][斯丝思]")
_PAUSES = re.compile(r"[\s,，.。、;；-]+")
_KEPT = re.compile(r"[0-9xX]")
_YES = (
    *(
        "是",
        "是的",
        "对",
        "对的",
        "对对",
        "对了",
        "没错",
        "没有错",
        "好",
        "好的",
        "可以",
        "行",
        "嗯",
    ),
    *("就是", "就是这样", "是这样", "正确", "确认", "没问题", "要得", "对头", "好了", "说完了"),
)
_NO = (
    *("不", "不是", "不对", "错", "错了", "不行", "不好", "不要", "不正确", "没有", "重来", "重说"),
    *("再来", "重新说", "重新来", "不是的", "不是这个", "不是这样", "说错了", "听错了"),
    *("不用", "不用了", "不需要", "算了"),
)
_ENDINGS = ("了", "的", "啊", "呀", "嘛", "吧", "呢")


def digits_in(text: str) -> str:
    """Return the digits that were said, with X for the check character of an identity number.

    What is no digit is left out; "" where none was said. Where everything sounds like digits it
    is taken by its sound, else only what is written as one.
    """
    said = _PAUSES.sub("", _X_SPELT.sub("叉", normalize(text[:200])))
    by_sound = [_heard(character) for character in said]
    if None not in by_sound:
        return "".join(digit for digit in by_sound if digit)
    return "".join(digit for character in said if (digit := _written(character)))


def is_digits_alone(text: str) -> bool:
    """Return whether nothing but digits was said, as they are written: 四, but not 是."""
    said = _PAUSES.sub("", normalize(text[:200]))
    return bool(said) and all(_written(character) for character in said)


def agreement_in(text: str) -> bool | None:
    """Return whether somebody said yes or no; None for anything else."""
    said = _sound(compact(normalize(text[:60])))
    readings = [said, *(said.removesuffix(ending) for ending in _sounds(_ENDINGS))]
    for answer, phrases in ((True, _sounds(_YES)), (False, _sounds(_NO))):
        if any(reading and reading in phrases for reading in readings):
            return answer
    return nearest(text, {True: _YES, False: _NO})


def agreement_phrases() -> tuple[str, ...]:
    """Return what yes and no are said with."""
    return (*_YES, *_NO)


def digit_phrases() -> tuple[str, ...]:
    """Return what digits are said with, each by itself."""
    return tuple(word for words in _SAID.values() for word in words)


def sounds_of_digit(text: str) -> bool:
    """Return whether anything that was said may have been a digit."""
    said = _PAUSES.sub("", _X_SPELT.sub("叉", normalize(text[:200])))
    return any(_heard(character) for character in said)


def _written(character: str) -> str | None:
    if _KEPT.fullmatch(character):
        return character.upper()
    return next((digit for digit, words in _SAID.items() if character in words), None)


def _heard(character: str) -> str | None:
    return _written(character) or _sounds_of_digits().get(_sound(character))


@lru_cache(maxsize=1)
def _sounds_of_digits() -> dict[str, str]:
    return {
        _sound(word): digit
        for table in (_SAID, _HEARD)
        for digit, words in table.items()
        for word in words
    }


@lru_cache(maxsize=16)
def _sounds(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_sound(phrase) for phrase in phrases)


@lru_cache(maxsize=4096)
def _sound(text: str) -> str:
    return folded_key(sound_key(text))
