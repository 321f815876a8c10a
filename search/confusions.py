"""A sound model of Mandarin as it is heard: how far apart two syllables, or two characters, are.

A recogniser and an accent confuse the same things: initials and finals that are made nearly alike.
Each pair has a cost; what is not tabled is another sound. Sichuan and Chongqing speech makes no
difference at all between some of them (n/l, zh/z, ch/c, sh/s, in/ing, en/eng, hu/f): those cost
next to nothing. Tones cost least, because recognisers get them wrong first.

Source of the merges: the phonology of Chengdu-Chongqing Mandarin (成渝片), as the design card and
`sichuan-pinyin` have it. The other costs are by ear, set once and not tuned on any recording.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT

OTHER_INITIAL, OTHER_FINAL = 0.5, 0.6
"""The cost of two initials, or finals, that nobody confuses; both together make another syllable."""
OTHER_TONE = 0.03
_OTHER_READING = 0.05
"""What it costs that a character is seldom read so: 重 in 重庆 is chóng, in 重要 zhòng."""
_MERGED = 0.07
"""One sound in the speech of many: two such in one syllable still leave it nearly the same."""

_INITIALS = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)$")
_INITIAL_COSTS = (
    # Sichuan and Chongqing, and much of the south.
    *(("n", "l", _MERGED), ("zh", "z", _MERGED), ("ch", "c", _MERGED), ("sh", "s", _MERGED)),
    *(("r", "l", 0.15), ("r", "z", 0.2), ("r", "y", 0.2), ("h", "f", 0.15)),
    # Made at one place, with more or less breath.
    *(("b", "p", 0.2), ("d", "t", 0.2), ("g", "k", 0.2), ("j", "q", 0.2), ("zh", "ch", 0.2)),
    *(("z", "c", 0.2), ("ch", "sh", 0.25), ("c", "s", 0.25), ("q", "x", 0.2), ("j", "x", 0.3)),
    # Drawn together before i: 知/机, 吃/七, 是/西.
    *(("zh", "j", 0.25), ("z", "j", 0.25), ("ch", "q", 0.25), ("c", "q", 0.25)),
    *(("sh", "x", 0.25), ("s", "x", 0.25), ("z", "s", 0.3), ("zh", "sh", 0.3)),
    *(("m", "n", 0.3), ("d", "l", 0.3), ("n", "d", 0.35), ("b", "m", 0.35), ("f", "w", 0.3)),
    *(("y", "", 0.1), ("w", "", 0.1), ("g", "h", 0.35), ("k", "h", 0.3), ("h", "", 0.3)),
    *(("h", "w", 0.3), ("y", "j", 0.35), ("d", "g", 0.35), ("t", "k", 0.35), ("b", "d", 0.35)),
)
_FINAL_COSTS = (
    # Sichuan and Chongqing.
    *(("in", "ing", _MERGED), ("en", "eng", _MERGED), ("an", "ang", 0.15), ("o", "e", 0.15)),
    *(("ian", "iang", 0.2), ("uan", "uang", _MERGED), ("eng", "ong", 0.1), ("e", "uo", 0.15)),
    *(("o", "uo", _MERGED), ("ui", "ei", 0.15), ("un", "en", 0.15), ("ue", "uo", 0.2)),
    *(("ai", "e", 0.3), ("u", "v", 0.25), ("i", "v", 0.2), ("ie", "ai", 0.35), ("v", "ve", 0.35)),
    # Near to each other in anybody's mouth.
    *(("ian", "in", 0.25), ("ian", "an", 0.3), ("iang", "ang", 0.3), ("un", "ong", 0.2)),
    *(("ong", "iong", 0.25), ("ei", "ai", 0.25), ("ei", "i", 0.3), ("ie", "ei", 0.3)),
    *(("ao", "ou", 0.25), ("iao", "ao", 0.25), ("iao", "iu", 0.3), ("iu", "ou", 0.25)),
    *(("a", "ia", 0.2), ("a", "ua", 0.2), ("ua", "uo", 0.3), ("uai", "ai", 0.25), ("e", "i", 0.35)),
    *(("ie", "ue", 0.25), ("ie", "ian", 0.3), ("e", "ei", 0.3), ("e", "a", 0.35), ("u", "ou", 0.3)),
    *(("u", "o", 0.25), ("un", "in", 0.25), ("un", "uan", 0.3), ("uan", "an", 0.25)),
    *(("uang", "ang", 0.25), ("ang", "ong", 0.3), ("an", "en", 0.25), ("ang", "eng", 0.25)),
    *(("en", "in", 0.25), ("eng", "ing", 0.25), ("i", "in", 0.3), ("i", "ie", 0.3)),
    *(("i", "u", 0.35), ("er", "e", 0.2), ("ao", "a", 0.35), ("an", "ai", 0.3), ("a", "an", 0.3)),
)
_SAME_FINAL = {("f", "uang"): "ang", ("f", "uan"): "an", ("f", "ui"): "ei", ("f", "un"): "en",
               ("f", "ua"): "a"}  # fmt: skip
"""湖 hu is fu and 黄 huang is fang: where h becomes f, the u goes."""


def _both_ways(table: tuple[tuple[str, str, float], ...]) -> dict[tuple[str, str], float]:
    return {pair: cost for a, b, cost in table for pair in ((a, b), (b, a))}


_INITIAL_COST = _both_ways(_INITIAL_COSTS)
_FINAL_COST = _both_ways(_FINAL_COSTS)


def parts(syllable: str) -> tuple[str, str]:
    """Return the initial, perhaps "", and the final of a toneless syllable."""
    match = _INITIALS.match(syllable)
    assert match is not None, "every syllable has an initial, perhaps empty, and a final"
    initial, final = match[1] or "", match[2]
    # ju, qu, xu, yu are written with u and said with ü.
    if initial in {"j", "q", "x", "y"} and final.startswith("u") and final != "uo":
        final = {"u": "v", "ue": "ue", "un": "un", "uan": "uan"}.get(final, final)
    return initial, final


@lru_cache(maxsize=100_000)
def syllable_distance(one: str, other: str) -> float:
    """Return how far apart two toneless syllables are: 0 for the same, 1 for quite another."""
    if one == other:
        return 0.0
    (initial_1, final_1), (initial_2, final_2) = parts(one), parts(other)
    cost = _cost(initial_1, final_1, initial_2, final_2)
    for first, second in (((initial_1, final_1), (initial_2, final_2)),
                          ((initial_2, final_2), (initial_1, final_1))):  # fmt: skip
        if first[0] == "h" and second[0] == "f" and first[1].startswith("u"):
            bare = _SAME_FINAL.get(("f", first[1]), first[1])
            cost = min(cost, _MERGED + _part(bare, second[1], _FINAL_COST, OTHER_FINAL))
    return min(1.0, cost)


def _cost(initial_1: str, final_1: str, initial_2: str, final_2: str) -> float:
    return _part(initial_1, initial_2, _INITIAL_COST, OTHER_INITIAL) + _part(
        final_1, final_2, _FINAL_COST, OTHER_FINAL
    )


def _part(one: str, other: str, costs: dict[tuple[str, str], float], otherwise: float) -> float:
    return 0.0 if one == other else costs.get((one, other), otherwise)


@lru_cache(maxsize=200_000)
def character_distance(one: str, other: str) -> float:
    """Return how far apart two characters sound, 0 for one and the same, at most 1.

    Homophones are a tone or a hair apart. Letters and digits are alike only when equal.
    """
    if one == other:
        return 0.0
    readings_1, readings_2 = _readings(one), _readings(other)
    if not readings_1 or not readings_2:
        return 1.0
    return min(
        min(1.0, syllable_distance(syllable_1, syllable_2) + OTHER_TONE * (tone_1 != tone_2))
        + _OTHER_READING * (place_1 > 0 or place_2 > 0)
        for place_1, (syllable_1, tone_1) in enumerate(readings_1)
        for place_2, (syllable_2, tone_2) in enumerate(readings_2)
    )


@lru_cache(maxsize=50_000)
def _readings(character: str) -> tuple[tuple[str, str], ...]:
    """Return the two commonest readings of a character, each as its syllable and its tone mark."""
    if not "一" <= character <= "鿿":
        return ()
    readings = PINYIN_DICT.get(ord(character), "").split(",")[:2]
    return tuple(map(_syllable, filter(None, readings)))


def _syllable(reading: str) -> tuple[str, str]:
    marks = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return (
        "".join(c for c in marks if "a" <= c <= "z"),
        "".join(c for c in marks if "\u0300" <= c <= "\u036f"),
    )
