"""What clerks keep in the reading area: things on display, and the gazette."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from models.agency import Agency
from models.display_item import DisplayItem, DisplayKind
from models.gazette_issue import GazetteIssue
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services import audit
from tests.databases import environment_of
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console

ITEMS = "/console/display-items"
ISSUES = "/console/gazette-issues"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    with open_doors(folder, **environment_of(folder)) as opened:
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


async def _other_zone() -> int:
    """Return a topmost zone of somebody else's."""
    venue = await Venue.get_or_none(code="elsewhere") or await Venue.create(
        code="elsewhere", place="别处", type=VenueType.LIBRARY, level=VenueLevel.TOWN
    )
    return venue.id


def item_form(**changed: str) -> dict[str, str]:
    form = {
        "kind": "disclosure_guide", "title": "公开指南", "venue": "shared",
        "document": "示例区办发2026 3", "replace_every_days": "365", "position": "1",
    }  # fmt: skip
    return form | changed


def issue_form(**changed: str) -> dict[str, str]:
    form = {
        "gazette": "示例区人民政府公报", "year": "2026", "number": "1", "venue": "shared",
        "issued_on": "2026-03-01", "entries": "区政府文件 | 填写说明 | 3 | 示例区办发〔2026〕5号",
    }  # fmt: skip
    return form | changed


def test_what_is_overdue_is_told_until_it_is_replaced(doors: Doors, clerk: AtTheConsole) -> None:
    async def old() -> int:
        item = await DisplayItem.create(
            kind=DisplayKind.SERVICE_GUIDE, title="旧指南", replace_every_days=30,
            last_replaced_on=date(2024, 1, 1),
        )  # fmt: skip
        return item.id

    item_id = doors.run(old())
    assert "陈列资料该更换了" in clerk.sees("/console")
    assert re.search(r"已超期 \d+ 天", clerk.sees(ITEMS))
    assert clerk.sends(f"{ITEMS}/{item_id}/replaced").status_code == 303
    assert "该更换了" not in clerk.sees("/console")
    assert clerk.sends(f"{ITEMS}/{item_id}/take-down").status_code == 303
    assert "旧指南" not in clerk.sees(ITEMS)


def test_something_is_put_on_display_and_changed_by_one_at_a_time(
    doors: Doors, clerk: AtTheConsole
) -> None:
    assert clerk.sends(f"{ITEMS}/new", **item_form()).status_code == 303
    found = re.search(rf'href="({ITEMS}/\d+)">公开指南', clerk.sees(ITEMS))
    assert found
    path = found[1]
    with doors.client(headers={"Accept": "text/html"}) as visitor:
        assert "公开指南</a>" in visitor.get("/documents").text
    with at_the_console(doors, Role.CLERK) as other:
        assert other.sends(path, edits=0, **item_form(title="新公开指南")).status_code == 303
    late = clerk.sends(path, edits=0, **item_form(title="我的公开指南"))
    assert late.status_code == 409
    assert "新公开指南" in late.text
    assert "我的公开指南" in late.text
    assert "新公开指南" in clerk.sees(ITEMS)


@pytest.mark.parametrize(
    ("field", "value"),
    [("document", "没有这份文件"), ("venue", "999"), ("kind", "x"), ("title", ""),
     ("replace_every_days", "很多")],
)  # fmt: skip
def test_a_mistake_is_told_and_nothing_is_lost(clerk: AtTheConsole, field: str, value: str) -> None:
    answer = clerk.sends(f"{ITEMS}/new", **item_form(position="77", **{field: value}))
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert 'value="77"' in answer.text


def test_an_issue_is_kept_shown_and_taken_away(doors: Doors, clerk: AtTheConsole) -> None:
    kept = clerk.sends(f"{ISSUES}/new", **issue_form())
    assert kept.status_code == 303
    path = kept.headers["location"]
    public = path.replace(ISSUES, "/gazettes")
    with doors.client(headers={"Accept": "text/html"}) as visitor:
        assert visitor.get(public).status_code == 404
        assert clerk.sends(f"{path}/publish", edits=0).status_code == 303
        assert "填写说明</a>" in visitor.get(public).text
        more = issue_form()["entries"] + "\n人事 | 任免一批 |  | 示例区府人〔2026〕1号"
        assert clerk.sends(path, edits=1, **issue_form(entries=more)).status_code == 303
        page = clerk.sees(path)
        assert "人事 | 任免一批 |  | 示例区府人〔2026〕1号" in page
        assert "库里还没有的 1 条" in page
        assert "任免一批" in visitor.get(public).text
        late = clerk.sends(path, edits=1, **issue_form(entries="只有 | 我的"))
        assert late.status_code == 409
        assert "任免一批" in late.text
        assert "只有 | 我的" in late.text
        assert clerk.sends(f"{path}/withdraw", edits=2).status_code == 303
        assert visitor.get(public).status_code == 404
    twice = clerk.sends(f"{ISSUES}/new", **issue_form())
    assert twice.status_code == 422
    assert "已经有了" in twice.text
    wrong = clerk.sends(f"{ISSUES}/new", **issue_form(number="2", entries="没有标题"))
    assert wrong.status_code == 422
    assert "第 1 行" in wrong.text
    assert doors.run(audit.verify(doors.context.parts.keys.sealing)).broken_at is None


def test_another_zones_things_are_not_there(doors: Doors) -> None:
    zone = doors.run(_other_zone())

    async def theirs() -> tuple[int, int]:
        item = await DisplayItem.create(
            kind=DisplayKind.OTHER, title="首区资料", last_replaced_on=date(2026, 1, 1),
            venue=await Venue.all().order_by("id").first(),
        )  # fmt: skip
        issue = await GazetteIssue.create(
            gazette="首区公报", year=2026, number=9, issued_on=date(2026, 1, 1),
            venue=await Venue.all().order_by("id").first(),
        )  # fmt: skip
        return item.id, issue.id

    item_id, issue_id = doors.run(theirs())
    with at_the_console(doors, Role.CLERK, venues=[zone]) as stranger:
        assert "首区资料" not in stranger.sees(ITEMS)
        assert "首区公报" not in stranger.sees(ISSUES)
        assert stranger.looks(f"{ITEMS}/{item_id}") == 404
        assert stranger.looks(f"{ISSUES}/{issue_id}") == 404
        assert stranger.sends(f"{ITEMS}/{item_id}/replaced").status_code == 404
        assert stranger.sends(f"{ISSUES}/{issue_id}/publish", edits=0).status_code == 404
    with at_the_console(doors, Role.SUPERVISOR) as supervisor:
        assert supervisor.looks(ITEMS) == 403
        assert supervisor.looks(ISSUES) == 403


def test_an_agencys_officers_keep_no_reading_area(doors: Doors) -> None:
    async def agency() -> int:
        return (await Agency.create(name="示例局")).id

    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[doors.run(agency())]) as officer:
        assert f"{ITEMS}/new" not in officer.sees(ITEMS)
        assert f"{ISSUES}/new" not in officer.sees(ISSUES)
        assert officer.sends(f"{ITEMS}/new", **item_form()).status_code == 422
        assert officer.sends(f"{ISSUES}/new", **issue_form(number="5")).status_code == 422
