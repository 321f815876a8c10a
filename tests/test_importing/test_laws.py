"""The 713 laws and regulations of the shared material, by article."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from models.document import Document, Paragraph, Validity
from models.index_change import IndexChange, Subject
from services.documents import show
from services.importing.chinese_numerals import number
from services.importing.files import FileKind
from services.importing.imported_document import ImportedDocument
from services.importing.reading import read_document
from services.importing.source_text import clean
from tests.command_line import import_paths
from tests.test_importing.conftest import WriteFile

# What stands in these files below the mark and yet is no paragraph: the addressees and a note of
# an attachment, which have fields of their own; or the other way round, a promulgating agency.
HELD_IN_FIELDS = {
    "国务院关于外商投资企业和外国企业适用增值税、消费税、营业税等税收暂行条例有关问题的通知",
    "国务院关于进一步完善文化经济政策的若干规定",
    "国务院关于国家行政机关和企业事业单位社会团体印章管理的规定",
}


@pytest.fixture(scope="module")
def laws(shared: Path) -> dict[Path, ImportedDocument]:
    files = sorted((shared / "corpus" / "laws").rglob("*.md"))
    return {f: read_document(f, FileKind.MARKDOWN) for f in files if f.stem != "_index"}


def test_no_character_of_their_text_is_lost(laws: dict[Path, ImportedDocument]) -> None:
    assert len(laws) == 713
    differing = set()
    for file, law in laws.items():
        body = file.read_text("utf-8").partition("<!-- INFO END -->")[2]
        source = re.sub(r"\s", "", re.sub(r"(?m)^#+ ", "", clean(body)))
        stored = re.sub(r"\s", "", "".join(p.text for p in law.paragraphs))
        # Two sets of rules come with the notice that sent them out, above the mark.
        if not (stored == source or (law.addressees and stored.endswith(source))):
            differing.add(law.title)
    assert differing == HELD_IN_FIELDS


def test_their_articles_count_up_without_a_gap(laws: dict[Path, ImportedDocument]) -> None:
    for law in laws.values():
        articles = list(dict.fromkeys(p.article for p in law.paragraphs if p.article))
        numbers = [number(a[1:-1]) for a in articles if a.endswith("条")]
        assert numbers == list(range(1, len(numbers) + 1)), law.title
        assert all(a != b for a, b in pairwise(numbers))


def test_each_has_a_title_of_its_own_and_a_date(laws: dict[Path, ImportedDocument]) -> None:
    assert len({law.external_id for law in laws.values()}) == len(laws)
    for file, law in laws.items():
        assert 4 <= len(law.title) <= 60
        assert "第一条" not in law.title
        assert law.signed_on is not None
        assert file.stem[-11:-1] in law.external_id or law.external_id == law.document_number


async def test_the_disclosure_regulation_is_read_in_full(database: None, shared: Path) -> None:
    folder = shared / "corpus" / "laws" / "行政法规"
    await import_paths([folder / "政府信息公开条例(2019-04-03).md"])
    shown = await show("国务院令第711号")
    assert shown.title == "中华人民共和国政府信息公开条例"
    assert shown.external_id == "中华人民共和国政府信息公开条例(2019-04-03)"
    assert (shown.agency, shown.document_number) == ("国务院", "国务院令第711号")
    assert shown.signed_on == shown.published_on == date(2019, 4, 3)
    assert shown.effective_on == date(2019, 5, 15)
    assert shown.validity is Validity.IN_FORCE
    answering = [p for p in shown.outline if p.article == "第三十三条"]
    assert answering[0].text.startswith("第三十三条 行政机关收到政府信息公开申请")
    assert answering[0].heading_path == "第四章 依申请公开"
    assert len(answering) == 3
    duties = [p.text[:3] for p in shown.outline if p.article == "第四条" and p.text[0] == "("]
    assert duties == ["(一)", "(二)", "(三)", "(四)", "(五)"]


async def test_a_national_law_is_the_congress_s(database: None, shared: Path) -> None:
    folder = shared / "corpus" / "laws" / "社会法"
    await import_paths([folder / "慈善法(2023-12-29).md", folder / "工会法(2021-12-24).md"])
    charity = await Document.get(title="中华人民共和国慈善法")
    assert charity.agency == "全国人民代表大会常务委员会"
    assert charity.document_number == ""


@pytest.mark.parametrize("newest_first", [False, True])
async def test_of_several_versions_the_newest_binds(
    newest_first: bool, database: None, shared: Path
) -> None:
    folder = shared / "corpus" / "laws" / "行政法规"
    versions = sorted(folder.glob("道路运输条例*.md"), reverse=newest_first)
    assert len(versions) == 3
    for version in versions:
        await import_paths([version])
    found = await Document.all().order_by("external_id").values_list("external_id", "validity")
    assert found == [
        ("中华人民共和国道路运输条例(2019-03-02)", Validity.AMENDED),
        ("中华人民共和国道路运输条例(2022-03-29)", Validity.AMENDED),
        ("中华人民共和国道路运输条例(2023-07-20)", Validity.IN_FORCE),
    ]


async def test_a_law_repeals_what_it_says_it_repeals(database: None, shared: Path) -> None:
    folder = shared / "corpus" / "laws" / "行政法规"
    old, new = (
        folder / "人体器官移植条例(2007-03-31).md",
        folder / "人体器官捐献和移植条例(2023-12-04).md",
    )
    await import_paths([old])
    assert (await Document.get()).validity is Validity.IN_FORCE
    await import_paths([new])
    assert (await Document.get(title="人体器官移植条例")).validity is Validity.REPEALED
    assert (await Document.get(title="人体器官捐献和移植条例")).validity is Validity.IN_FORCE


async def test_importing_the_folder_again_changes_nothing(database: None, shared: Path) -> None:
    folder = shared / "corpus" / "laws" / "社会法"
    first = await import_paths([folder])
    assert (first.imported, first.unchanged, first.failed) == (30, 0, [])
    changes = await IndexChange.all().count()
    again = await import_paths([folder])
    assert (again.imported, again.unchanged, again.failed) == (0, 30, [])
    assert await IndexChange.all().count() == changes


async def test_a_changed_law_is_stored_in_place_of_the_old_text(
    database: None, write: WriteFile
) -> None:
    text = (
        "# 测试条例\n\n2020年1月1日 国务院令第9号公布\n\n第一条 旧的规定。\n\n第二条 不变的规定。\n"
    )
    await import_paths([write("测试条例.md", text)])
    first = await Document.get()
    report = await import_paths([write("测试条例.md", text.replace("旧的", "新的"))])
    assert report.imported == 1
    second = await Document.get()
    assert (second.id, second.external_id) == (first.id, "测试条例(2020-01-01)")
    assert second.content_hash != first.content_hash
    texts = await Paragraph.all().order_by("position").values_list("text", flat=True)
    assert texts == ["第一条 新的规定。", "第二条 不变的规定。"]
    assert await IndexChange.filter(subject=Subject.DOCUMENT, subject_id=first.id).count() == 2


def test_a_table_of_contents_is_not_taken_for_the_text(write: WriteFile) -> None:
    file = write(
        "某办法.txt",
        "某办法\n（2021年3月1日国务院令第800号公布）\n目 录\n第一章 总则\n第二章 附则\n"
        "第一章 总则\n第一条 为了测试。\n第二章 附则\n第二条 本办法自2021年5月1日起施行。\n",
    )
    law = read_document(file, FileKind.TEXT)
    assert [p.text for p in law.paragraphs][:2] == ["第一章 总则", "第一条 为了测试。"]
    assert len(law.paragraphs) == 4
    assert law.effective_on == date(2021, 5, 1)
    assert (law.document_number, law.signed_on) == ("国务院令第800号", date(2021, 3, 1))
