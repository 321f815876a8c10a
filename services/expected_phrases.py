"""What is likely to be said where a short answer is expected, and which of it words sound most like.

A recogniser that can be held to phrases is given them; what any recogniser heard is compared with
them by sound. Words that are near to none, or to two of different meaning, mean none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from search.normalization import compact, normalize
from search.phonetic import likeness, sound_key

T = TypeVar("T")

_NEAR = 0.8
"""How much of a phrase must have been heard: of two syllables both, of three one may be half right."""
_LEAD = 0.15
"""How much nearer than any phrase of another meaning."""
_LONGEST = 12
_FILLERS = "呃额哦诶哎那"


def nearest(said: str, phrases: Mapping[T, Collection[str]]) -> T | None:
    """Return the meaning whose phrase sounds most like what was said, None where none clearly does."""
    sound = sound_key(compact(normalize(said[:60])).lstrip(_FILLERS))
    if not 0 < len(sound) <= _LONGEST:
        return None
    scores = {
        meaning: max((_alike(sound, _sound(phrase)) for phrase in ways), default=0.0)
        for meaning, ways in phrases.items()
    }
    ranked = sorted(scores, key=lambda meaning: scores[meaning], reverse=True)
    if not ranked or scores[ranked[0]] < _NEAR:
        return None
    if len(ranked) > 1:
        first, second = (scores[meaning] for meaning in ranked[:2])
        # What sounds exactly alike is meant: 多少钱 is not 多少天, near as they are.
        if first == second or (first < 1 and first - second < _LEAD):
            return None
    return ranked[0]


def _alike(one: str, other: str) -> float:
    """Return how alike two sounds are, 0 to 1, syllable by syllable; one left out counts in full."""
    longest = max(len(one), len(other))
    if not longest or abs(len(one) - len(other)) > longest * (1 - _NEAR):
        return 0.0
    row: Sequence[float] = range(len(other) + 1)
    for at, syllable in enumerate(one, 1):
        following = [float(at)]
        for place, expected in enumerate(other, 1):
            changed = row[place - 1] + 1 - likeness(syllable, expected)
            following.append(min(changed, row[place] + 1, following[-1] + 1))
        row = following
    return 1 - row[-1] / longest


@lru_cache(maxsize=4096)
def _sound(phrase: str) -> str:
    return sound_key(compact(normalize(phrase)))
