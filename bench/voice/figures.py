"""Figures: how far what was heard is from what was said, and how often the right thing follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from bench.report import percentile
from bench.voice.deciding import Outcome
from search.normalization import compact, normalize
from speech.written_text import written_form

RANKS = (1, 3, 10)


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many must be put in, taken out or replaced to make one the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def letters(text: str) -> str:
    """Return what of a text counts as heard or not: characters, letters and digits as written."""
    return compact(normalize(written_form(text)))


class Group(msgspec.Struct, frozen=True):
    """What was measured on some questions."""

    questions: int
    cer: float
    hits: dict[str, list[float]]
    """For each way of finding, "ours", "characters" and "characters+sounds", typed and spoken:
    "ours, typed" and so on; the shares found among the first 1, 3 and 10. "answer by ours, typed"
    is the same where only the answer can be found, not the question."""
    outcomes: dict[str, int]
    hearing_ms: float
    """Median, from the end of the speech to the words, on the machine as busy as it was."""
    repair_ms: float
    """Median, from the words as heard to the words as meant; a part of the next."""
    deciding_ms: float
    """Median, from the words to the reply."""

    def ratio(self, way: str = "ours", place: int = -1) -> float:
        """Return the share found spoken as a part of that found typed, among the first ten."""
        typed = self.hits[f"{way}, typed"][place]
        return self.hits[f"{way}, spoken"][place] / typed if typed else 0.0

    def share(self, *outcomes: Outcome) -> float:
        """Return how many questions ended so."""
        return sum(self.outcomes.get(o.value, 0) for o in outcomes) / max(1, self.questions)


@dataclass
class One:
    """What was measured on one question."""

    errors: int
    length: int
    ranks: dict[str, int]
    """For each way of finding the place of the right entry, from 1, 0 for not among ten."""
    outcome: Outcome
    hearing_s: float
    repair_s: float
    deciding_s: float


@dataclass
class Tally:
    """Questions as they are measured."""

    ones: list[One] = field(default_factory=list)

    def group(self) -> Group:
        """Return the figures of what was measured; there must be something."""
        ways = self.ones[0].ranks
        return Group(
            questions=len(self.ones),
            cer=sum(one.errors for one in self.ones) / sum(one.length for one in self.ones),
            hits={way: [self._share(way, rank) for rank in RANKS] for way in ways},
            outcomes=dict(Counter(one.outcome.value for one in self.ones)),
            hearing_ms=percentile([one.hearing_s for one in self.ones], 50) * 1000,
            repair_ms=percentile([one.repair_s for one in self.ones], 50) * 1000,
            deciding_ms=percentile([one.deciding_s for one in self.ones], 50) * 1000,
        )

    def _share(self, way: str, rank: int) -> float:
        return sum(0 < one.ranks[way] <= rank for one in self.ones) / len(self.ones)
