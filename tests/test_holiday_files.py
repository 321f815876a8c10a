"""Holiday notices as files: tables and calendars are read, whatever is not clear is refused."""

from __future__ import annotations

from datetime import date

import pytest

from services.disclosure.holiday_files import BadHolidayFile, read_holiday_file
from tests.holiday_notices import NOTICE_2027

D = date.fromisoformat


def test_a_table_is_read() -> None:
    found = read_holiday_file(NOTICE_2027.encode())
    assert found.year == 2027
    assert found.days_off[D("2027-02-11")] == "春节"
    assert len(found.days_off) == 29
    assert found.days_worked == {
        D("2027-02-20"): "春节", D("2027-09-26"): "国庆节", D("2027-10-09"): "国庆节",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("2027-01-01", "2027年1月1日"),
        lambda text: text.replace("2027-01-01", "2027/1/1"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.partition("\n")[2],
    ],
    ids=["tabs", "Chinese days", "slashes", "Windows lines", "no heading"],
)
def test_tables_as_office_programs_write_them(change: object) -> None:
    text = change(NOTICE_2027)  # type: ignore[operator]
    expected = read_holiday_file(NOTICE_2027.encode())
    assert read_holiday_file(text.encode("gb18030")) == expected
    assert read_holiday_file(text.encode("utf-8-sig")) == expected


def calendar(*entries: tuple[str, str, str]) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{first}\r\n"
        + (f"DTEND;VALUE=DATE:{after}\r\n" if after else "")
        + f"SUMMARY:{title}\r\nEND:VEVENT\r\n"
        for first, after, title in entries
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


def test_a_calendar_is_read() -> None:
    found = read_holiday_file(
        calendar(
            ("20270101", "20270104", "元旦 假期"), ("20270205", "20270213", "春节（休）"),
            ("20270220", "", "春节(班)"), ("20270405", "20270406", "清明节放假"),
            ("20270501", "20270506", "劳动节 假期 第1天/共5天"), ("20270609", "", "端午节 休"),
            ("20270915", "", "中秋节(休)"), ("20271001", "20271008", "国庆节 假期"),
        )
    )  # fmt: skip
    assert found.days_off[D("2027-01-03")] == "元旦"
    assert D("2027-01-04") not in found.days_off, "the end is the day after the last"
    assert found.days_worked == {D("2027-02-20"): "春节"}
    assert found.days_off[D("2027-05-05")] == "劳动节"


def test_a_notice_may_reach_back_into_december() -> None:
    found = read_holiday_file((NOTICE_2027 + "2026-12-31,,放假,元旦\n").encode())
    assert (found.year, D("2026-12-31") in found.days_off) == (2027, True)


def test_local_days_need_no_national_holidays() -> None:
    found = read_holiday_file("2027-11-08,,放假,自治县成立纪念日".encode(), is_national=False)
    assert list(found.days_off) == [D("2027-11-08")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "没有节假日"),
        (b"\xff\xfe\x00\x81", "读不出来"),
        (b"x" * 200_001, "太大"),
        ("姓名,电话\n张三,1380000".encode(), "不是日期"),
        ("2027-02-30,,放假,春节".encode(), "第1行"),
        ("2027-02-06,,也许,春节".encode(), "没有写明是放假还是上班"),
        ("2027-02-06,,调休,春节".encode(), "没有写明是放假还是上班"),
        ("2027-02-10,2027-02-06,放假,春节".encode(), "结束的日期不对"),
        ("2027-01-01,2027-12-31,放假,春节".encode(), "结束的日期不对"),
        (NOTICE_2027.replace("2027-02-20", "2027-02-22").encode(), "不是星期六或星期日"),
        ((NOTICE_2027 + "2027-10-02,,上班,国庆节\n").encode(), "既写了放假又写了上班"),
        ((NOTICE_2027 + "2025-10-01,,放假,国庆节\n").encode(), "一次只能导入一年"),
        ("2027-01-01,2027-01-03,放假,元旦".encode(), "缺少法定节假日：2027-02-05（春节）"),
        (calendar(("20270215", "", "元宵节")), "没有写明是放假还是上班"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT", "没有写明日期"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "没有节假日"),
    ],
)
def test_what_is_not_clear_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BadHolidayFile) as refused:
        read_holiday_file(content)
    assert said in refused.value.sentence
