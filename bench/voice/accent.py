"""Mandarin as it is spoken in Sichuan and Chongqing: pinyin with what is merged there merged.

Everybody says zh as z, ch as c, sh as s, n as l, ing as in, eng as en and hu as fu; half of the
speakers also say hua, hui, huan, hun and huang with an f. Tones keep their classes and change their
contours: Chongqing's 55, 21, 42 and 24 are put as the nearest of Mandarin's four. Words of the
dialect's own (啥子, 要得) are not put in: this is how somebody reads an official question aloud.
"""

from __future__ import annotations

import re

from speech.pronunciation import Word

_SYLLABLE = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?([a-zü]+)([1-5])$")
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
_FINALS = {"ing": "in", "eng": "en"}
_TONES = {"1": "1", "2": "3", "3": "4", "4": "2", "5": "5"}
_F_FOR_HU = {"ua": "a", "ui": "ei", "uan": "an", "un": "en", "uang": "ang"}


def accented(said: list[Word], *, f_for_hu: bool) -> list[Word]:
    """Return words with the syllables that a speaker from Sichuan gives them.

    `f_for_hu` is whether this speaker says fa for hua. Pauses and letters stay as they are.
    """
    return [tuple(accented_syllable(sound, f_for_hu=f_for_hu) for sound in word) for word in said]


def accented_syllable(syllable: str, *, f_for_hu: bool) -> str:
    """Return one syllable, "zhong4", as it is said there: "zong2"."""
    match = _SYLLABLE.match(syllable)
    if match is None:
        return syllable
    initial, final, tone = match[1] or "", match[2], match[3]
    if initial == "h" and final == "u":
        initial = "f"
    elif initial == "h" and f_for_hu and final in _F_FOR_HU:
        initial, final = "f", _F_FOR_HU[final]
    return f"{_INITIALS.get(initial, initial)}{_FINALS.get(final, final)}{_TONES[tone]}"
