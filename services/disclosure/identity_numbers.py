"""Whether an identity number can be right: typing is checked, not who somebody is.

Nothing here keeps an application from being received: a clerk who sees the card may take a number that
fails. Area codes are only pointed out, never refused: old areas, residence permits and new cards for
foreigners are real.
Source: GB 11643-1999 (公民身份号码), GB 32100-2015 (统一社会信用代码), ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from models.applicant import IdentityKind
from models.application import OrgCategory

_LENGTH = 18
_OLD_LENGTH = 15
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SEPARATORS = re.compile(r"[\s·\-‐-―−]+")
_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_BIRTH_CENTURIES = ("18", "19", "20")
_AREAS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
    " 61 62 63 64 65 71 81 82 83".split()
)
"""What a number of today begins with; 81 to 83 are residence permits of people from 港澳台."""
_FOREIGN = "9"
_FREE_LENGTHS = range(5, 21)
"""Of documents whose numbers have no one form (project convention)."""
_CATEGORIES = {
    **dict.fromkeys(("91", "92", "93"), OrgCategory.BUSINESS),
    **dict.fromkeys(("51", "52", "53"), OrgCategory.PUBLIC_WELFARE),
    **dict.fromkeys(("31", "32", "33"), OrgCategory.LEGAL_SERVICE),
}


@dataclass(frozen=True)
class NumberCheck:
    """What a check of a number found."""

    valid: bool
    code: str
    """Stable, for programs: "ok" or what is wrong."""
    reason: str
    """A sentence for people, "" where there is nothing to say."""
    number: str
    """As it is stored: half-width, no spaces, capital letters."""
    recheck: str = ""
    """What to look at again although the number passes."""


def check_number(kind: IdentityKind, text: str, *, today: date) -> NumberCheck:
    """Check a number of a document of some kind."""
    match kind:
        case IdentityKind.RESIDENT_ID:
            return check_resident_id(text, today=today)
        case IdentityKind.CREDIT_CODE:
            return check_credit_code(text)
        case _:
            return _check_free(text)


def kind_of(text: str) -> IdentityKind:
    """Return as what a number is checked whose kind nobody said: a credit code has letters, or no
    year of birth where an identity number has one.
    """
    number = normalised(text)
    if len(number) != _LENGTH or set(number) <= set("0123456789X") and _has_century(number):
        return IdentityKind.RESIDENT_ID
    return IdentityKind.CREDIT_CODE


def normalised(text: str) -> str:
    """Return a number as it is stored: full-width characters, spaces and dashes are typing."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_resident_id(text: str, *, today: date) -> NumberCheck:
    """Check a 公民身份号码 by length, birth date and checksum."""
    number = normalised(text)
    if not number:
        return _wrong(number, "empty", "没有填写号码。")
    if len(number) == _OLD_LENGTH and number.isdecimal():
        return _wrong(
            number,
            "fifteen_digits",
            "这是15位的旧号码，现在要填18位的公民身份号码，请看身份证正面。",
        )
    if len(number) != _LENGTH:
        return _wrong(number, "length", f"公民身份号码是18位，这里是{len(number)}位，请核对。")
    if _ID_SHAPE.fullmatch(number) is None:
        return _wrong(number, "characters", "公民身份号码前17位是数字，最后一位是数字或X，请核对。")
    birth = _birth_date(number)
    if birth is None:
        return _wrong(number, "birth_date", "号码里的出生日期不存在，请核对第7到14位。")
    if birth > today:
        return _wrong(number, "birth_date_future", "号码里的出生日期在今天之后，请核对第7到14位。")
    total = sum(int(sign) * weight for sign, weight in zip(number, _ID_WEIGHTS, strict=False))
    if _ID_CHECKS[total % 11] != number[-1]:
        return _wrong(
            number, "checksum", "最后一位校验码不对，可能输错了一位，请对照证件逐位核对。"
        )
    known = number[:2] in _AREAS or number.startswith(_FOREIGN)
    recheck = "" if known else "前两位不是常见的地区代码，请对照证件再看一遍。"
    return NumberCheck(True, "ok", "", number, recheck)


def check_credit_code(text: str) -> NumberCheck:
    """Check a 统一社会信用代码 by its characters and checksum."""
    number = normalised(text)
    if not number:
        return _wrong(number, "empty", "没有填写代码。")
    if len(number) != _LENGTH:
        return _wrong(number, "length", f"统一社会信用代码是18位，这里是{len(number)}位，请核对。")
    if not set(number) <= set(_CREDIT_SIGNS):
        return _wrong(
            number, "characters", "统一社会信用代码只用数字和大写字母，不用I、O、S、V、Z，请核对。"
        )
    total = sum(
        _CREDIT_SIGNS.index(sign) * weight
        for sign, weight in zip(number, _CREDIT_WEIGHTS, strict=False)
    )
    if _CREDIT_SIGNS[(31 - total % 31) % 31] != number[-1]:
        return _wrong(
            number, "checksum", "最后一位校验码不对，可能输错了一位，请对照证照逐位核对。"
        )
    return NumberCheck(True, "ok", "", number)


def suggested_category(credit_code: str) -> OrgCategory:
    """Return which column of the annual report a credit code hints at: suggested, never forced.

    What the first two signs mean is not confirmed by the text of the standard.
    """
    return _CATEGORIES.get(normalised(credit_code)[:2], OrgCategory.OTHER)


def _check_free(text: str) -> NumberCheck:
    number = normalised(text)
    if not number:
        return _wrong(number, "empty", "没有填写号码。")
    if len(number) not in _FREE_LENGTHS:
        return _wrong(number, "length", "证件号码一般是5到20位，请核对。")
    return NumberCheck(True, "ok", "", number)


def _has_century(number: str) -> bool:
    return number[6:8] in _BIRTH_CENTURIES


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _wrong(number: str, code: str, reason: str) -> NumberCheck:
    return NumberCheck(False, code, reason, number)
