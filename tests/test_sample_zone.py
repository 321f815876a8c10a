"""The sample zone: enough of it, every entry with a clause that exists, none like another."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.category import Category

ROOT = Path(__file__).parents[1]
ZONE = ROOT / "samples" / "zone"
SHARED = ROOT.parent / "shared"
REGULATION = "中华人民共和国政府信息公开条例"
NOTICE = "重庆市人民政府办公厅关于建设政务公开专区的通知"
OTHER_LAWS = {
    "中华人民共和国行政复议法": 90,
    "中华人民共和国行政诉讼法": 103,
    "政府信息公开信息处理费管理办法": 10,
}
"""Titles of the other laws cited, with no fewer articles than each has."""
COLUMNS = [
    *("id", "question", "variants", "short_answer", "answer", "source_title", "document_number"),
    *("article", "agency", "date", "validity"),
]
HAN_DIGITS = "零一二三四五六七八九"


def _entries() -> list[dict[str, str]]:
    with (ZONE / "questions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ENTRIES = _entries()
DOCUMENTS = sorted((ZONE / "documents").glob("*.md"))


def _number(han: str) -> int:
    """Return the value of a Chinese number below one hundred."""
    tens, ten, ones = han.rpartition("十")
    if not ten:
        return HAN_DIGITS.index(han)
    return (HAN_DIGITS.index(tens) if tens else 1) * 10 + (HAN_DIGITS.index(ones) if ones else 0)


def _regulation() -> dict[int, list[str]]:
    """Return the lines of each article of the regulation, by its number."""
    law = SHARED / "corpus" / "laws" / "行政法规" / "政府信息公开条例(2019-04-03).md"
    articles: dict[int, list[str]] = {}
    for line in law.read_text(encoding="utf-8").splitlines():
        start = re.match(r"第([一二三四五六七八九十]+)条 (.*)", line)
        if start:
            articles[_number(start[1])] = [start[2]]
        elif line.strip() and articles and not line.startswith("#"):
            articles[max(articles)].append(line.strip())
    return articles


def _check_regulation(article: str) -> None:
    cited = re.fullmatch(
        r"第([一二三四五六七八九十]+)条(?:第([一二三四])款)?(?:第（([一二三四五六七八九十]+)）项)?",
        article,
    )
    assert cited, article
    lines = _regulation()[_number(cited[1])]
    paragraphs = [line for line in lines if not line.startswith("(")]
    if cited[2]:
        assert _number(cited[2]) <= len(paragraphs), article
    if cited[3]:
        assert any(line.startswith(f"({cited[3]})") for line in lines), article


def _check_notice(article: str) -> None:
    """Every part named must be headed so in the notice's scraped text."""
    text = next((SHARED / "corpus" / "notice").glob("*.txt")).read_text(encoding="utf-8")
    if article == "标题":
        return
    cited = re.fullmatch(r"([一二三])(?:、(（[一二三四]）)(\d)?)?", article)
    assert cited, article
    assert f"{cited[1]}、" in text, article
    if cited[2]:
        assert cited[2] in text, article
    if cited[3]:
        assert f"{cited[3]}．" in text, article


def _check_law(title: str) -> Callable[[str], None]:
    def check(article: str) -> None:
        for one in article.split("、"):
            cited = re.match(r"第([一二三四五六七八九十]+)条", one)
            assert cited, article
            assert 1 <= _number(cited[1]) <= OTHER_LAWS[title], article

    return check


def _check_sample(title: str) -> Callable[[str], None]:
    text = next(
        file.read_text(encoding="utf-8")
        for file in DOCUMENTS
        if file.read_text(encoding="utf-8").startswith(f"# {title}\n")
    )

    def check(article: str) -> None:
        for one in article.split("，"):
            part, _, section = one.partition("、")
            body = text.partition(f"## {part}、")[2].partition("\n## ")[0]
            assert body, article
            assert section in body, article

    return check


def _check_for(title: str) -> Callable[[str], None]:
    if title == REGULATION:
        return _check_regulation
    if title == NOTICE:
        return _check_notice
    return _check_law(title) if title in OTHER_LAWS else _check_sample(title)


def test_the_zone_is_as_large_as_promised() -> None:
    assert len(DOCUMENTS) >= 12
    assert len(ENTRIES) >= 80
    assert list(ENTRIES[0]) == COLUMNS


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_an_entry_is_complete_and_cites_a_clause_that_exists(entry: dict[str, str]) -> None:
    assert all(entry[column].strip() for column in COLUMNS)
    _check_for(entry["source_title"])(entry["article"])
    assert 2 <= len(entry["variants"].split("|")) <= 5
    assert entry["validity"] == "现行有效"
    assert date.fromisoformat(entry["date"]) <= date(2026, 11, 23)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_short_answer_can_be_spoken_in_one_breath(entry: dict[str, str]) -> None:
    assert len(entry["short_answer"]) <= 60
    assert not re.search(r"[〔〕《》（）|\n]", entry["short_answer"])


def test_most_entries_rest_on_the_regulation_or_the_notice() -> None:
    on_law = [entry for entry in ENTRIES if entry["source_title"] in {REGULATION, NOTICE}]
    assert len(on_law) >= 80


def test_no_two_entries_share_an_id_or_a_wording() -> None:
    ids = [entry["id"] for entry in ENTRIES]
    wordings = [
        re.sub(r"[，。？！、]", "", wording)
        for entry in ENTRIES
        for wording in [entry["question"], *entry["variants"].split("|")]
    ]
    assert len(set(ids)) == len(ids)
    assert len(set(wordings)) == len(wordings)


def _everything() -> list[tuple[str, str]]:
    texts = [(file.name, file.read_text(encoding="utf-8")) for file in DOCUMENTS]
    return texts + [
        (entry["id"], "。".join((entry["short_answer"], entry["answer"]))) for entry in ENTRIES
    ]


@pytest.mark.parametrize(("name", "text"), _everything())
def test_fifteen_working_days_are_never_the_time_for_a_reply(name: str, text: str) -> None:
    """Fifteen was the limit of 2007; today only those who are consulted have fifteen days."""
    for sentence in re.split(r"[。；\n]", text):
        if re.search("(15|十五)个工作日", sentence):
            assert re.search("第三方|征求意见|不提出意见", sentence), (name, sentence)


@pytest.mark.parametrize(("name", "text"), _everything())
def test_a_refusal_is_never_said_to_be_open_to_a_suit_at_once(name: str, text: str) -> None:
    """Since 2024 a refusal must go to administrative review first (行政复议法 art. 23)."""
    for paragraph in text.splitlines():
        if "不予公开" in paragraph and "诉讼" in paragraph:
            assert "应当先" in paragraph or "要先申请行政复议" in paragraph, (name, paragraph)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_a_document_is_laid_out_officially_and_owns_to_be_a_sample(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line]
    assert lines[0].startswith("# ")
    assert lines[1].startswith("示例区")
    assert re.fullmatch(r"示例区(办发|政务办)〔2026〕\d+号", lines[2])
    assert re.fullmatch(r"发布日期：2026-\d\d-\d\d", lines[3])
    assert lines[4] == "效力状态：现行有效"
    said = re.fullmatch(r"公开类别：(.+)", lines[5])
    assert said
    assert Category.from_label(said[1]) is not Category.UNSORTED
    assert lines[6].startswith("（示例内容")
    assert lines[7].endswith("：")
    assert any(line.startswith("## 一、") for line in lines)
    signed = next(number for number, line in enumerate(lines) if line == lines[1] and number > 4)
    assert re.fullmatch(r"2026年\d{1,2}月\d{1,2}日", lines[signed + 1])


def test_every_document_has_its_own_title_and_number() -> None:
    heads = [file.read_text(encoding="utf-8").splitlines()[:5] for file in DOCUMENTS]
    assert len({head[0] for head in heads}) == len(heads)
    assert len({head[4] for head in heads}) == len(heads)
