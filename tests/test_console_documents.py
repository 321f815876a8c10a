"""Clerk, reviewer and the clerk of another zone work on documents through the real server."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest

from models.agency import Agency
from models.document import Document
from models.index_change import Subject
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from models.version import Version
from search.document_number import number_key
from server.console.document_review import CHECKS
from services.clock import ZONE
from tests.doors import PATIENCE_S, Doors, open_doors
from tests.people import AtTheConsole, at_the_console, first_venue

TEXT = "# 一、发放对象\n八十周岁以上老年人。\n# 二、发放标准\n每月{0}元。\n\\# 不是标题"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("documents")) as opened:
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK, name="王经办") as signed_in:
        yield signed_in


@pytest.fixture
def reviewer(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.REVIEWER, name="李审查") as signed_in:
        yield signed_in


def fields(doors: Doors, **changed: str) -> dict[str, str]:
    return {
        "title": "高龄津贴发放办法", "agency": "示例区民政局", "document_number": "示民发〔2026〕8号",
        "signed_on": "2026-03-01", "validity": "in_force", "category": "welfare",
        "venue": str(first_venue(doors)), "agency_id": "", "text": TEXT.format("一百"),
    } | changed  # fmt: skip


def begins(doors: Doors, clerk: AtTheConsole, **changed: str) -> int:
    made = clerk.sends("/console/documents/new", **fields(doors, **changed))
    assert made.status_code == 303, made.text[:2000]
    return int(made.headers["location"].rpartition("/")[2])


def newest(doors: Doors, document: int) -> Version:
    async def found() -> Version:
        versions = Version.filter(subject=Subject.DOCUMENT, subject_id=document)
        return await versions.order_by("-number").first()  # type: ignore[return-value]

    return doors.run(found())


def does(person: AtTheConsole, doors: Doors, document: int, deed: str) -> httpx.Response:
    version = newest(doors, document)
    return person.sends(
        f"/console/documents/{document}/{deed}", version=version.id, edits=version.edits
    )


def decides(
    person: AtTheConsole, doors: Doors, document: int, decision: str, **more: object
) -> httpx.Response:
    ticked = {"checks": [name for name, _ in CHECKS]} if decision == "pass" else {}
    return person.sends(
        f"/console/documents/{document}/review",
        **({"decision": decision, "edits": newest(doors, document).edits} | ticked | more),
    )


def publishes(clerk: AtTheConsole, reviewer: AtTheConsole, doors: Doors, document: int) -> None:
    assert does(clerk, doors, document, "submitted").status_code == 303
    assert decides(reviewer, doors, document, "pass").status_code == 303


def saves(
    clerk: AtTheConsole, doors: Doors, document: int, edits: int, **changed: str
) -> httpx.Response:
    return clerk.sends(
        f"/console/documents/{document}/edit",
        version=newest(doors, document).id, edits=edits, **fields(doors, **changed),
    )  # fmt: skip


def text_of(page: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", page)))


def is_found(doors: Doors, words: str) -> bool:
    with doors.client() as anyone:
        found = anyone.get("/api/v1/search", params={"q": words})
        assert found.status_code == 200
        return words in found.text


def until_found(doors: Doors, words: str, wanted: bool) -> None:
    until = time.monotonic() + PATIENCE_S
    while is_found(doors, words) is not wanted:
        assert time.monotonic() < until, f"{words} is {'not ' if wanted else ''}found"
        time.sleep(0.05)


def test_a_document_is_written_checked_published_changed_and_withdrawn(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    document = begins(doors, clerk)
    assert not is_found(doors, "高龄津贴发放办法")
    assert does(clerk, doors, document, "submitted").status_code == 303
    waiting = reviewer.sees("/console/documents", state="in_review")
    assert f"/console/documents/{document}" in waiting
    page = reviewer.sees(f"/console/documents/{document}/review")
    assert "王经办" in page and "每月一百元。" in page
    unticked = decides(reviewer, doors, document, "pass", checks=["faithful"])
    assert unticked.status_code == 422 and "还有 4 项没有核对" in unticked.text
    assert decides(reviewer, doors, document, "back").status_code == 422
    assert decides(reviewer, doors, document, "back", note="标准请核实。").status_code == 303
    assert "审查退回：标准请核实。" in clerk.sees(f"/console/documents/{document}")
    saved = saves(clerk, doors, document, newest(doors, document).edits, text=TEXT.format("两百"))
    assert saved.status_code == 303, saved.text[:2000]
    publishes(clerk, reviewer, doors, document)
    until_found(doors, "高龄津贴发放办法", True)

    assert clerk.sends(f"/console/documents/{document}/draft").status_code == 303
    edit = clerk.sees(f"/console/documents/{document}/edit")
    assert "\n# 二、发放标准\n每月两百元。\n\\# 不是标题" in html.unescape(edit)
    saves(clerk, doors, document, 0, text=TEXT.format("三百"), title="高龄津贴发放新办法")
    assert does(clerk, doors, document, "submitted").status_code == 303
    page = reviewer.sees(f"/console/documents/{document}/review")
    assert "每月删去：两（删去结束）新增：三（新增结束）百元。" in text_of(page)
    assert re.search(r"<del>高龄津贴发放办法</del>.*<ins>高龄津贴发放新办法</ins>", page)
    assert decides(reviewer, doors, document, "pass").status_code == 303
    until_found(doors, "高龄津贴发放新办法", True)
    shown = clerk.sees(f"/console/documents/{document}")
    for told in ("第 1 稿", "第 2 稿", "已替换", "王经办 拟稿", "李审查 审查", "5 项已逐项核对"):
        assert told in shown
    compared = clerk.sees(f"/console/documents/{document}/differences", **{"from": 2, "to": 1})
    assert "每月删去：三（删去结束）新增：两（新增结束）百元。" in text_of(compared)
    assert clerk.looks(f"/console/documents/{document}/differences?from=1&to=9") == 404

    assert clerk.sends(f"/console/documents/{document}/withdrawn", reason="").status_code == 422
    new = begins(doors, clerk, title="替代它的办法", document_number="示民发〔2026〕9号")
    away = {"reason": "另有新规定。", "replaced_by": "示民发〔2026〕9号"}
    unpublished = clerk.sends(f"/console/documents/{document}/withdrawn", **away)
    assert unpublished.status_code == 404 and "它必须已经发布" in unpublished.text
    publishes(clerk, reviewer, doors, new)
    gone = clerk.sends(f"/console/documents/{document}/withdrawn", **away)
    assert gone.status_code == 303
    until_found(doors, "高龄津贴发放新办法", False)
    shown = clerk.sees(f"/console/documents/{document}")
    assert "已撤下" in shown and "另有新规定。" in shown and "替代它的办法</a>替代" in shown


def test_of_two_who_write_the_second_is_shown_both_and_nothing_is_lost(
    doors: Doors, clerk: AtTheConsole
) -> None:
    document = begins(doors, clerk, document_number="")
    with at_the_console(doors, Role.CLERK, name="赵同事") as colleague:
        edits = newest(doors, document).edits
        first = saves(colleague, doors, document, edits, text=TEXT.format("一百五十"))
        assert first.status_code == 303
        second = saves(clerk, doors, document, edits, text=TEXT.format("九十"), agency="某局")
    assert second.status_code == 409
    assert "赵同事 在" in second.text and "别人已经改过" in second.text
    assert "每月一百五十元。" in html.unescape(second.text)
    written = re.search(
        r'<textarea id="field-text"[^>]*>\n(.*?)</textarea>', second.text, re.DOTALL
    )
    assert written and html.unescape(written[1]) == TEXT.format("九十")
    assert 'value="某局"' in second.text
    assert "一百五十" in newest(doors, document).content
    shown = re.search(r'name="edits" value="(\d+)"', second.text)
    assert shown
    again = saves(clerk, doors, document, int(shown[1]), text=TEXT.format("九十"), agency="某局")
    assert again.status_code == 303
    assert "每月九十元。" in newest(doors, document).content


def test_mistakes_are_told_and_nothing_typed_is_lost(doors: Doors, clerk: AtTheConsole) -> None:
    wrong = fields(doors, title="", signed_on="去年", text="写了很久的正文。")
    answer = clerk.sends("/console/documents/new", **wrong)
    assert answer.status_code == 422
    for told in ("有 2 处需要修改", "请填写标题。", "成文日期请按", "写了很久的正文。", "去年"):
        assert told in answer.text


def test_a_long_law_can_be_edited(doors: Doors, clerk: AtTheConsole) -> None:
    articles = [f"第{n}条 行政机关应当依法公开政府信息，便利公众查阅。" for n in range(1, 4000)]
    document = begins(
        doors, clerk, title="很长的条例", document_number="", text="\n".join(articles)
    )
    content = newest(doors, document).content
    assert content.count('"text"') == 3999 and '"article":"第3999条"' in content
    too_long = "长" * 800_000
    refused = clerk.sends("/console/documents/new", **fields(doors, text=too_long))
    assert refused.status_code == 413


def test_nobody_passes_what_they_wrote_and_clerks_pass_nothing(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    document = begins(doors, clerk, document_number="")
    assert does(clerk, doors, document, "submitted").status_code == 303
    assert decides(clerk, doors, document, "pass").status_code == 403
    assert "审查通过</button>" not in clerk.sees(f"/console/documents/{document}/review")
    assert reviewer.sends(f"/console/documents/{document}/draft").status_code == 403
    assert decides(clerk, doors, document, "back", note="我再改改。").status_code == 303
    assert does(clerk, doors, document, "abandoned").status_code == 303
    assert f"/console/documents/{document}" in clerk.sees("/console/documents", state="abandoned")


def test_publication_can_wait_for_its_time(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    document = begins(doors, clerk, document_number="", title="定时发布的办法")
    assert does(clerk, doors, document, "submitted").status_code == 303
    past = (datetime.now(ZONE) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    late = decides(reviewer, doors, document, "pass", publish_at=past)
    assert late.status_code == 422 and "时间已经过了" in late.text
    coming = (datetime.now(ZONE) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert decides(reviewer, doors, document, "pass", publish_at=coming).status_code == 303
    version = newest(doors, document)
    assert version.state.value == "scheduled" and version.publish_at is not None
    assert version.publish_at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == coming
    assert "定于" in clerk.sees(f"/console/documents/{document}")


def test_another_zone_finds_nothing_of_it(doors: Doors, clerk: AtTheConsole) -> None:
    async def elsewhere() -> tuple[int, int]:
        venue = await Venue.create(
            code="other", place="别处", type=VenueType.LIBRARY, level=VenueLevel.TOWN
        )
        return venue.id, (await Agency.create(name="别处文旅局")).id

    venue, agency = doors.run(elsewhere())
    document = begins(doors, clerk, title="只在本专区的办法", document_number="")
    version = newest(doors, document)
    with at_the_console(doors, Role.CLERK, venues=[venue]) as stranger:
        assert "只在本专区的办法" not in stranger.sees("/console/documents", words="办法")
        for path in ("", "/edit", "/review", "/differences?from=1&to=1", "/versions/1/file"):
            assert stranger.looks(f"/console/documents/{document}{path}") == 404, path
        for deed in ("draft", "submitted", "abandoned", "withdrawn", "review", "edit"):
            sent = stranger.sends(
                f"/console/documents/{document}/{deed}",
                version=version.id, edits=version.edits, reason="x", note="x",
                **fields(doors),
            )  # fmt: skip
            assert sent.status_code == 404, deed
        theirs = begins(doors, stranger, venue=str(venue), document_number="")
        # The version of one document through the address of another.
        sent = stranger.sends(
            f"/console/documents/{theirs}/abandoned", version=version.id, edits=version.edits
        )
        assert sent.status_code == 404
    assert newest(doors, document).edits == version.edits
    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[agency]) as officer:
        assert officer.looks(f"/console/documents/{document}") == 404
        bound = saves(clerk, doors, document, version.edits, agency_id=str(agency))
        assert bound.status_code == 303
        assert officer.looks(f"/console/documents/{document}/edit") == 200
    moved = saves(clerk, doors, document, version.edits + 1, venue=str(venue))
    assert moved.status_code == 422 and "请选择由哪个专区管理。" in moved.text


def test_the_list_is_filtered_counted_and_paged(doors: Doors, clerk: AtTheConsole) -> None:
    venue = first_venue(doors)

    async def many() -> None:
        await Document.bulk_create(
            [
                Document(
                    external_id=f"many-{n}", title=f"批量文件第{n}号", document_number=f"批府发〔2025〕{n}号",
                    number_key=number_key(f"批府发〔2025〕{n}号"), agency="批量局" if n % 2 else "另一局",
                    category="fees" if n % 3 else "plans", validity="repealed" if n % 5 else "in_force",
                    content_hash="", venue_id=venue,
                )
                for n in range(120)
            ]
        )  # fmt: skip

    doors.run(many())
    page = clerk.sees("/console/documents", words="批量文件")
    assert "第 1 页，共 3 页（120 项）" in page
    assert page.count('href="/console/documents/') >= 50
    last = clerk.sees("/console/documents", words="批量文件", page=3)
    assert "批量文件第19号" in last and "批量文件第20号" not in last
    fees = clerk.sees("/console/documents", words="批量文件", category="fees", agency="批量局")
    assert "共 40 项" in fees and '收费 <span class="quiet">40</span>' in fees
    assert '规划 <span class="quiet">20</span>' in fees
    assert "共 24 项" in clerk.sees("/console/documents", words="批量", validity="in_force")
    assert "批量文件第17号" in clerk.sees("/console/documents", words="批府发 2025 17号")
    assert "没有符合条件的文件" in clerk.sees(
        "/console/documents", words="批量文件", state="withdrawn"
    )
    for odd in ("page=0", "page=99999", "category=x", "venue=abc", "state=<script>"):
        assert clerk.looks(f"/console/documents?{odd}") == 200
