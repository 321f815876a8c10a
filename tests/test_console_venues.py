"""An administrator sets up zones, agencies and kiosks; nobody else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from models.audit_record import AuditRecord
from models.staff import Role
from models.venue import Area, Venue
from services.hours_keeping import read_hours
from services.opening_hours import HolidayRule
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console

FORM = {
    "place": "示例区档案馆", "type": "archive", "level": "district", "parent_id": "",
    "address": "示例路3号", "phone": "023-00000003", "directions": "", "is_open_to_public": "on",
    "on_holidays": "closed", "on_make_up_days": "shut", "edits": "0",
    **{f"week-{day}": "9:00-12:00, 13:30至17:00" for day in range(5)},
    "season-0-name": "夏季", "season-0-first": "5月1日", "season-0-last": "9-30",
    "season-0-week-0": "9：00—18：00",
    "single_days": "2026-12-31 9:00-12:00 提前闭馆",
}  # fmt: skip


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("venues")) as opened:
        yield opened


@pytest.fixture
def administrator(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.ADMINISTRATOR) as person:
        yield person


def set_up(person: AtTheConsole, code: str, **changes: Any) -> int:
    sent = person.sends("/console/venues/new", **FORM | changes, code=code)
    assert sent.status_code == 303, re.findall(r'class="mistake">([^<]+)', sent.text)
    return int(sent.headers["location"].rpartition("/")[2])


def mistakes(text: str) -> list[str]:
    return re.findall(r'<p class="mistake">([^<]+)</p>', text)


def test_a_zone_is_set_up_with_its_hours(doors: Doors, administrator: AtTheConsole) -> None:
    number = set_up(administrator, "archive-1")

    async def kept() -> tuple[Venue, AuditRecord | None]:
        record = await AuditRecord.filter(subject=f"venue:{number}").first()
        return await Venue.get(id=number), record

    venue, record = doors.run(kept())
    assert venue.title == "示例区档案馆政务公开专区"
    assert venue.areas == {Area.SEARCH, Area.READING}
    assert record is not None and record.action == "venue_changed"
    hours = read_hours(venue.hours)
    assert [span.written() for span in hours.week[4]] == ["9:00—12:00", "13:30—17:00"]
    assert hours.seasons[0].last == "09-30"
    assert hours.on_holidays is HolidayRule.CLOSED
    page = administrator.sees(f"/console/venues/{number}")
    assert 'value="9:00-12:00 13:30-17:00"' in page
    assert "2026-12-31 9:00-12:00 提前闭馆" in page
    assert "示例区档案馆" in administrator.sees("/console/venues")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"code": "A b"}, "代码只能用小写字母", id="a code that is none"),
        pytest.param({"code": "zone"}, "已经用了", id="a code that is taken"),
        pytest.param({"place": " "}, "请填写所在场所", id="no place"),
        pytest.param({"week-0": "早上九点"}, "看不懂", id="hours that cannot be read"),
        pytest.param({"week-0": "25:00-26:00"}, "不存在的时间", id="a time that is none"),
        pytest.param({"week-0": "17:00-9:00"}, "关门时间应晚于开门时间", id="hours backwards"),
        pytest.param({"season-0-first": "2-30"}, "没有 02-30 这一天", id="no such day"),
        pytest.param({"extra_areas": "advice"}, "不设政策咨询区", id="a desk in an archive"),
        pytest.param({"type": "castle"}, "请选择类型", id="a type that is none"),
        pytest.param({"parent_id": "99999"}, "没有这个上级专区", id="no such parent"),
        pytest.param({"single_days": "2026-13-01"}, "看不懂", id="no such date"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    administrator: AtTheConsole, changes: dict[str, str], said: str
) -> None:
    sent = administrator.sends("/console/venues/new", **FORM | {"code": "new-one"} | changes)
    assert sent.status_code == 422
    assert said in "".join(mistakes(sent.text)), mistakes(sent.text)
    assert "示例路3号" in sent.text


def test_levels_and_circles(administrator: AtTheConsole) -> None:
    district = set_up(administrator, "d-1", type="service_hall")
    town = set_up(administrator, "t-1", type="service_hall", level="town", parent_id=str(district))
    below = {"type": "service_hall", "parent_id": str(town), "edits": "0"}
    circle = administrator.sends(f"/console/venues/{district}", **FORM | below)
    assert circle.status_code == 422
    assert "不能作区县级政务服务场所的上级" in circle.text
    lowered = {"type": "service_hall", "level": "village", "edits": "0"}
    too_low = administrator.sends(f"/console/venues/{district}", **FORM | lowered)
    assert "请先调整它们" in too_low.text


def test_the_second_of_two_is_told_and_nothing_is_overwritten(
    doors: Doors, administrator: AtTheConsole
) -> None:
    number = set_up(administrator, "both")
    with at_the_console(doors, Role.ADMINISTRATOR) as other:
        first = other.sends(f"/console/venues/{number}", **FORM | {"phone": "111", "edits": "0"})
        assert first.status_code == 303
    second = administrator.sends(
        f"/console/venues/{number}", **FORM | {"phone": "222", "edits": "0"}
    )
    assert second.status_code == 409
    assert "别人改成了这样" in second.text
    assert "<dt>电话</dt><dd>111</dd>" in second.text
    assert 'value="222"' in second.text
    assert 'name="edits" value="1"' in second.text
    resolved = FORM | {"phone": "222", "edits": "1"}
    assert administrator.sends(f"/console/venues/{number}", **resolved).status_code == 303
    assert 'value="222"' in administrator.sees(f"/console/venues/{number}")


def test_a_closure_is_announced_and_called_off(administrator: AtTheConsole) -> None:
    number = set_up(administrator, "closing")
    day = date.today() + timedelta(days=3)  # noqa: DTZ011 - any day to come will do.
    path = f"/console/venues/{number}"
    sent = administrator.sends(f"{path}/closures", first_day=str(day), reason="管道检修")
    assert sent.status_code == 303
    page = administrator.sees(path)
    found = re.search(rf"{path}/closures/(\d+)/called-off", page)
    assert found and "管道检修" in page
    gone = administrator.sends(f"{path}/closures/{found[1]}/called-off")
    assert gone.status_code == 303
    assert "管道检修" not in administrator.sees(path)
    over = administrator.sends(
        f"{path}/closures", first_day="2020-01-01", last_day="2020-01-02", reason="过去"
    )
    assert over.status_code == 422
    again = administrator.sends(f"{path}/closures/{found[1]}/called-off")
    assert again.status_code == 404


def test_agencies_are_kept(administrator: AtTheConsole) -> None:
    added = administrator.sends(
        "/console/agencies/new", name="示例区民政局", other_names="区民政局\n民政局", is_active="on"
    )
    assert added.status_code == 303
    page = administrator.sees("/console/agencies")
    assert "区民政局、民政局" in page
    found = re.search(r"/console/agencies/(\d+)", page)
    assert found
    twice = administrator.sends("/console/agencies/new", name="示例区民政局")
    assert "已经有" in "".join(mistakes(twice.text))
    number = set_up(administrator, "accepting", type="service_hall", accepts_for=[found[1]])
    box = rf'name="accepts_for" value="{found[1]}" checked'
    assert re.search(box, administrator.sees(f"/console/venues/{number}"))


def test_a_kiosk_is_added_and_revoked(doors: Doors, administrator: AtTheConsole) -> None:
    number = set_up(administrator, "with-kiosk", type="service_hall")
    made = administrator.sends("/console/devices", name="大厅自助机", venue_id=str(number))
    shown = re.search(r'id="new-code">(\d{4}) (\d{4})<', made.text)
    assert shown
    assert "等待登记" in administrator.sees("/console/devices")
    assert "".join(shown.groups()) not in administrator.sees("/console/devices"), "shown once"
    with doors.client(headers={"X-Forwarded-For": "10.0.0.9"}) as kiosk:
        enrolled = kiosk.post("/kiosk/enrolment", data={"code": "".join(shown.groups())})
        assert enrolled.status_code == 303
        kiosk.post("/kiosk/faults", json={"fault": "paper"}).raise_for_status()
        page = administrator.sees("/console/devices")
        assert "在线" in page and "打印机缺纸" in page
        device = re.findall(r"/console/devices/(\d+)/revoked", page)[-1]
        assert administrator.sends(f"/console/devices/{device}/revoked").status_code == 303
        assert kiosk.post("/kiosk/presence").status_code == 403
    assert "已撤销" in administrator.sees("/console/devices")
    taken = administrator.sends("/console/devices", name="", venue_id=str(number))
    assert mistakes(taken.text) == ["请填写名称。"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_manages_zones(doors: Doors, role: Role) -> None:
    with at_the_console(doors, role) as person:
        for path in ("/console/venues", "/console/venues/1", "/console/agencies"):
            assert person.looks(path) == 403
        assert person.looks("/console/devices") == 403
        assert person.sends("/console/venues/1", **FORM).status_code == 403
        assert person.sends("/console/devices", name="x", venue_id="1").status_code == 403


@pytest.mark.parametrize("path", ["/console/venues/99999", "/console/agencies/99999"])
def test_what_is_not_there_is_not_found(administrator: AtTheConsole, path: str) -> None:
    assert administrator.looks(path) == 404
