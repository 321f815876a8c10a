"""Document numbers as people say them, and the documents that bear them.

The zone that is measured has few documents with such numbers, so the benchmark lays a hundred heads
of its own beside it, with neighbours that differ by a digit, a year or an agency.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from speech.numerals import cardinal, one_by_one

_PREFIXES = (
    "国发", "国办发", "国函", "国办函", "渝府发", "渝府办发", "渝府办", "渝财采", "渝办发",
    "涪陵府发", "綦江府办发", "北碚府发", "渝人社发", "渝财规", "渝民发", "渝教基发",
)  # fmt: skip
_CARRIERS = ("{}", "{}", "请问{}说的是什么", "我想查{}", "{}这个文件在哪里看", "帮我找{}")
_ASKED = 80
_BESIDE = 60


@dataclass(frozen=True)
class Numbered:
    """A document and how somebody asks for it."""

    number: str
    """As it is printed: 国办发〔2019〕36号."""
    said: str
    """As it is said: 我想查国办发二零一九年第三十六号."""


def asked_for() -> list[Numbered]:
    """Return the documents that are asked for by their number, always the same ones."""
    chance = random.Random(2019)
    made: dict[str, Numbered] = {}
    while len(made) < _ASKED:
        prefix = chance.choice(_PREFIXES)
        year, count = chance.randint(2008, 2026), chance.choice((chance.randint(1, 30), 36, 100))
        count = chance.choice((count, chance.randint(1, 250)))
        printed = f"{prefix}〔{year}〕{count}号"
        said = f"{prefix}{one_by_one(str(year))}{chance.choice(('年第', '年'))}{_spoken(count, chance)}号"
        made.setdefault(printed, Numbered(printed, chance.choice(_CARRIERS).format(said)))
    return list(made.values())


def beside() -> list[str]:
    """Return numbers of other documents: neighbours by number, by year and by agency."""
    chance = random.Random(2020)
    taken = {one.number for one in asked_for()}
    others: list[str] = []
    while len(others) < _BESIDE:
        near = chance.choice(sorted(taken))
        prefix, rest = near.split("〔")
        year, count = rest.removesuffix("号").split("〕")
        changed = (
            f"{prefix}〔{year}〕{int(count) + 1}号",
            f"{prefix}〔{int(year) - 1}〕{count}号",
            f"{chance.choice(_PREFIXES)}〔{year}〕{count}号",
        )
        number = chance.choice(changed)
        if number not in taken:
            taken.add(number)
            others.append(number)
    return others


def _spoken(count: int, chance: random.Random) -> str:
    """Return a number counted, or spelt where it has three digits, as both are heard."""
    if count >= 100 and chance.random() < 0.4:
        return one_by_one(str(count))
    return cardinal(count)
