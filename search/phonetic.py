"""Chinese text by its sound: what was misheard is still found.

Every syllable is written as one private-use character, so that sound strings are compared, cut
and indexed as fast as text. Tones are left out: recognisers get them wrong first.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT

from search.confusions import parts, syllable_distance

_FIRST_CODE = 0xE000
_NEAR = 0.36
"""How far apart two syllables are at most of which one is heard for the other."""
_FOLDED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
_FOLDED_FINALS = {"ing": "in", "eng": "en", "ang": "an", "iang": "ian", "uang": "uan"}


@lru_cache(maxsize=1)
def _syllables() -> dict[int, str]:
    """Return the usual toneless syllable of each character, by code point."""
    return {code: _toneless(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}


def _toneless(reading: str) -> str:
    bare = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in bare if "a" <= c <= "z")


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {s: chr(_FIRST_CODE + i) for i, s in enumerate(sorted(set(_syllables().values())))}


@lru_cache(maxsize=1)
def _sound_table() -> dict[int, str]:
    codes = _codes()
    return {code: codes[syllable] for code, syllable in _syllables().items()}


@lru_cache(maxsize=1)
def _fold_table() -> dict[int, str]:
    codes = _codes()
    return {ord(codes[s]): codes.get(_folded(s), codes[s]) for s in codes}


def _folded(syllable: str) -> str:
    """Return the syllable with the distinctions left out that many speakers do not make.

    zh/z, ch/c, sh/s, n/l, r/l, ing/in, eng/en, ang/an; hu and f before a vowel (Sichuan).
    """
    initial, final = parts(syllable)
    if initial == "h" and final.startswith("u") and len(final) > 1:
        initial, final = "f", final[1:] if final[1:] in {"a", "an", "ang", "ei", "en"} else final
    return _FOLDED_INITIALS.get(initial, initial) + _FOLDED_FINALS.get(final, final)


def sound_key(text: str) -> str:
    """Return the sound of a normalized text: sound_key("社保") == sound_key("设保")."""
    return text.translate(_sound_table())


def folded_key(sound: str) -> str:
    """Return a sound key with easily confused sounds made one: 四十 and 是十 are the same."""
    return sound.translate(_fold_table())


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """Return how alike two single sounds are, 0 for quite another to 1 for the same.

    At least 0.85 when only common confusions apart. Letters and digits are alike only when equal.
    """
    if one == other:
        return 1.0
    names = _names()
    if one not in names or other not in names:
        return 0.0
    return 1.0 - syllable_distance(names[one], names[other])


@lru_cache(maxsize=4_096)
def near_sounds(sound: str) -> tuple[tuple[str, float], ...]:
    """Return the sounds that one may be heard for, itself first, each with how far apart they are.

    () for letters, digits and anything else that is no syllable.
    """
    names = _names()
    if sound not in names:
        return ()
    apart = ((other, syllable_distance(names[sound], names[other])) for other in names)
    return tuple(sorted(((o, d) for o, d in apart if d <= _NEAR), key=lambda one: one[1]))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {code: syllable for syllable, code in _codes().items()}
