"""A yearly holiday notice as staff have it: a table (CSV) or a calendar (ICS).

A notice that is read wrongly gives wrong deadlines for a year. Whatever is not clear is refused with the
line that it is in, and nothing is taken.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.disclosure.statutory_holidays import statutory_holidays
from services.disclosure.work_calendar import HolidayYear
from services.errors import Invalid

LARGEST_BYTES = 200_000
_LONGEST_SPAN = 15
_LONGEST_NAME = 20
_SATURDAY = 5
_DECEMBER = 12
_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?")
_WORKED = re.compile(r"上班|补班|调班|工作日|[(（]班[)）]|(?:^|\s)班(?:\s|$)")
# 调休 alone is neither: some write it for the day off, some for the day worked.
_OFF = re.compile(r"放假|休息|休假|假期|[(（]休[)）]|(?:^|\s)[休假](?:\s|$)")
_NAME_ENDS = re.compile(r"[\s(（]|放假|休息|休假|假期|调休|补班|调班|上班|第\d")
_HEADINGS = ("日期", "开始", "date", "start")


class BadHolidayFile(Invalid):
    """The file is no holiday notice, or not one that can be understood for certain."""

    code = "bad_holiday_file"
    sentence = "这个文件不像节假日安排，请按页面上的样子整理后再导入。"


@dataclass(frozen=True)
class _Line:
    first: date
    last: date
    is_worked: bool
    festival: str
    where: str
    """The line as its mistakes name it."""


def read_holiday_file(content: bytes, *, is_national: bool = True) -> HolidayYear:
    """Return the days of a notice.

    A table has the columns first day, last day (may be left out or empty), 放假 or 上班, festival. A
    calendar has one entry for each, whose title says 放假/休 or 上班/班. The notice for the whole
    country must have every holiday of the law. Raises BadHolidayFile.
    """
    if len(content) > LARGEST_BYTES:
        raise BadHolidayFile(sentence="文件太大了，一年的节假日安排只有几十行。")
    text = _text_of(content)
    is_calendar = "BEGIN:VCALENDAR" in text[:2000].upper()
    lines = list(_calendar_lines(text) if is_calendar else _table_lines(text))
    if not lines:
        raise BadHolidayFile(sentence="文件里没有节假日，请核对是不是选错了文件。")
    found = _put_together(lines)
    if is_national:
        _require_statutory(found)
    return found


def _text_of(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadHolidayFile(sentence="文件的文字读不出来，请另存为 UTF-8 编码的 CSV 再导入。")


def _table_lines(text: str) -> Iterator[_Line]:
    separator = "\t" if "\t" in text else ","
    rows = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].lower().startswith(_HEADINGS):
            continue
        where = f"第{number}行"
        first = _table_day(cells[0], where)
        rest = cells[1:]
        last = first
        if rest and (not rest[0] or rest[0][0].isdigit()):
            last = _table_day(rest[0], where) if rest[0] else first
            rest = rest[1:]
        kind, festival = (*rest, "", "")[:2]
        yield _line(first, last, kind, festival or "节假日", where)


def _table_day(written: str, where: str) -> date:
    parts = _DAY.fullmatch(written)
    try:
        if parts is None:
            raise ValueError(written)
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise BadHolidayFile(
            sentence=f"{where}：“{written[:20]}”不是日期，请写成 2027-01-01 这样。"
        ) from None


def _calendar_lines(text: str) -> Iterator[_Line]:
    # A line that begins with a blank goes on with the one before (RFC 5545).
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    entries = re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", unfolded, re.DOTALL | re.IGNORECASE)
    for number, entry in enumerate(entries, start=1):
        where = f"第{number}个日程"
        fields: dict[str, str] = {}
        for line in entry.splitlines():
            name, _, value = line.partition(":")
            fields.setdefault(name.partition(";")[0].strip().upper(), value.strip())
        first = _calendar_day(fields.get("DTSTART", ""), where)
        after = _calendar_day(fields["DTEND"], where) if fields.get("DTEND") else first
        # The end of a calendar entry is the day after its last.
        last = max(first, after - timedelta(days=1))
        title = fields.get("SUMMARY", "")
        yield _line(first, last, title, _NAME_ENDS.split(title)[0] or "节假日", where)


def _calendar_day(written: str, where: str) -> date:
    parts = _COMPACT_DAY.fullmatch(written)
    try:
        if parts is None:
            raise ValueError(written)
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise BadHolidayFile(sentence=f"{where}没有写明日期，请核对文件。") from None


def _line(first: date, last: date, kind: str, festival: str, where: str) -> _Line:
    is_worked, is_off = bool(_WORKED.search(kind)), bool(_OFF.search(kind))
    if not is_worked and not is_off:
        raise BadHolidayFile(sentence=f"{where}：没有写明是放假还是上班。")
    if not first <= last <= first + timedelta(days=_LONGEST_SPAN):
        raise BadHolidayFile(sentence=f"{where}：结束的日期不对，请核对。")
    return _Line(first, last, is_worked, festival[:_LONGEST_NAME], where)


def _put_together(lines: list[_Line]) -> HolidayYear:
    year = max(line.last.year for line in lines)
    off: dict[date, str] = {}
    worked: dict[date, str] = {}
    for line in lines:
        for offset in range((line.last - line.first).days + 1):
            day = line.first + timedelta(days=offset)
            if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
                raise BadHolidayFile(
                    sentence=f"{line.where}：一次只能导入一年的安排，{day}不属于{year}年。"
                )
            if line.is_worked and day.weekday() < _SATURDAY:
                raise BadHolidayFile(
                    sentence=f"{line.where}：{day}不是星期六或星期日，不会是调休上班。"
                )
            (worked if line.is_worked else off)[day] = line.festival
    if both := sorted(off.keys() & worked.keys()):
        raise BadHolidayFile(sentence=f"{both[0]}既写了放假又写了上班，请核对。")
    return HolidayYear(year, off, worked)


def _require_statutory(found: HolidayYear) -> None:
    """Refuse a notice without a holiday that the law gives: weekdays only, a table may leave out weekends."""
    missing = [
        f"{day}（{festival}）"
        for day, festival in sorted(statutory_holidays(found.year).items())
        if day not in found.days_off and day.weekday() < _SATURDAY
    ]
    if missing:
        raise BadHolidayFile(
            sentence=f"缺少法定节假日：{'、'.join(missing[:5])}，文件可能不完整，请核对。"
        )
