"""Words that steer the kiosk instead of asking something: 再说一遍, 慢一点, 第二个.

They are compared by sound, without tones and with the usual confusions made one, because a
recogniser writes 在说一边 as readily as 再说一遍. Only a whole utterance counts: 工作人员有哪些职责
is a question, not a call for help.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from functools import lru_cache

from search.normalization import compact, normalize
from search.phonetic import folded_key, sound_key
from search.schema import pairs_of
from services.expected_phrases import nearest


class Command(StrEnum):
    """What a visitor may say instead of a question."""

    REPEAT = "repeat"
    SLOWER = "slower"
    LOUDER = "louder"
    MORE = "more"
    BACK = "back"
    HELP = "help"


_PHRASES: dict[Command, tuple[str, ...]] = {
    Command.REPEAT: (
        *("再说一遍", "再说一次", "再讲一遍", "再念一遍", "再读一遍", "再听一遍", "再来一遍"),
        *("重复一遍", "重复一次", "重复", "没听清", "没听清楚", "没有听清", "你说什么", "说什么"),
    ),
    Command.SLOWER: (
        "慢一点",
        "慢点",
        "慢点说",
        "慢一点说",
        "说慢一点",
        "说慢点",
        "慢些",
        "太快了",
    ),
    Command.LOUDER: (
        *("大声点", "大声一点", "大点声", "大一点声", "大声", "大声些", "声音大一点", "声音大点"),
        *("声音太小", "声音太小了", "听不见", "听不到", "说大声点", "声音再大一点"),
    ),
    Command.MORE: ("继续", "继续说", "继续讲", "接着说", "往下说", "往下讲", "还有呢", "还有吗"),
    Command.BACK: ("返回", "返回首页", "回首页", "回到首页", "退出", "重新开始", "重新问", "回去"),
    Command.HELP: (
        *("工作人员帮忙", "工作人员", "叫工作人员", "找工作人员", "工作人员帮助", "叫人帮忙"),
        *(
            "工作人员来一下",
            "工作人员过来",
            "人工",
            "转人工",
            "人工服务",
            "帮忙",
            "找人帮忙",
            "叫人",
        ),
        *("请人帮忙", "找个人", "叫个人来", "工作人员帮帮我", "帮帮我"),
    ),
}
_LEADING = (
    *("请您", "请你", "请", "麻烦您", "麻烦你", "麻烦", "我要", "我想", "那就", "你", "您", "帮我"),
    *("找", "叫"),
)
_TRAILING = ("一下", "谢谢", "吧", "啊", "呀", "嘛", "呢", "好吗", "行吗", "可以吗", "了")
_ORDINALS: tuple[tuple[str, ...], ...] = (
    ("第一个", "第一", "第一项", "第一条", "选第一个", "选一", "一", "1", "第1个", "上面那个"),
    ("第二个", "第二", "第二项", "第二条", "选第二个", "选二", "二", "2", "第2个", "两个"),
    ("第三个", "第三", "第三项", "第三条", "选第三个", "选三", "三", "3", "第3个"),
)
_NEAR_ORDINALS = tuple(tuple(p for p in phrases if len(p) > 2) for phrases in _ORDINALS)
"""第一个 may be half wrong; 第一 may not."""
_LAST = ("最后一个", "最后一项", "最下面那个", "选最后一个")
_LONG_ENOUGH_TO_BLUR = 5
"""Syllables from which one wrong syllable is forgiven."""
_TITLE_SHARE = 0.6
"""Part of what was said that must be found in the title of the choice."""
_TITLE_LEAD = 0.2
"""How much better than the next choice it must fit."""


def command_in(text: str) -> Command | None:
    """Return the command that the words are, None when they are something else."""
    for said in _without_manners(_sound(text)):
        for command, phrases in _phrase_sounds():
            if any(_same(said, phrase) for phrase in phrases):
                return command
    return None


def command_near(text: str, commands: Collection[Command]) -> Command | None:
    """Return the command among a few that words sound most like, where a short answer is expected.

    Where anything may be asked, command_in is stricter.
    """
    found = command_in(text)
    if found is not None:
        return found if found in commands else None
    return nearest(text, {command: _PHRASES[command] for command in commands})


def command_phrases(commands: Collection[Command] = tuple(Command)) -> tuple[str, ...]:
    """Return what some commands are said with."""
    return tuple(phrase for command in commands for phrase in _PHRASES[command])


def choice_phrases(titles: Sequence[str]) -> tuple[str, ...]:
    """Return what one of the offered choices is chosen with, by its place or its title."""
    by_place = (phrase for phrases in _ORDINALS[: len(titles)] for phrase in phrases)
    in_words = (phrase for phrase in by_place if not any(c.isdigit() for c in phrase))
    return (*in_words, *_LAST, *(compact(normalize(title)) for title in titles))


def choice_in(text: str, titles: Sequence[str]) -> int | None:
    """Return which of the offered choices the words mean, counted from 0; None for none.

    A choice is meant by its place (第二个) or by enough of its own words.
    """
    said = _without_manners(_sound(text))
    for place, phrases in enumerate(_ORDINALS[: len(titles)]):
        if any(one in {_sound(phrase) for phrase in phrases} for one in said):
            return place
    if titles and any(one in {_sound(phrase) for phrase in _LAST} for one in said):
        return len(titles) - 1
    by_words = _choice_by_words(_sound(text), [_sound(title) for title in titles])
    if by_words is not None:
        return by_words
    return nearest(text, dict(enumerate(_NEAR_ORDINALS[: len(titles)])))


def _choice_by_words(said: str, titles: list[str]) -> int | None:
    pairs = set(pairs_of(said))
    if not pairs:
        return None
    shares = [len(pairs.intersection(pairs_of(title))) / len(pairs) for title in titles]
    ranked = sorted(range(len(titles)), key=lambda place: shares[place], reverse=True)
    if not ranked or shares[ranked[0]] < _TITLE_SHARE:
        return None
    if len(ranked) > 1 and shares[ranked[0]] - shares[ranked[1]] < _TITLE_LEAD:
        return None
    return ranked[0]


@lru_cache(maxsize=4096)
def _sound(text: str) -> str:
    return folded_key(sound_key(compact(normalize(text[:200]))))


@lru_cache(maxsize=1)
def _phrase_sounds() -> list[tuple[Command, frozenset[str]]]:
    return [(command, frozenset(map(_sound, phrases))) for command, phrases in _PHRASES.items()]


def _without_manners(said: str) -> list[str]:
    """Return what was said, and the same without 请 before and 吧 after."""
    readings = [said]
    for words in _LEADING:
        opening = _sound(words)
        readings += [one.removeprefix(opening) for one in readings if one.startswith(opening)]
    for words in _TRAILING:
        ending = _sound(words)
        readings += [one.removesuffix(ending) for one in readings if one.endswith(ending)]
    return [one for one in dict.fromkeys(readings) if one]


def _same(said: str, phrase: str) -> bool:
    if said == phrase:
        return True
    if len(said) != len(phrase) or len(phrase) < _LONG_ENOUGH_TO_BLUR:
        return False
    return sum(a != b for a, b in zip(said, phrase, strict=True)) == 1
