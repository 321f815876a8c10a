"""Document numbers (发文字号) found however they are printed, typed or spoken.

渝府办发〔2021〕100号, 渝府办发2021 100, [2021]100 and 二零二一年一百号 are one number. A decree such
as 国务院令第711号 has no year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.normalization import normalize

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "幺": 1, "两": 2}
_DIGITS |= {str(i): i for i in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = r"[0-9零〇○一二三四五六七八九幺两十百千]"
_OPEN, _CLOSE = r"[〔\[(【〈<{]", r"[〕\])】〉>}]"
_AGENCY = r"[一-鿿]{0,12}?"

_YEARED = re.compile(
    rf"(?P<prefix>{_AGENCY})[\s\-—]*(?P<open>{_OPEN})?\s*"
    rf"(?P<year>[12一二][0-9零〇○一二三四五六七八九]{{3}})"
    rf"\s*(?P<close>{_CLOSE})?(?P<nian>年)?[\s\-—,，]*第?\s*(?P<number>{_NUMERAL}{{1,7}})\s*(?P<hao>号|日)?"
)
_HINT = re.compile(r"[12一二][0-9零〇○一二三四五六七八九]{3}|令")
"""Without a year or a decree there is no number; most questions end here."""
_DECREE = re.compile(rf"(?P<prefix>[一-鿿]{{0,12}}令)\s*第?\s*(?P<number>{_NUMERAL}{{1,6}})\s*号")
_LEADING_TALK = re.compile(
    r"^.*?(?:请问|请|查询|查找|查一下|查一查|查查|查看|查|找一下|找一找|找|搜索|搜一下|搜|看一下|看看|看|"
    r"文号是|文号为|文号|文件号|我要|我想|帮我|一下|关于|根据|依据|按照|以及|和|与|及|的|是|:|,)+"
)
_STATE = "中华人民共和国"
_ENDS_LIKE_A_NUMBER = re.compile(
    r"(?:发|办|函|字|令|规|公告|通|文|议|复|电|号|纪|任|党|委|组|政|府|税|人社|财)$"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number in parts."""

    prefix: str
    """渝府办发; may be empty or misheard when it comes from a question."""
    year: str
    """Four digits, "" for a decree."""
    number: str
    """Without leading zeros."""

    @property
    def short_key(self) -> str:
        """The part that survives mishearing: year and number, or the decree's number."""
        return f"{self.year}-{self.number}"

    @property
    def key(self) -> str:
        return f"{self.prefix}{self.short_key}"


def number_key(text: str) -> str:
    """Return the one spelling of a printed document number, "" where there is none."""
    found = find_numbers(text)
    return found[0].key if found else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A document number where a normalized text names it."""

    number: DocumentNumber
    start: int
    """Where its prefix begins, as far as that can be told from what is said before."""
    end: int


def find_numbers(text: str) -> list[DocumentNumber]:
    """Return the document numbers that a text names, in order.

    A bare "2021 100" counts: whoever types only that into a search means a document.
    """
    return [named.number for named in numbers_in(normalize(text).replace(_STATE, ""))]


def numbers_in(text: str) -> list[Named]:
    """Return the document numbers that a normalized text names, in order, with their places."""
    if not _HINT.search(text):
        return []
    found: list[Named] = []
    for match in _YEARED.finditer(text):
        prefix = _LEADING_TALK.sub("", match["prefix"])
        bracketed = bool(match["open"] and match["close"])
        named = bool(_ENDS_LIKE_A_NUMBER.search(prefix))
        # 2019年36日 is no date: a recogniser wrote 日 where 号 was said.
        marked = match["hao"] == "号" or bool(match["hao"] and match["nian"])
        alone = match.group(0).strip() == text.strip() and not match["nian"]
        number = numeral_value(match["number"])
        year = "".join(str(_DIGITS[c]) for c in match["year"])
        plausible = "1949" <= year <= "2099" and number > 0
        # 2021年100 and 2021年9月 are dates or counts; only 号 makes them a number.
        if plausible and (marked or ((bracketed or named or alone) and not match["nian"])):
            found.append(_named(match, DocumentNumber(prefix, year, str(number))))
    if not found:
        for match in _DECREE.finditer(text):
            prefix = _LEADING_TALK.sub("", match["prefix"])
            decree = DocumentNumber(prefix, "", str(numeral_value(match["number"])))
            found.append(_named(match, decree))
    return found


def _named(match: re.Match[str], number: DocumentNumber) -> Named:
    return Named(number, match.end("prefix") - len(number.prefix), match.end())


def numeral_value(numeral: str) -> int:
    """Return what 100, 一百, 一零零, 一百零八 or 一百一 counts; every character must be part of a number."""
    if not any(c in _UNITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digits = 0, ""
    for c in numeral:
        if c in _UNITS:
            total += (int(digits) if digits else 1) * _UNITS[c]
            digits = ""
        else:
            digits += str(_DIGITS[c])
    if digits:
        # 一百一 is 110 in speech, 一百零一 is 101.
        last_unit = next((c for c in reversed(numeral) if c in _UNITS), "")
        spoken_short = len(digits) == 1 and numeral[-2] in "百千" and last_unit == numeral[-2]
        total += int(digits) * (_UNITS[last_unit] // 10 if spoken_short else 1)
    return total
