"""Numbers as people read them aloud: document numbers, dates, times, telephones, amounts.

wetext reads amounts and counted things well, but 〔2021〕 as 两千零二十一, 2月2日 as 二月两日, 第2条 as
第两条 and bare 12365 as an amount, so those are read here first.
"""

from __future__ import annotations

import re

from speech.numerals import as_read, cardinal, one_by_one

_DASH = r"[-—–－~～至到]"
_DOCUMENT_NUMBER = re.compile(
    r"[\[〔【(（]\s*(?P<year>(?:19|20)\d\d)\s*[\]〕】)）]\s*第?\s*(?P<count>\d{1,5})\s*(?=号)"
)
_TELEPHONE = re.compile(
    r"(?<![\d.])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|[(（]?0\d{2,3}[)）]?\s?[-—–－]{0,2}\s?(?:\d{7,8}|\d{3,4}[- ]\d{4})(?:[-—]\d{1,5})?"
    r"|[48]00[-—]?\d{3,4}[-—]?\d{3,4})(?!\d)"
)
_NAMED_NUMBER = re.compile(
    r"(?P<name>电话|热线|QQ|微信号|群号|工号|学号|卡号|单号|房号|验证码|取件码|代码|拨打|致电|转|传真|邮编|邮政编码|号码|编号|账号|证号|报警|急救|请打|打)"
    r"(?P<between>[：:是为 ]{0,3})(?P<digits>\d{3,20}+(?:[-—]\d{1,8}){0,3}+)(?![.,]?[\d%％元万亿个件次])"
)
_HOTLINE = re.compile(
    r"(?<![\d.,￥¥$第])(?:(?:110|119|120|122|114)(?=报警|热线|电话|急救|火警|专线|平台)"
    r"|(?:12[0-9]{3}|95[0-9]{3}|96[0-9]{3}|100[0-9]{2})(?![.,]?[\d%％‰元万亿个件次人户份名册套米平公吨千])"
    r"(?!-\d))"
)
_LONG_DIGITS = re.compile(r"(?<![\d.,￥¥$])(?:0\d++|\d{7,}+)(?![.,]?[\d%％元万亿人个户])")
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=mark)"
    r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
)
_YEARS = re.compile(rf"(?<!\d)((?:19|20)\d\d)年?\s*{_DASH}{{1,2}}\s*((?:19|20)\d\d)(?=学?年)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?=年)")
_MONTH = re.compile(r"(?<![\d.])(0?[1-9]|1[0-2])\s*(?=月)")
_DAY = re.compile(r"(?<=月)\s*(0?[1-9]|[12]\d|3[01])\s*(?=[日号—–~～至到-])")
_TIME = re.compile(r"(?<![\d:：])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?![\d:：])")
_ORDINAL = re.compile(r"(?<=第)\s*(\d{1,4})(?!\d)")
_ANNEX = re.compile(r"(?<=附件|附表|附录)\s*(\d{1,3})(?![\d.])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RANGE = re.compile(
    rf"(?P<first>(?<![\d.])\d[\d.]*+\s?[%％‰]?[万亿元年月日岁时点号层级类℃度一-鿿]{{0,2}}|[一二三四五六七八九十百]+[年月日点时分号]+)\s*{_DASH}{{1,2}}\s*(?=\d|[一二三四五六七八九十]+[年月日点时分号])"
)
_MONEY = re.compile(r"(?P<sign>[￥¥$])\s*(?P<amount>\d+(?:\.\d+)?)(?P<scale>[万亿]*)(?:元|美元)?")
_CENTS = re.compile(r"(?P<whole>\d+)(?:\.(?P<part>\d*?)0+)(?=[万亿]?(?:元|美元))")
_ANNEX_OF_ANNEX = re.compile(r"(?<=附件|附表|附录)\s*(\d{1,3})[-—–](\d{1,3})(?!\d)")
_CASE_YEAR = re.compile(r"[(（]((?:19|20)\d\d)[)）](?=[一-鿿])")
_TWO_O_CLOCK = re.compile(r"(?<![\d.第])2(?=点(?!\d))")
_STANDARD = re.compile(r"(?<=[A-Z])\s?(\d{3,6})[-—]((?:19|20)\d\d)(?!\d)")
_PER_MILLE = re.compile(r"(\d+(?:\.\d+)?)‰")
_COUNTED = re.compile(
    r"(?<![\dA-Za-z])-?\d++(?:[./:]\d++)*+[%％]?(?:[A-Za-z]{1,3}(?:/[A-Za-z]{1,2})?|[℃°])?[一-鿿]{0,2}|\d++"
)
_FOLLOWING_CHARACTERS = re.compile(r"[一-鿿]*$")


def with_numbers_read(text: str) -> str:
    """Return text with every number in the characters of its reading."""
    text = _DOCUMENT_NUMBER.sub(
        lambda found: f"{one_by_one(found['year'])} {_counted(found['count'])}", text
    )
    text = _STANDARD.sub(lambda found: f"{one_by_one(found[1])}，{one_by_one(found[2])}", text)
    text = _CASE_YEAR.sub(lambda found: f"{one_by_one(found[1])}，", text)
    text = _dates_and_times(text)
    text = _TELEPHONE.sub(lambda found: telephone(found[0]), text)
    text = _NAMED_NUMBER.sub(
        lambda found: found["name"] + found["between"] + one_by_one(found["digits"], one="幺"), text
    )
    text = _ORDINAL.sub(lambda found: cardinal(int(found[1])), text)
    text = _ANNEX_OF_ANNEX.sub(
        lambda found: f"{cardinal(int(found[1]))}杠{cardinal(int(found[2]))}", text
    )
    text = _ANNEX.sub(lambda found: cardinal(int(found[1])), text)
    text = _THOUSANDS.sub("", text)
    text = _RANGE.sub(lambda found: found["first"] + "到", text)
    text = _HOTLINE.sub(lambda found: one_by_one(found[0], one="幺"), text)
    text = _LONG_DIGITS.sub(lambda found: one_by_one(found[0], one="幺"), text)
    text = _MONEY.sub(
        lambda found: found["amount"] + found["scale"] + ("美元" if found["sign"] == "$" else "元"),
        text,
    )
    text = _CENTS.sub(
        lambda found: found["whole"] + (f".{found['part']}" if found["part"] else ""), text
    )
    text = _TWO_O_CLOCK.sub("两", text)
    text = _PER_MILLE.sub(lambda found: "千分之" + as_read(found[1]), text)
    return _COUNTED.sub(lambda found: _counted(found[0]), text)


def telephone(written: str) -> str:
    """Read a telephone number by its digits, with the pauses in which it is written down."""
    digits = re.sub(r"\D", "", written)
    country = "86" if len(digits) == 13 and digits.startswith("86") else ""
    digits = digits.removeprefix(country) if country else digits
    if digits[0] == "1":
        groups = [digits[:3], digits[3:7], digits[7:]]
    elif digits[0] in "48":
        groups = [digits[:3], digits[3:6], digits[6:]]
    else:
        # Areas of 010 and 02x have three digits, all others four.
        area = 3 if digits[1] in "12" else 4
        own = re.sub(r"\D", "", re.split(r"(?<=\d{4})[-—](?=\d{1,5}$)", written)[0])
        middle = len(own) - 4
        groups = [digits[:area], digits[area:middle], digits[middle : len(own)], digits[len(own) :]]
    return "，".join(one_by_one(group, one="幺") for group in [country, *groups] if group)


def _dates_and_times(text: str) -> str:
    text = _DATE.sub(
        lambda found: (
            f"{one_by_one(found['year'])}年{cardinal(int(found['month']))}月"
            f"{cardinal(int(found['day']))}日"
        ),
        text,
    )
    text = _YEARS.sub(lambda found: f"{one_by_one(found[1])}到{one_by_one(found[2])}", text)
    text = _YEAR.sub(lambda found: one_by_one(found[1]), text)
    text = _MONTH.sub(lambda found: cardinal(int(found[1])), text)
    text = _DAY.sub(lambda found: cardinal(int(found[1])), text)
    return _TIME.sub(_time, text)


def _time(found: re.Match[str]) -> str:
    hour, minute, second = found[1], found[2], found[3]
    reading = ("两" if int(hour) == 2 else cardinal(int(hour))) + "点"
    if minute != "00" or second:
        reading += ("零" if minute[0] == "0" and minute != "00" else "") + cardinal(int(minute))
        reading += "分"
    return reading + (cardinal(int(second)) + "秒" if second else "")


def _counted(text: str) -> str:
    """Read a number with what it counts; a numeral of any length is read, if need be by digits."""
    if sum(character.isdecimal() for character in text) > 16:
        characters = _FOLLOWING_CHARACTERS.search(text)
        return one_by_one(text, one="幺") + (characters[0] if characters else "")
    return as_read(text)
