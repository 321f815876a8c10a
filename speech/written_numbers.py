"""Spelt-out numbers to digits, where Chinese writing prefers digits.

wetext turns one numeral into digits well; what it must not be given is whole sentences: it writes
第三十三条 as 第33条, 十八大 as 18大, 十分感谢 as 10分感谢 and 上午九点半 as 9:30a.m., and it needs a
third of a millisecond for every character. So the rules here choose the numerals, and wetext
reads the longer ones.
"""

from __future__ import annotations

import re

from speech.numerals import cardinal, in_digits

_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
_D = "[零〇一二三四五六七八九幺]"
_C = "[一二三四五六七八九两]"
_NUMERAL = "零〇一二三四五六七八九幺两十百千万亿"
_BELOW_100 = rf"(?:{_C}?十{_C}?|{_C})"
_BELOW_1000 = rf"(?:{_C}百(?:零{_C}|{_C}十{_C}?|{_C})?|{_BELOW_100})"
_BELOW_10000 = (
    rf"(?:{_C}千(?:零{_BELOW_100}|{_C}百(?:零{_C}|{_C}十{_C}?|{_C})?|{_C})?|{_BELOW_1000})"
)
_CARDINAL = re.compile(
    rf"(?:{_BELOW_10000}亿零?)?(?:{_BELOW_10000}万零?)?(?:{_BELOW_10000})?[万亿]?"
)
_RUN = rf"[{_NUMERAL}]+"
_NUMBER = rf"(?:{_RUN}(?:点{_D}+(?![零〇一二三四五六七八九幺两十百千分])[万亿]?)?)"

_AGENCY_WORDS = (
    "府政委办人社财税医保民教建科交水农商卫健应急审市监统体信访档案资源规划城管住环金国厅局部党"
)
_PROVINCES = "国中京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁新"
_AGENCY = (
    rf"(?:[{_PROVINCES}][{_AGENCY_WORDS}]{{0,6}}|[{_AGENCY_WORDS}]{{1,6}})"
    r"(?:办发|办函|办规|发|办|函|规|字|文)"
)
_YEAR_SPOKEN = r"(?:[一二][零〇一二三四五六七八九]{3}|(?:19|20)\d\d)"
_COUNT = rf"(?:{_RUN}|\d{{1,4}})"
_DOCUMENT_NUMBER = re.compile(
    rf"(?P<agency>{_AGENCY})[ ,，]?[\[〔【(（]?(?P<year>{_YEAR_SPOKEN})[\]〕】)）]?年?[ ,，]?第?"
    rf"(?P<count>{_COUNT})号"
)
_ARTICLE_IN_DIGITS = re.compile(r"第(\d{1,4})(?=[条款项章节编])")
_PERCENT = re.compile(rf"(?<![{_NUMERAL}])百分之(?P<number>{_NUMBER}|百)")
_FULL_DATE = re.compile(
    rf"(?<!\d)(?P<year>[一二]{_D}{{3}}|(?:19|20)\d\d)年(?:(?P<month>十[一二]?|[一二三四五六七八九])月"
    rf"(?:份|(?P<day>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<unit>[日号]))?)?"
)
_MONTH_DAY = re.compile(
    r"(?<![第年\d一二三四五六七八九十])(?P<month>十[一二]?|[一二三四五六七八九])月"
    r"(?P<day>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<unit>[日号])"
)
_CLOCK = re.compile(
    r"(?P<part>上午|下午|早上|早晨|晚上|中午|凌晨|[到至])(?P<hour>二?十[一二三四五六七八九]?|[一二三四五六七八九])"
    r"点(?P<rest>(?:[一二三四五]?十[一二三四五六七八九]?分?)|半|整)?(?![零〇一二三四五六七八九])"
)
_COUNTED_WORKDAYS = re.compile(
    rf"(?<![{_NUMERAL}第几数])(?P<number>[一二三四五六七八九十])(?=个工作日|周岁|分钟|小时)"
)
_NUMERAL_RUN = re.compile(
    rf"(?P<run>{_RUN})(?:点(?P<decimals>{_D}+)(?![零〇一二三四五六七八九幺两十百千分]))?(?P<scale>[万亿]*)"
)
_AFTER_ELEVEN = "个条天日月年元块岁周号楼层项名人位份件次页分小点米公级度万亿中期届路所家户"
_LONE_DIGITS = {"一一九", "一二零", "一二〇"}


def with_digits(text: str) -> str:
    """Return text with its spelt-out numbers in digits where writing prefers them.

    Every rule leaves its own results alone, so that doing it twice changes nothing more.
    """
    text = _DOCUMENT_NUMBER.sub(_document_number, text)
    text = _ARTICLE_IN_DIGITS.sub(_article, text)
    text = _PERCENT.sub(_percent, text)
    text = _FULL_DATE.sub(_full_date, text)
    text = _MONTH_DAY.sub(_month_day, text)
    text = _CLOCK.sub(_clock, text)
    text = _COUNTED_WORKDAYS.sub(lambda found: _value(found["number"]), text)
    return _NUMERAL_RUN.sub(_numeral, text)


def _value(numeral: str) -> str:
    """Return a numeral, cardinal or digit by digit, in digits; as it was if it is neither."""
    if numeral.isdigit() and numeral.isascii():
        return numeral
    if re.fullmatch(f"{_D}+|两", numeral):
        return numeral.translate(_DIGITS)
    if numeral == "十":
        return "10"
    if len(numeral) > 1 and _CARDINAL.fullmatch(numeral):
        if numeral[-1] in "万亿" and not re.search("[万亿]", numeral[:-1]):
            return _value(numeral[:-1]) + numeral[-1]
        return in_digits(numeral)
    return numeral


def _document_number(found: re.Match[str]) -> str:
    count = _value(found["count"])
    if not count.isdecimal():
        return found[0]
    return f"{found['agency']}〔{_value(found['year'])}〕{count}号"


def _article(found: re.Match[str]) -> str:
    return "第" + cardinal(int(found[1]))


def _percent(found: re.Match[str]) -> str:
    if found["number"] == "百":
        return "100%"
    whole, _, decimals = found["number"].partition("点")
    value = _value(whole)
    if not value[0].isdecimal():
        return found[0]
    return value + ("." + decimals.translate(_DIGITS) if decimals else "") + "%"


def _full_date(found: re.Match[str]) -> str:
    date = found["year"].translate(_DIGITS) + "年"
    if found["month"]:
        date += _value(found["month"]) + "月"
        if found["day"]:
            date += _value(found["day"]) + found["unit"]
        elif found[0].endswith("份"):
            date += "份"
    return date


def _month_day(found: re.Match[str]) -> str:
    return f"{_value(found['month'])}月{_value(found['day'])}{found['unit']}"


def _clock(found: re.Match[str]) -> str:
    rest = found["rest"] or ""
    if rest not in {"", "半", "整"}:
        rest = _value(rest.removesuffix("分")) + "分"
    return f"{found['part']}{_value(found['hour'])}点{rest}"


def _numeral(found: re.Match[str]) -> str:
    run, decimals = found["run"], found["decimals"]
    before = found.string[max(found.start() - 1, 0) : found.start()]
    after = found.string[found.end() : found.end() + 2]
    if _stays_in_characters(run, decimals, before, after):
        return found[0]
    value = _value(run)
    if not value[0].isdecimal():
        return found[0]
    if decimals is None:
        return value
    return f"{value}.{decimals.translate(_DIGITS)}{found['scale']}"


def _stays_in_characters(run: str, decimals: str | None, before: str, after: str) -> bool:
    """Tell whether a numeral is an ordinal, part of a word, or too small or vague for digits."""
    if (before and (before in "第几数双" or before.isdecimal() or before == ".")) or after[:1] in {
        "几",
        "来",
    }:
        return True
    if decimals is not None:
        return not (_CARDINAL.fullmatch(run) or re.fullmatch(f"{_D}+", run))
    if after[:2] in {"分之", "条第"} or (after[:1] in {"条", "款"} and len(run) > 1):
        return True
    if re.fullmatch(f"{_D}+", run):
        return len(run) < 4 and not (
            len(run) == 3 and (set(run) & set("零〇幺") or run in _LONE_DIGITS)
        )
    if not re.match(f"{_C}|十.", run) or len(run) < 2:
        return True
    # 十一 is the National Day as often as it is a number; 十八大 is a congress.
    return (run == "十一" and after[:1] not in _AFTER_ELEVEN) or (
        len(run) <= 3 and after[:1] == "大"
    )
