"""What WeChat takes as the value of a field on a card, by the field's type.

Source: WeChat's table of parameter kinds of subscribe messages. What the table leaves open is refused:
whoever gets past this check gets past the real one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

_KEYWORD = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_TYPE = re.compile(r"^([a-z_]+?)_?\d+$")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = (
    rf"(?:\d{{4}}年{_MONTH}月(?:{_DAY}日)?|{_MONTH}月{_DAY}日"
    rf"|\d{{4}}([-/.]){_MONTH}(?:\1{_DAY})?|{_MONTH}[-/.]{_DAY})"
)
_TIME = re.compile(rf"(?:{_DATE}\s?)?{_CLOCK}")
_DATE_AND_TIME = re.compile(rf"{_DATE}(?:\s?{_CLOCK})?")


def keys_of(content: str) -> list[str]:
    """Return the keys of a template's content, `会议时间:{{date2.DATA}}` a line."""
    return _KEYWORD.findall(content)


def first_wrong_field(
    keys: Iterable[str],
    given: Mapping[str, object],
    allowed: Mapping[str, Iterable[str]] | None = None,
) -> str | None:
    """Return the first key that is missing or breaks its limit, None where all are right.

    `given` is `{"thing1": {"value": "…"}}`; `allowed` has the values of `enum` and `const` keys.
    """
    for key in keys:
        field = given.get(key)
        value = field.get("value") if isinstance(field, Mapping) else None
        if not isinstance(value, str) or not _fits(key, value, (allowed or {}).get(key)):
            return key
    return None


def _fits(key: str, value: str, allowed: Iterable[str] | None) -> bool:
    if allowed is not None:
        return value in set(allowed)
    if not value.strip() or any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in value):
        return False
    typed = _TYPE.match(key)
    return _RULES.get(typed.group(1) if typed else key, _thing)(value)


def _length(value: str) -> int:
    """Return the length in UTF-16 units: an emoji is two, as in a phone's own count."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _thing(value: str) -> bool:
    return _length(value) <= 20


def _number(value: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(?:\.\d+)?", value, re.ASCII)) and _digits(value) <= 32


def _amount(value: str) -> bool:
    return bool(
        re.fullmatch(r"(?:[¥￥$€£]|[A-Z]{3})?\d+(?:\.\d+)?元?", value, re.ASCII)
        and _digits(value) <= 10
    )


def _digits(value: str) -> int:
    return sum(sign.isdigit() for sign in value)


def _symbol(value: str) -> bool:
    return _length(value) <= 5 and not any(sign.isalnum() or sign.isspace() for sign in value)


def _name(value: str) -> bool:
    if any(sign.isdigit() for sign in value):
        return False
    return _length(value) <= (10 if re.search(f"[{_HAN}]", value) else 20)


def _range(moment: re.Pattern[str]) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        ends = value.split("~")
        return len(ends) <= 2 and all(moment.fullmatch(end.strip()) for end in ends)

    return fits


_RULES: dict[str, Callable[[str], bool]] = {
    "thing": _thing,
    "short_thing": lambda value: _length(value) <= 5,
    "number": _number,
    "letter": _like(r"[A-Za-z]{1,32}"),
    "symbol": _symbol,
    "character_string": _like(r"[!-~]{1,32}"),
    "time": _range(_TIME),
    "date": _range(_DATE_AND_TIME),
    "amount": _amount,
    "phone_number": _like(r"[0-9+\-() ]{1,17}"),
    "car_number": _like(rf"[{_HAN}A-Z0-9][A-Z0-9]{{0,6}}[{_HAN}A-Z0-9]"),
    "name": _name,
    "phrase": _like(rf"[{_HAN}]{{1,5}}"),
    # Without the template's list nothing is known to be allowed.
    "enum": lambda _value: False,
    "enum_string": lambda _value: False,
    "const": lambda _value: False,
}
