"""Tones as they change in speech: 一, 不 and third tones before third tones.

pypinyin has rules for this, but leaves 一下 as yī xià and judges each run of third tones by its
last one only.
"""

from __future__ import annotations

from collections.abc import Sequence

_NUMERALS = set("零〇一二三四五六七八九十百千万亿")
_DIGITS = set("零〇一二三四五六七八九")
_RANKS = set("月日号级等楼层期类季条款项栋")
"""What 一 ranks rather than counts, and so keeps its own tone before: 一月, 一号, 一等奖."""


def spoken_tones(word_lengths: Sequence[int], characters: str, syllables: list[str]) -> list[str]:
    """Return syllables with the tones that neighbours give them.

    The syllables carry tone digits, one a character; words are given by their lengths in order.
    Source: GB/T 34145-2017 leaves these changes to speech; the rules are those of any primer.
    """
    ends: set[int] = set()
    single: set[int] = set()
    position = 0
    for length in word_lengths:
        if length == 1:
            single.add(position)
        position += length
        ends.add(position - 1)
    tones = [syllable[-1] for syllable in syllables]
    for index, character in enumerate(characters):
        if character == "一":
            tones[index] = _tone_of_one(characters, tones, index, ends, single)
        elif character == "不" and tones[index] != "5":
            tones[index] = "2" if tones[index + 1 : index + 2] == ["4"] else "4"
    was = list(tones)
    for index in range(len(tones) - 1):
        within = index not in ends or index in single
        if within and was[index] == was[index + 1] == "3":
            tones[index] = "2"
    return [syllable[:-1] + tone for syllable, tone in zip(syllables, tones, strict=True)]


def _tone_of_one(
    characters: str, tones: Sequence[str], index: int, ends: set[int], single: set[int]
) -> str:
    before = characters[index - 1] if index else ""
    after = characters[index + 1] if index + 1 < len(characters) else ""
    closes_a_word = index in ends and index not in single
    if not after or closes_a_word or after in _DIGITS or after in _RANKS:
        return "1"
    if before in _NUMERALS or before in {"第", "初"}:
        return "1"
    if before == after:
        return "5"  # 看一看
    return "2" if tones[index + 1] in "45" else "4"
