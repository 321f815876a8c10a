"""What was likely said, in the library's own writing.

A recogniser that does not know a word writes others of its sound: 角纳驻防攻击敬 for 缴纳住房公积金. The
library writes 缴纳, 住房 and 公积金; which of the characters that sound alike stand side by side
there says what was likely meant. It makes sentences that nobody said, so nobody is shown them: they
are only looked for, beside what was heard.

A noisy channel with the library's neighbouring pairs as its language, decoded by Viterbi's method
with a beam. Source of the weights: docs/decisions/0171-repair.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from search.confusions import character_distance
from search.finding import Finder
from search.normalization import compact
from search.phonetic import near_sounds, sound_key
from search.words import said_clearly

_LONGEST = 60
"""Characters that are rewritten; what comes after them stays as it was heard."""
_FARTHEST = 0.25
"""How far a character may be from the one that was heard."""
_OF_DISTANCE, _OF_CHANGE = 8.0, 1.5
"""What distance, and any change at all, cost in logarithms of how often a pair is written."""
_UNWRITTEN = 0.05
"""How often a pair that is written nowhere is taken to be."""
_BEAM = 40
_NEVER = math.log(_UNWRITTEN)


def _characters() -> Iterable[str]:
    """Return the characters that plain text is written with, those of GB 2312."""
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            yield from bytes((high, low)).decode("gb2312", errors="ignore")


class Writing:
    """How the library writes: which character after which, and which are of one sound."""

    def __init__(self, pairs: Iterable[tuple[str, int]] = ()) -> None:
        self._likely = {pair: math.log(entries + _UNWRITTEN) for pair, entries in pairs}
        of_sound: dict[str, set[str]] = defaultdict(set)
        for pair in self._likely:
            of_sound[sound_key(pair[1])].add(pair[1])
            of_sound[sound_key(pair[0])].add(pair[0])
        self._of_sound = {sound: sorted(alike) for sound, alike in of_sound.items()}
        self._heard_for = lru_cache(maxsize=8_000)(self._sounding_like)

    @classmethod
    def of(cls, finder: Finder) -> Writing:
        """Return how what a finder finds is written. A quarter of a second: not on the loop."""
        return cls(
            (first + second, entries)
            for first in _characters()
            for second, entries in finder.written_after(first)
        )

    def rewritten(self, heard: str) -> str:
        """Return what was likely said for a normalized text that was heard, without punctuation.

        As many characters as were heard; about five milliseconds.
        """
        characters = compact(heard)
        text, rest = characters[:_LONGEST], characters[_LONGEST:]
        paths = [(0.0, "", "")]
        for character, is_clear in zip(text, said_clearly(text), strict=True):
            alike = ((character, 0.0),) if is_clear else self._heard_for(character)
            paths = sorted(self._longer(paths, alike), reverse=True)[:_BEAM]
        return paths[0][2] + rest

    def _longer(
        self, paths: list[tuple[float, str, str]], alike: tuple[tuple[str, float], ...]
    ) -> Iterator[tuple[float, str, str]]:
        """Give for each character that may come next the best path to it."""
        likely = self._likely
        for character, cost in alike:
            best, before = -math.inf, ""
            for score, last, path in paths:
                linked = score + likely.get(last + character, _NEVER) if last else score
                if linked > best:
                    best, before = linked, path
            yield best - cost, character, before + character

    def _sounding_like(self, character: str) -> tuple[tuple[str, float], ...]:
        """Return the characters that one may be heard for, itself first, each with its cost."""
        found = {character: 0.0}
        for sound, _ in near_sounds(sound_key(character)):
            for other in self._of_sound.get(sound, ()):
                apart = character_distance(character, other)
                if other != character and apart <= _FARTHEST:
                    found[other] = _OF_DISTANCE * apart + _OF_CHANGE
        return tuple(found.items())
