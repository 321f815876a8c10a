"""What is shown of somebody in place of everything (去标识化): enough to tell cases apart.

A part that is not understood is left out: what a rule does not know is never shown by accident.
Source: 个人信息保护法 Article 51; 居民身份证法 Articles 13 and 19. The patterns are this project's own.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "***"
"""Stands for what is there and not shown at all."""
_DOTS = "·•‧・∙⋅．"
_SEVERAL = re.compile(r"[、,;/]")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_NO_CITY = "(?<![超门夜集菜早都股])"
_NO_DISTRICT = "(?<![小社园校厂院库片景林矿灾战])"
_NO_ESTATE = f"(?![{_HAN}]{{0,3}}[园苑村里楼栋巷路街])"
"""小区, 社区 and 花园东区 are where somebody lives, no district."""
_DISTRICT = re.compile(
    rf"(?:[{_HAN}]{{2,6}}?(?:省|自治区|特别行政区))?"
    rf"(?:[{_HAN}]{{2,8}}?(?:自治州|地区|盟|{_NO_CITY}市))?"
    rf"(?:[{_HAN}]{{2,12}}?自治[县旗]|{_NO_ESTATE}[{_HAN}]{{1,4}}?(?:[县旗]|{_NO_CITY}市|{_NO_DISTRICT}区))?"
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)(\d{7,8})")


def masked_name(name: str) -> str:
    """Return a person's name as 张*, 阿*·*, J* S*: the first character of it, or of each Latin part.

    A name of a single character is not shown at all.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    if not name:
        return ""
    if any(dot in name for dot in _DOTS):
        first, *others = re.split(f"[{re.escape(_DOTS)}]", name)
        return "·".join([_one_part(first.strip()), *("*" for _ in others)])
    if " " in name and name.isascii():
        return " ".join(_latin_part(part) for part in name.split())
    if name.isascii():
        return _latin_part(name)
    return _one_part(name)


def masked_organisation(name: str) -> str:
    """Return an organisation's name by its first two and last two characters: 某某****公司."""
    name = unicodedata.normalize("NFKC", name).strip()
    if len(name) < 8:
        return _one_part(name) if name else ""
    return f"{name[:2]}****{name[-2:]}"


def masked_number(number: str) -> str:
    """Return the number of a document as 110***********002X: first three and last four.

    Of a number of less than twelve characters only the last two are shown, of one of less than six
    nothing.
    """
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    if len(number) >= 12:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    if len(number) >= 6:
        return "*" * (len(number) - 2) + number[-2:]
    return "*" * len(number)


def masked_phone(phone: str) -> str:
    """Return telephone numbers as 138****1234 and 023-****1234."""
    written = unicodedata.normalize("NFKC", phone).strip()
    return "、".join(_one_phone(part) for part in _SEVERAL.split(written) if part.strip())


def masked_address(address: str) -> str:
    """Return an address down to the district: 重庆市渝北区***."""
    address = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    if not address:
        return ""
    found = _DISTRICT.match(address)
    return (found[0] if found else "") + HIDDEN


def masked_email(email: str) -> str:
    """Return an address of e-mail as z***@example.org."""
    email = unicodedata.normalize("NFKC", email).strip()
    name, at, domain = email.rpartition("@")
    if not at or not domain:
        return HIDDEN if email else ""
    return f"{name[0] if len(name) > 1 else ''}{HIDDEN}@{domain}"


def _one_part(part: str) -> str:
    return part[0] + "*" * min(len(part) - 1, 2) if len(part) > 1 else "*"


def _latin_part(part: str) -> str:
    return f"{part[0]}*" if len(part) > 1 else "*"


def _one_phone(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    digits = re.sub(r"^(?:00)?86(?=(?:1\d{10}|0?\d{10,11})$)", "", digits)
    if _MOBILE.fullmatch(digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if found := _LANDLINE.fullmatch(digits):
        return f"{found[1]}-****{found[2][-4:]}"
    return f"****{digits[-4:]}" if len(digits) >= 8 else HIDDEN
