"""The numbers of an application: the one of the register, and the code its applicant asks by.

登记编号 is 2026-003-00012: year, agency, running number; it says nothing that must be kept quiet. The
query code (查询码) is twelve digits that nobody can guess, in fours, so that they can be said aloud.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from services.errors import NotFound

_DIGITS = 12
_SEPARATORS = re.compile(r"[\s\-–—−－_.·]+")


class WrongQueryCode(NotFound):
    """Nothing has this code together with this second fact; it is not said which is wrong."""

    code = "wrong_query_code"
    sentence = (
        "没有查到。请对照回执核对查询码（12位数字），"
        "以及您登记的证件号码或联系电话的后四位（都没有留的用姓名全称），再试一次。"
    )


def register_number(year: int, agency_id: int, running: int) -> str:
    """Return a 登记编号."""
    return f"{year}-{agency_id:03d}-{running:05d}"


def new_query_code() -> str:
    """Return a query code that is most likely free."""
    return _in_fours(f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}")


def read_query_code(typed: str) -> str:
    """Return a query code as it is kept, however it was typed. Raises WrongQueryCode."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed[:60]))
    if len(plain) != _DIGITS or not (plain.isascii() and plain.isdigit()):
        raise WrongQueryCode("It is no query code.")
    return _in_fours(plain)


def _in_fours(digits: str) -> str:
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
