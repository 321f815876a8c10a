"""What stands in the text of a letter, read as the law would: citations, periods, ways to court.

Wording differs from agency to agency, so that it is read by its numbers and terms of art, never
compared with a model sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
}
_NUMBERED = re.compile(
    r"(?<=第)[〇零一二三四五六七八九十]+(?=[条款项])|(?<=第\()[〇零一二三四五六七八九十]+(?=\)项)|"
    r"[〇零一二两三四五六七八九十]+(?=个?工作日|个月|月之?内|日之?内|天)"
)
_CITED = re.compile(r"第(\d+)条(?:第(\d+)款)?(?:第\(?(\d+)\)?项)?")
_AFTER_REVIEW = re.compile(r"(?:对|不服|收到)(?:行政)?复议决定[^。;\n]*?(?:诉讼|起诉)")
_REGULATION = "政府信息公开条例"
_SENTENCE = re.compile(r"[^。;!?\n]*[。;!?\n]?")


@dataclass(frozen=True)
class Citation:
    """A place in the regulation that a text cites."""

    number: int
    paragraph: int | None
    item: int | None
    sentence: str


@dataclass(frozen=True)
class LetterText:
    """A text, and what can be read from it."""

    original: str

    @cached_property
    def plain(self) -> str:
        """The text in one width, without blanks, with Arabic numbers where numbers count."""
        text = unicodedata.normalize("NFKC", self.original)
        text = re.sub(r"[^\S\n]+", "", text)
        return _NUMBERED.sub(lambda found: str(_number(found.group())), text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences."""
        return tuple(found for found in _SENTENCE.findall(self.plain) if found.strip())

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The articles of the regulation that it cites; those of other laws are left out."""
        found = []
        for sentence in self.sentences:
            for cited in _CITED.finditer(sentence):
                if _is_of_regulation(sentence[: cited.start()]):
                    number, paragraph, item = (
                        int(part) if part else None for part in cited.groups()
                    )
                    assert number is not None
                    found.append(Citation(number, paragraph, item, sentence))
        return tuple(found)

    def cites(self, number: int, paragraph: int | None = None, item: int | None = None) -> bool:
        """Return whether it cites a place in the regulation, at least as exactly."""
        return any(
            one.number == number
            and (paragraph is None or one.paragraph == paragraph)
            and (item is None or one.item == item)
            for one in self.citations
        )

    @cached_property
    def other_laws(self) -> tuple[str, ...]:
        """The laws that it names besides the regulation and those of remedies."""
        return tuple(
            name
            for name in re.findall(r"《([^》]+)》", self.plain)
            if not any(word in name for word in (_REGULATION, "行政复议法", "行政诉讼法"))
        )

    def has(self, pattern: str) -> bool:
        """Return whether a pattern is found in it."""
        return re.search(pattern, self.plain) is not None

    @property
    def tells_of_review(self) -> bool:
        """Whether it says that a review can be applied for."""
        return self.has("行政复议")

    @property
    def asks_for_review_first(self) -> bool:
        """Whether it says 复议前置: that the review comes first."""
        return self.has(
            r"(?<![不无毋])(?:应当?|必须|须|需)[^。;\n]{0,12}先(?:行|依法)?[^。;\n]{0,30}?"
            r"(?:申请|提起|提出|经过?)行政复议|(?<![非不])(?<!不适用)(?<!不属于)复议前置"
        )

    @cached_property
    def direct_suits(self) -> tuple[str, ...]:
        """The sentences that offer a lawsuit without a review before it."""
        return tuple(
            sentence
            for sentence in self.sentences
            if re.search(r"诉讼|起诉", sentence)
            and (
                re.search(r"\d+个?月[^。;\n]{0,120}(?:诉讼|起诉)", sentence)
                or re.search(
                    r"(?:或者?|也可以?|亦可|直接)[^。;\n]{0,120}(?:诉讼|起诉)|"
                    r"可以?(?:依法)?向[^。;\n]{0,80}法院[^。;\n]{0,10}(?:诉讼|起诉)",
                    _AFTER_REVIEW.sub("", sentence),
                )
            )
        )

    @property
    def offers_suit_in_six_months(self) -> bool:
        """Whether it gives the six months for a lawsuit."""
        return any(
            re.search(r"(?<!\d)6个?月", sentence) is not None for sentence in self.direct_suits
        )

    @property
    def offers_suit_after_review(self) -> bool:
        """Whether it gives the 15 days for a lawsuit over a decision on review."""
        return self.has(r"复议决定[^。\n]{0,80}(?<!\d)15日[^。\n]{0,80}(?:诉讼|起诉)")

    @cached_property
    def review_periods(self) -> tuple[str, ...]:
        """The periods that it gives for applying for a review."""
        return tuple(
            re.findall(
                r"(\d+个?(?:工作日|日|天|月))之?内?[^。;,\n]{0,160}?(?:申请|提起|提出)行政复议",
                self.plain,
            )
        )

    @cached_property
    def suit_periods(self) -> tuple[str, ...]:
        """The periods in months that it gives for a lawsuit."""
        return tuple(
            found
            for sentence in self.direct_suits
            for found in re.findall(r"(?<!\d)(\d+)个?月[^。;\n]{0,120}?(?:诉讼|起诉)", sentence)
        )

    @cached_property
    def reviewers(self) -> tuple[str, ...]:
        """Whom it names as the body that a review is applied for at."""
        return tuple(
            re.findall(
                r"向([^。,;:\n]{2,80}?(?:\([^)]*\))?)(?:依法)?(?:申请|提起|提出)行政复议",
                self.plain,
            )
        )


def _is_of_regulation(before: str) -> bool:
    """Return whether an article that follows some words is one of the regulation."""
    named = re.findall(r"《([^》]+)》", before)
    return not named or named[-1] == "条例" or _REGULATION in named[-1]


def _number(chinese: str) -> int:
    if "十" in chinese:
        tens, _, ones = chinese.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    number = 0
    for character in chinese:
        number = number * 10 + _DIGITS[character]
    return number
