"""Finding what somebody typed in a text, whichever width, case and characters either is written in."""

from __future__ import annotations

from functools import lru_cache

from search.normalization import normalize

LONGEST_SOUGHT = 100


class Sought:
    """A text that is looked for."""

    def __init__(self, text: str) -> None:
        self._text = "".join(letters for letters, _ in _letters(text[:LONGEST_SOUGHT]))

    def places_in(self, text: str) -> list[tuple[int, int]]:
        """Return where it begins and ends in a text, in order. Blanks count for nothing."""
        if not self._text:
            return []
        letters: list[str] = []
        origins: list[int] = []
        for written, origin in _letters(text):
            letters.append(written)
            origins += [origin] * len(written)
        plain = "".join(letters)
        places: list[tuple[int, int]] = []
        at = plain.find(self._text)
        while at >= 0:
            end = at + len(self._text)
            places.append((origins[at], origins[end - 1] + 1))
            at = plain.find(self._text, end)
        return places


def _letters(text: str) -> list[tuple[str, int]]:
    """Return each character as search spells it, with its place; blanks are left out."""
    return [(_letter(c), place) for place, c in enumerate(text) if not c.isspace()]


@lru_cache(maxsize=20_000)
def _letter(character: str) -> str:
    return normalize(character)
