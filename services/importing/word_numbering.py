"""The numbers that Word draws before list paragraphs and does not store in their text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from docx.text.paragraph import Paragraph

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
}  # fmt: skip


class Numbering:
    """Counts through one document; label() must see every paragraph once, in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract_of: dict[str, str] = {}
        self._counts: defaultdict[tuple[str, int], int] = defaultdict(int)
        part = next((r.target_part for r in document.part.rels.values()
                     if r.reltype.endswith("/numbering")), None)  # fmt: skip
        if part is not None:
            self._read(part.element)

    def _read(self, root: Any) -> None:
        for abstract in root.findall(f"{_W}abstractNum"):
            for level in abstract.findall(f"{_W}lvl"):
                key = (abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl")))
                start = _value(level, "start", "1")
                form, text = _value(level, "numFmt", "decimal"), _value(level, "lvlText", "")
                self._levels[key] = (form, text, int(start))
        for num in root.findall(f"{_W}num"):
            self._abstract_of[num.get(f"{_W}numId")] = _value(num, "abstractNumId", "")

    def label(self, paragraph: Paragraph) -> str:
        """Return the number Word draws before a paragraph, "" for a bullet or none."""
        place = self._place(paragraph)
        if place is None or (self._abstract_of.get(place[0], ""), place[1]) not in self._levels:
            return ""
        abstract, depth = self._abstract_of[place[0]], place[1]
        form, text, _ = self._levels[abstract, depth]
        self._counts[abstract, depth] += 1
        for deeper in range(depth + 1, 9):
            self._counts[abstract, deeper] = 0
        if form in {"bullet", "none"}:
            return ""
        return re.sub(r"%(\d)", lambda m: self._shown(abstract, int(m[1]) - 1), text)

    def _shown(self, abstract: str, depth: int) -> str:
        form, _, start = self._levels.get((abstract, depth), ("decimal", "", 1))
        value = start + max(self._counts[abstract, depth], 1) - 1
        return _chinese(value) if form in _CHINESE else str(value)

    @staticmethod
    def _place(paragraph: Paragraph) -> tuple[str, int] | None:
        """Return the list and depth a paragraph belongs to, by itself or by its style."""
        owners = [paragraph._p.pPr]
        style: Any = paragraph.style
        while style is not None:
            owners.append(style.element.pPr)
            style = style.base_style
        for properties in owners:
            numbered = properties.find(f"{_W}numPr") if properties is not None else None
            if numbered is not None:
                return _value(numbered, "numId", "0"), int(_value(numbered, "ilvl", "0"))
        return None


def _value(element: Any, child: str, default: str) -> str:
    found = element.find(f"{_W}{child}")
    return default if found is None else str(found.get(f"{_W}val") or default)


def _chinese(value: int) -> str:
    """Return 1 to 99 in Chinese numerals; digits beyond, where forms differ."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return front + (_DIGITS[ones] if ones else "")
