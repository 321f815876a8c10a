"""The fields of a template, and what WeChat takes for each sort of them.

WeChat refuses a whole card for one field that breaks its limit (47003), after it was sent: so the
limits are checked here while staff write. Where the platform's page leaves something open the
stricter reading is taken. Source: 发送订阅消息, the table 订阅消息参数值内容限制说明.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

_PLACE = re.compile(r"([^\n{}]*)\{\{\s*([A-Za-z_]+?)([0-9]+)\.DATA\s*\}\}")

_TIME = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_WHOLE_TIME = re.compile(_TIME)
_DAYS = (
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日"),
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月"),
    re.compile(r"(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日"),
    re.compile(r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})"),
    re.compile(r"(?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"),
)
_LEAP_YEAR = 2024
"""Stands for the year where none is written, so that 29 February is a day."""

LONGEST_THING = 20
_LONGEST_SHORT_THING = 5
_LONGEST_NAME, _LONGEST_LATIN_NAME = 10, 20
_JOINER = "\u200d"
"""Joins pictures into one; the only format character that people type."""


class TemplateText(Protocol):
    """What of a template says which fields it has."""

    @property
    def content(self) -> str: ...
    @property
    def choices(self) -> Mapping[str, list[str]]: ...


@dataclass(frozen=True)
class Field:
    """One place of a card."""

    key: str
    """As WeChat names it: thing1, character_string2."""
    label: str
    """What the card shows before it."""
    type: str
    """The key without its number."""
    choices: tuple[str, ...] = ()
    """What it may hold, () where the template does not say."""

    @property
    def rule(self) -> str:
        """What it takes, for whoever writes."""
        return _SORTS[self.type].rule if self.type in _SORTS else _OTHER.rule


@dataclass(frozen=True)
class _Sort:
    rule: str
    takes: Callable[[str], bool]


def fields_of(template: TemplateText) -> list[Field]:
    """Return the fields of a template in their order, none where its text is none of WeChat's."""
    found: dict[str, Field] = {}
    for label, sort, number in _PLACE.findall(template.content):
        key = f"{sort}{number}"
        choices = tuple(str(choice) for choice in template.choices.get(key, ()))
        found.setdefault(key, Field(key, label.strip().rstrip(":：").strip(), sort, choices))
    return list(found.values())


def fault_in(field: Field, value: str) -> str:
    """Return what is wrong with a value, as a sentence, "" where WeChat takes it."""
    if not value.strip():
        return f"“{field.label}”不能空着。"
    if has_control_characters(value):
        return f"“{field.label}”里不能有换行或看不见的字符。"
    if field.choices:
        return (
            "" if value in field.choices else f"“{field.label}”只能填：{'、'.join(field.choices)}。"
        )
    sort = _SORTS.get(field.type, _OTHER)
    return "" if sort.takes(value) else f"“{field.label}”请填{sort.rule}。"


def units(text: str) -> int:
    """Return how long WeChat counts a text: in UTF-16 units, so that a picture may count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def has_control_characters(text: str) -> bool:
    """Return whether something stands in a text that no card shows."""
    return any(is_control_character(character) for character in text)


def is_control_character(character: str) -> bool:
    """Return whether a character is a line break, a control character or half of one."""
    if character == _JOINER:
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_chinese(character: str) -> bool:
    """Return whether a character is one that a phrase may hold."""
    return "一" <= character <= "鿿"


def _is_thing(value: str) -> bool:
    return units(value) <= LONGEST_THING


def _is_short_thing(value: str) -> bool:
    return units(value) <= _LONGEST_SHORT_THING


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _digits(value: str) -> int:
    return sum(character in "0123456789" for character in value)


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) is not None and _digits(value) <= 32


def _is_amount(value: str) -> bool:
    written = re.fullmatch(r"[¥￥$€£]?[0-9]+(\.[0-9]+)?元?", value)
    return written is not None and _digits(value) <= 10


def _is_phone_number(value: str) -> bool:
    return re.fullmatch(r"[0-9+\-() ]{1,17}", value) is not None and _digits(value) > 0


def _is_symbol(value: str) -> bool:
    return units(value) <= 5 and all(
        unicodedata.category(c)[0] in "PS" and not is_chinese(c) for c in value
    )


def _is_name(value: str) -> bool:
    if any(character.isdigit() for character in value):
        return False
    longest = _LONGEST_NAME if any(map(is_chinese, value)) else _LONGEST_LATIN_NAME
    return units(value) <= longest


def _is_day(value: str) -> bool:
    for pattern in _DAYS:
        if (written := pattern.fullmatch(value)) is None:
            continue
        parts = written.groupdict()
        try:
            date(int(parts.get("y") or _LEAP_YEAR), int(parts["m"]), int(parts.get("d") or 1))
        except ValueError:
            return False
        return True
    return False


def _is_moment(value: str) -> bool:
    """Return whether a value is a day, a day with a time, or a time."""
    if _WHOLE_TIME.fullmatch(value):
        return True
    day, _, time = value.partition(" ")
    return _is_day(day) and (not time or _WHOLE_TIME.fullmatch(time) is not None)


def _is_date(value: str) -> bool:
    """Return whether a value is a day, with a time or without, or two of them."""
    ends = value.split("~")
    return len(ends) <= 2 and all(
        _is_moment(end) and not _WHOLE_TIME.fullmatch(end) for end in ends
    )


def _is_time(value: str) -> bool:
    """Return whether a value is a time, with a day or without, or two of them."""
    ends = value.split("~")
    return len(ends) <= 2 and all(_is_moment(end) and ":" in end for end in ends)


_ENUMERATED = _Sort("模板规定的内容（20 个字以内）", _is_thing)
_OTHER = _Sort("20 个字以内的内容", _is_thing)
_SORTS = {
    "thing": _Sort("20 个字以内的内容", _is_thing),
    "short_thing": _Sort("5 个字以内的内容", _is_short_thing),
    "number": _Sort("数字，可带小数，32 位以内", _is_number),
    "letter": _Sort("32 个以内的英文字母", _matches(r"[A-Za-z]{1,32}")),
    "symbol": _Sort("5 个以内的符号", _is_symbol),
    "character_string": _Sort("32 个以内的数字、字母或符号", _matches(r"[!-~]([ -~]{0,30}[!-~])?")),
    "time": _Sort("24 小时制的时间，如 15:01 或 2026年1月31日 15:01", _is_time),
    "date": _Sort("年月日，如 2026年1月31日，可带时间", _is_date),
    "amount": _Sort("金额，10 位以内数字，如 100.50元", _is_amount),
    "phone_number": _Sort("17 位以内的电话号码", _is_phone_number),
    "car_number": _Sort(
        "8 位以内的车牌号码", _matches(r"[一-鿿A-Za-z0-9][A-Za-z0-9]{0,6}[一-鿿A-Za-z0-9]?")
    ),
    "name": _Sort("10 个以内汉字，或 20 个以内字母", _is_name),
    "phrase": _Sort("5 个以内汉字", _matches(r"[一-鿿]{1,5}")),
    "enum": _ENUMERATED,
    "enum_string": _ENUMERATED,
    "const": _ENUMERATED,
}
