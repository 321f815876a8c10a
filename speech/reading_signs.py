"""Signs as people read them aloud: units, slashes, plus and times, codes, blanks, tables.

What is a number afterwards is read by speech.reading_numbers.
"""

from __future__ import annotations

import re

from speech.numerals import cardinal, one_by_one

_UNITS = {
    "km": "公里", "m": "米", "dm": "分米", "cm": "厘米", "mm": "毫米", "hm": "百米", "kg": "千克",
    "g": "克", "mg": "毫克", "μg": "微克", "ug": "微克", "t": "吨", "L": "升", "mL": "毫升", "ml": "毫升",
    "dB": "分贝", "kWh": "千瓦时", "kW·h": "千瓦时", "kW": "千瓦", "MW": "兆瓦", "Hz": "赫兹",
    "MHz": "兆赫", "kV": "千伏", "h": "小时", "min": "分钟", "d": "天", "s": "秒", "ha": "公顷",
    "MPa": "兆帕",
}  # fmt: skip
_NEEDS_A_PARTNER = {"d", "s", "t", "g", "h", "m", "L"}
"""Single letters are units after a numeral only: 5m, but not m alone; 5s and 3d are names."""
_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_POWERS = {"²": "平方", "2": "平方", "³": "立方", "3": "立方", "": ""}
_UNIT = re.compile(
    rf"(?P<number>(?<=\d)\s?|(?<![A-Za-z0-9])(?=[a-zμA-Z·]{{1,4}}[²³/]))(?P<unit>{_NAMES})"
    rf"(?P<power>[²³]|[23](?![\d.]))?(?:/(?P<per>{_NAMES}|人|天|日|月|年|次|户)(?P<per_power>[²³]|[23](?![\d.]))?)?"
    r"(?![A-Za-z0-9])"
)
_EACH = re.compile(r"(?<=[元吨克米升度次件])\s?/\s?(?=[一-鿿])")
_PLUS = re.compile(r"(?<=[0-9A-Za-z一-鿿])\s?[+＋]\s?(?=[0-9A-Za-z一-鿿])")
_TIMES = re.compile(r"(?<=[\d米])\s?[×xX*]\s?(?=\d)")
_WEEKDAYS = re.compile(r"(?<=[周期][一二三四五六日天])\s?[-—–~～]{1,2}\s?(?=周|星期)")
_ZERO = re.compile(r"(?<=[一二三四五六七八九零〇○])[○Ｏ]|[○](?=[一二三四五六七八九])")
_DASHED_CODE = re.compile(
    r"(?<![A-Za-z0-9/.-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d{3})[A-Z0-9]{1,20}(?:-[A-Z0-9]{1,20}){1,6}(?![A-Za-z0-9-])"
)
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Z0-9]{0,30}\d{3})(?=[A-Z0-9]{0,30}[A-Z])[A-Z0-9]{5,32}(?![A-Za-z0-9])"
)
_ROAD = re.compile(r"(?<=[GSXYK])\d{3,4}(?=国道|省道|县道|高速|线|路)")
_ROUTE = re.compile(r"(?<![\dA-Za-z.,第])\d{3}(?=路(?![人口段]))")
_ROOM = re.compile(r"(?<![\d.,])\d{3,4}(?=室|号房|房间|办公室|会议室|诊室)")
_FESTIVAL = re.compile(r"(?<!\d)(\d{1,2})[·•・](\d{1,2})(?![\d·])")
_OUTLINE = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){2,}(?![\d.])")
_DECIMAL_NAME = re.compile(r"(?<=[A-Za-z第])(\d{1,3})\.(\d{1,3})(?![\d.])")
_LINKED = re.compile(r"(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])")
_WORDS = (
    (re.compile(r"(?<![A-Za-z])[Ww][Ii]-?[Ff][Ii](?![A-Za-z])"), "无线网"),
    (re.compile(r"(?<![A-Za-z])N[oO]\.\s?(?=\d)"), "编号"),
)
_SIGNS = str.maketrans(
    {"〇": "零", "√": "是", "✓": "是", "☑": "已选，", "×": "", "→": "，", "·": "", "★": "", "※": ""}
    | {chr(0x3220 + place): f"{number}、" for place, number in enumerate("一二三四五六七八九十")}
)
_RULER = re.compile(r"[|:\s-]{3,}")
_CELLS = re.compile(r"\s*\|\s*|\t+")


def with_signs_read(text: str) -> str:
    """Return text with its signs and codes in characters; numerals that count stay digits."""
    for word, said in _WORDS:
        text = word.sub(said, text)
    text = _ZERO.sub("零", text)
    text = _FESTIVAL.sub(lambda found: one_by_one(found[1] + found[2]), text)
    text = _UNIT.sub(_unit, text)
    text = _EACH.sub("每", text)
    text = _PLUS.sub("加", text)
    text = _TIMES.sub("乘", text)
    text = _WEEKDAYS.sub("到", text)
    text = _DASHED_CODE.sub(lambda found: "，".join(map(_code, found[0].split("-"))), text)
    text = _CODE.sub(lambda found: _code(found[0]), text)
    for named in (_ROAD, _ROUTE, _ROOM):
        text = named.sub(lambda found: one_by_one(found[0], one="幺"), text)
    text = _OUTLINE.sub(
        lambda found: "点".join(cardinal(int(part)) for part in found[0].split(".")), text
    )
    text = _DECIMAL_NAME.sub(
        lambda found: f"{cardinal(int(found[1]))}点{one_by_one(found[2])}", text
    )
    return _LINKED.sub("下划线", text).translate(_SIGNS)


def with_tables_read(text: str) -> str:
    """Return text with its tables, drawn with | or tabs, as sentences: 第一行，复印，5元。

    A table is at least two lines of at least two cells that stand together.
    """
    lines = text.split("\n")
    said: list[str] = []
    first = 0
    while first < len(lines):
        last = first
        while last < len(lines) and _is_row(lines[last]):
            last += 1
        if last - first >= 2:
            said += _rows(lines[first:last])
        else:
            last = max(last, first + 1)
            said += lines[first:last]
        first = last
    return "\n".join(said)


def _is_row(line: str) -> bool:
    return line.count("|") >= 2 or "\t" in line.strip() or bool(line.strip() and "|" in line)


def _rows(lines: list[str]) -> list[str]:
    has_head = len(lines) > 1 and _RULER.fullmatch(lines[1].strip()) is not None
    rows = [line for line in lines if _RULER.fullmatch(line.strip()) is None]
    said = []
    for place, line in enumerate(rows, start=0 if has_head else 1):
        cells = [cell.strip() for cell in _CELLS.split(line.strip().strip("|"))]
        name = f"第{cardinal(place)}行" if place else "表头"
        said.append("，".join([name, *filter(None, cells)]) + "。")
    return said


def _unit(found: re.Match[str]) -> str:
    unit, power, per = found["unit"], found["power"] or "", found["per"]
    has_number = found.start("unit") > 0 and found.string[found.start() - 1].isdigit()
    if unit in {"d", "s"} and not per:
        return found[0]
    if unit in _NEEDS_A_PARTNER and not has_number and not (power or per):
        return found[0]
    said = _POWERS[power] + _UNITS[unit]
    if per:
        said += "每" + _POWERS[found["per_power"] or ""] + _UNITS.get(per, per)
    return said


def _code(code: str) -> str:
    return "".join(one_by_one(c, one="幺") if c.isdigit() else c for c in code)
