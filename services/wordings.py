"""What people say, put as documents say it. Pure work on text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.normalization import normalize


class Wordings:
    """Everyday words with the official terms for them, ready to be looked for in a question."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._official = {normalize(everyday): normalize(term) for everyday, term in pairs}
        # A term that is there already stays: 住房公积金 does not become 住房住房公积金.
        terms = {term: term for term in self._official.values()}
        self._put = terms | self._official
        words = sorted(filter(None, self._put), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words))) if words else None

    @property
    def words(self) -> frozenset[str]:
        """Every everyday word and every official term, normalized."""
        return frozenset(self._put)

    def official(self, text: str) -> str | None:
        """Return a question in official terms, None where that changes nothing.

        Each place of the text is replaced once, by the longest word that stands there: what came
        out of one replacement is never replaced again.
        """
        if self._pattern is None:
            return None
        asked = normalize(text)
        put = self._pattern.sub(lambda found: self._put[found[0]], asked)
        return put if put != asked else None
