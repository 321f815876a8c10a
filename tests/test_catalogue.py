"""The catalogue and the gazette, read without a line of JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise

import httpx
import pytest

from models.category import Category
from models.display_item import DisplayItem, DisplayKind
from models.document import Document, Validity
from models.index_change import Subject
from models.publishable import Publication
from models.venue import Venue, VenueLevel, VenueType
from services import catalogue, display_items, gazette_issues, publication
from services.access import system
from services.catalogue import Filters
from services.gazette_issues import Line, read_lines
from tests.databases import environment_of
from tests.doors import Doors, open_doors

MANY = 60


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    with open_doors(folder, **environment_of(folder)) as opened:
        opened.run(_fill())
        yield opened


async def _fill() -> None:
    """Add documents of many years and agencies, two of them at zones of their own."""
    city = await Venue.all().order_by("id").first()
    assert city is not None
    district, other = [
        await Venue.create(
            code=code, place=code, type=VenueType.LIBRARY, level=VenueLevel.TOWN, parent=city
        )
        for code in ("below", "beside")
    ]
    rows = [
        Document(
            external_id=f"many-{n}",
            title=f"第{n}号普通通知",
            agency=("甲局", "乙局", "丙局")[n % 3],
            published_on=date(2000 + n % 10, 1, 1 + n % 28) if n % 4 else None,
            signed_on=date(1990, 6, 1) if n % 4 == 0 and n else None,
            validity=Validity.REPEALED if n % 5 == 0 else Validity.IN_FORCE,
            category=Category.BUDGETS if n % 2 else Category.FEES,
            content_hash=str(n),
        )
        for n in range(MANY)
    ]
    await Document.bulk_create(rows)
    for venue, title in ((district, "只在下级的通知"), (other, "只在旁边的通知")):
        await Document.create(external_id=title, title=title, content_hash="x", venue=venue)
    for state in (Publication.UNPUBLISHED, Publication.WITHDRAWN):
        await Document.create(
            external_id=state.value, title="看不见的通知", content_hash="x", publication=state
        )


@pytest.fixture
def visitor(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client(headers={"Accept": "text/html", "X-Forwarded-For": "10.0.0.1"}) as client:
        yield client


def titles(page: str) -> list[str]:
    return re.findall(r'class="list-title" href="[^"]*">([^<]+)</a>', page)


def test_every_document_is_listed_once_the_newest_first(
    doors: Doors, visitor: httpx.Client
) -> None:
    seen: list[str] = []
    number = 1
    while True:
        page = visitor.get(f"/documents?page={number}").text
        seen += titles(page)
        if 'rel="next"' not in page:
            break
        number += 1
    rows = {row.title: row for row in doors.run(_all())}
    assert sorted(seen) == sorted(t for t in rows if t[:2] not in {"只在", "看不"})
    days = [catalogue.dated(rows[title]) or date.min for title in seen]
    assert all(earlier >= later for earlier, later in pairwise(days))
    assert days[-1] == date.min


async def _all() -> list[Document]:
    return await Document.all().order_by("id")


@pytest.mark.parametrize(
    ("query", "let_in"),
    [
        ({"category": "budgets"}, lambda n: n % 2),
        ({"agency": "乙局"}, lambda n: n % 3 == 1),
        ({"validity": "repealed"}, lambda n: n % 5 == 0),
        ({"year": "2005"}, lambda n: n % 4 and n % 10 == 5),
        ({"year": "1990"}, lambda n: n % 4 == 0 and n),
        ({"category": "fees", "agency": "甲局", "year": "1990"}, lambda n: n and n % 12 == 0),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_filters_let_in_what_they_say(visitor: httpx.Client, query, let_in) -> None:  # type: ignore[no-untyped-def]
    page = visitor.get("/documents", params=query).text
    wanted = sum(1 for n in range(MANY) if let_in(n))
    assert f"共 {wanted} 项" in page or f"（{wanted} 项）" in page


def test_filters_that_mean_nothing_are_left_out(visitor: httpx.Client) -> None:
    query = {"category": "x", "validity": "y", "year": "9" * 30, "page": "-1", "size": "<"}
    page = visitor.get("/documents", params=query)
    assert page.status_code == 200
    assert titles(page.text) == titles(visitor.get("/documents").text)
    assert titles(visitor.get("/documents?page=9999").text)


def test_a_zone_lists_and_counts_its_own_and_what_is_above(
    doors: Doors, visitor: httpx.Client
) -> None:
    at = {
        code: visitor.get("/documents", params={"venue": code}).text for code in ("below", "beside")
    }
    assert at["below"] != at["beside"]
    for code, others in (("below", "只在旁边的通知"), ("beside", "只在下级的通知")):
        found = visitor.get("/documents", params={"venue": code, "category": "unsorted"}).text
        assert others not in found
        assert "只在" in found
        assert "看不见" not in found
    total = int(re.findall(r"全部（(\d+)）", at["below"])[0])
    assert total == MANY + 15 + 1


def test_what_is_counted_is_counted_anew_when_something_is_published(
    doors: Doors, visitor: httpx.Client
) -> None:
    async def withdraw() -> None:
        document = await Document.get(title="第7号普通通知")
        actor = system(doors.context.parts.keys.sealing)
        await publication.withdraw(
            actor, Subject.DOCUMENT, document.id, reason="误发", now=datetime.now(UTC)
        )
        await doors.context.library._catch_up()

    before = re.findall(r"预算决算（(\d+)）", visitor.get("/documents").text)
    doors.run(withdraw())
    after = re.findall(r"预算决算（(\d+)）", visitor.get("/documents").text)
    assert (int(before[0]), int(after[0])) == (MANY // 2, MANY // 2 - 1)
    assert "第7号普通通知" not in visitor.get("/documents?category=budgets&year=2007").text


@pytest.mark.parametrize("typed", ["示例区办发〔2026〕5号", "示例区办发2026 5", "[2026]5"])
def test_a_search_takes_a_number_however_it_is_typed(visitor: httpx.Client, typed: str) -> None:
    found = titles(visitor.get("/documents", params={"q": typed}).text)
    assert found[0].startswith("政府信息公开申请表填写说明")


def test_a_search_leads_to_the_place(visitor: httpx.Client) -> None:
    page = visitor.get("/documents", params={"q": "不必填写的内容"}).text
    led = re.search(r'href="(/documents/\d+\?at=[^"]+)"', page)
    assert led
    there = visitor.get(led[1].replace("&amp;", "&"), follow_redirects=True).text
    assert 'class="place"' in there
    assert "没有看到文字" in visitor.get("/documents", params={"q": "？！"}).text


@pytest.mark.parametrize(
    ("every", "on", "late"),
    [
        pytest.param(30, date(2026, 1, 31), 0, id="the last day is in time"),
        pytest.param(30, date(2026, 2, 1), 1, id="the day after is late"),
        pytest.param(0, date(2036, 1, 1), 0, id="never"),
        pytest.param(30, date(2025, 12, 1), 0, id="a day that is still to come"),
    ],
)
def test_a_replacement_is_late_after_its_last_day(every: int, on: date, late: int) -> None:
    assert display_items.overdue_days(date(2026, 1, 1), every, on) == late


def test_what_is_on_display_tells_when_it_was_replaced(doors: Doors, visitor: httpx.Client) -> None:
    async def put_up() -> int:
        guide = await Document.get(title="示例区政府信息公开指南")
        await DisplayItem.create(
            kind=DisplayKind.DISCLOSURE_GUIDE, title="公开指南", document=guide,
            last_replaced_on=date(2020, 5, 1),
        )  # fmt: skip
        await DisplayItem.create(
            kind=DisplayKind.SERVICE_GUIDE, title="纸质办事指南", last_replaced_on=date(2020, 5, 1)
        )
        return guide.id

    guide_id = doors.run(put_up())
    page = visitor.get("/documents").text
    assert f'<a href="/documents/{guide_id}">公开指南</a>' in page
    assert "纸质办事指南" in page
    assert "办事服务指南 · 最近更新 2020年5月1日" in page
    # Its document was published when the sample zone was loaded: today.
    assert "公开指南 · 最近更新 2020年" not in page


def test_contents_are_read_by_line_and_mistakes_are_told_by_line() -> None:
    lines, problems = read_lines(
        "市政府文件 | 关于一件事的通知 | 3 | 示例区办发〔2026〕5号\n\n｜没有栏目的一条\n"
        "只有栏目\n人事 | 任免 | 三页\n人事 | 任免 | 3 | 1号 | 多余\n"
    )
    assert lines == [
        Line("市政府文件", "关于一件事的通知", 3, "示例区办发〔2026〕5号"),
        Line("", "没有栏目的一条"),
    ]
    assert [re.findall(r"第 (\d) 行", problem)[0] for problem in problems] == ["4", "5", "6"]
    assert [read_lines(line.written())[0] for line in lines] == [[line] for line in lines]


def test_an_issue_leads_to_its_documents_once_it_is_published(
    doors: Doors, visitor: httpx.Client
) -> None:
    async def make() -> int:
        actor = system(doors.context.parts.keys.sealing)
        wanted = gazette_issues.Wanted(
            gazette="示例区人民政府公报", year=2026, number=1, issued_on=date(2026, 3, 1),
            venue_id=None,
            lines=(
                Line("区政府文件", "填写说明", 3, "示例区办发2026 5"),
                Line("区政府文件", "没有收进来的文件", 9, "示例区办发〔2019〕77号"),
                Line("人事任免", "第8号普通通知"),
            ),
        )  # fmt: skip
        return (await gazette_issues.create(actor, wanted)).id

    issue_id = doors.run(make())
    assert visitor.get(f"/gazettes/{issue_id}").status_code == 404
    assert "还没有公报" in visitor.get("/gazettes").text
    actor = system(doors.context.parts.keys.sealing)
    doors.run(gazette_issues.publish(actor, issue_id, edits=0))
    assert "示例区人民政府公报 2026年第1期" in visitor.get("/gazettes").text
    page = visitor.get(f"/gazettes/{issue_id}").text
    assert titles(page) == ["填写说明", "第8号普通通知"]
    assert "没有收进来的文件" in page
    assert page.count("<h2>") == 2


async def _listed(doors: Doors) -> int:
    venue = await Venue.all().order_by("id").first()
    assert venue is not None
    return (await catalogue.listed(Filters(), venue.id, offset=0, limit=5))[1]


def test_the_number_of_all_is_that_of_the_facets(doors: Doors) -> None:
    async def total() -> int:
        venue = await Venue.all().order_by("id").first()
        assert venue is not None
        return (await catalogue.facets(venue.id)).total

    assert doors.run(total()) == doors.run(_listed(doors))
