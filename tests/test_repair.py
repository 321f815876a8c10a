"""Repairing what was heard: toward what the zone knows, never in silence where meaning turns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from search.document_number import find_numbers
from search.entry import Entry, EntryKind, Revision
from search.finding import Finder
from search.index import SearchIndex
from services.conversation import confirming
from services.lexicon import Lexicon
from services.repair import Repair, repaired
from services.replies import Answer, Finding, Source
from services.spoken_answers import LONGEST_PIECE

ZONE = Path(__file__).parents[1] / "samples" / "zone"
QUESTIONS = (
    "高龄津贴每个月发多少钱？",
    "涪陵区的公积金中心在哪里？",
    "没有居住证可以申请公租房吗？",
    "2024年的退休金涨多少？",
    "2023年的退休金涨多少？",
    "停车场的收费标准是什么？",
)
NUMBERS = (
    *("国办发〔2019〕36号", "国发〔2019〕36号", "渝府办发〔2021〕100号", "渝府发〔2021〕12号"),
    *("渝府办发〔2021〕12号", "国务院令第711号", "国发〔2020〕2号", "渝府办发〔2022〕10号"),
    *("渝府办〔2021〕100号", "渝府发〔2023〕155号", "渝府发〔2023〕156号"),
)
AGENCY = "綦江区民政局"


def _entry(kind: EntryKind, wording: str, number: str = "") -> Entry:
    title = f"关于{number}的通知" if number else wording
    source = Source(title, number, "", AGENCY, "", "")
    sort = "document" if number else "qa"
    payload = msgspec.json.encode(Finding(Answer(sort, 1, wording, title, "", 0.0, source)))
    return Entry(
        wording,
        kind,
        wording,
        "",
        payload.decode(),
        next(iter(find_numbers(number)), None),
    )


def _zone_wordings() -> list[str]:
    with (ZONE / "questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [w for row in rows for w in (row["question"], *row["variants"].split("|")) if w]


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finder]:
    index = SearchIndex(tmp_path_factory.mktemp("repair") / "index")
    entries = [_entry(EntryKind.QUESTION, text) for text in (*QUESTIONS, *_zone_wordings())]
    entries += [_entry(EntryKind.DOCUMENT, f"通知 {number}", number) for number in NUMBERS]
    with index.writing(Revision("test", 1), fresh=True) as batch:
        batch.replace((), entries)
    yield index.within(None)


@pytest.fixture(scope="module")
def lexicon(finder: Finder) -> Lexicon:
    return Lexicon.of(finder, ["居民身份证", "城乡居民养老保险"])


def test_what_is_right_already_is_left_alone(finder: Finder, lexicon: Lexicon) -> None:
    for text in (*QUESTIONS, *_zone_wordings()):
        assert repaired(text, (), finder, lexicon) == Repair(text)
        bare = text.rstrip("？?")
        assert repaired(bare, (), finder, lexicon).meant == ""


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        pytest.param(
            "高林金铁每个月发多少钱", "高龄津贴每个月发多少钱？", id="a question of the same sound"
        ),
        pytest.param(
            "停车场地收废标准是什么", "停车场的收费标准是什么？", id="homophones throughout"
        ),
        pytest.param(
            "没有居住证可以申请公主房马", "没有居住证可以申请公租房吗？", id="zhu for zu, ma for ma"
        ),
        pytest.param("福陵区的办事大厅", "涪陵区的办事大厅", id="a place by its very sound"),
        pytest.param("琦江区民政局的电话", "綦江区民政局的电话", id="an agency by its very sound"),
        pytest.param(
            "成乡居民养老报险怎么交", "城乡居民养老保险怎么交", id="an official term, one sound off"
        ),
        pytest.param("国伴发2019年36号", "国办发〔2019〕36号", id="an agency's letters misheard"),
        pytest.param("国办发2019年36号", "国办发〔2019〕36号", id="written as it is printed"),
        pytest.param(
            "请问玉府办发2021年100号讲什么",
            "请问渝府办发〔2021〕100号讲什么",
            id="a number inside a question",
        ),
        pytest.param("国务院另第711号", "国务院令第711号", id="a decree of the same sound"),
        pytest.param("国务院另第712号", "国务院另第712号", id="no such decree: left alone"),
        pytest.param("国办发2019年36日", "国办发〔2019〕36号", id="日 where 号 was said"),
        pytest.param("国班发二零一九三六", "国办发〔2019〕36号", id="digits without 年 and 号"),
        pytest.param(
            "请问与府办法2021年100号说的是什么",
            "请问渝府办发〔2021〕100号说的是什么",
            id="not 渝府办, and 与 is no and",
        ),
        pytest.param("余府发202112号", "渝府发〔2021〕12号", id="year and number run together"),
    ],
)
def test_what_is_certain_is_put_right(
    finder: Finder, lexicon: Lexicon, heard: str, right: str
) -> None:
    repair = repaired(heard, (), finder, lexicon)
    assert (repair.text, repair.meant) == (right, "")


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        pytest.param(
            "高龄津铁每个要发多少前", "高龄津贴每个月发多少钱？", id="near, not the same sound"
        ),
        pytest.param(
            "2024年的推休金涨多好", "2024年的退休金涨多少？", id="the right one of two years"
        ),
        pytest.param("国三2020年2号", "国发〔2020〕2号", id="another sound: san for fa"),
        pytest.param("渝府办发2022年4号", "渝府办发〔2022〕10号", id="a number of the same sound"),
        pytest.param("国办发2001 9年36号", "国办发〔2019〕36号", id="a year run apart"),
        pytest.param("国伴发20019-36号", "国办发〔2019〕36号", id="run apart, with a dash"),
        pytest.param("于府法202315号", "渝府发〔2023〕155号", id="a digit said twice, heard once"),
        pytest.param("渝府发2003年155号", "渝府发〔2023〕155号", id="a long count of one agency"),
        pytest.param("国务院令第7 11后", "国务院令第711号", id="a decree run apart"),
        pytest.param("渝府伴发2021年一领零日", "渝府办发〔2021〕100号", id="digits as words"),
    ],
)
def test_what_is_only_likely_is_asked_for(
    finder: Finder, lexicon: Lexicon, heard: str, meant: str
) -> None:
    repair = repaired(heard, (), finder, lexicon)
    assert (repair.text, repair.meant) == (heard, meant)


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        pytest.param("2025年的退休金涨多少", "another year", id="a year that is not there"),
        pytest.param("有居住证可以申请公租房吗", "the negation", id="without the negation"),
        pytest.param("渝府发〔2021〕13号", "another number", id="a number that is not there"),
        pytest.param("渝府发2021-13号", "another number", id="that number by its sound"),
        pytest.param("国办发2001 9年37号", "another number", id="a number beside one run apart"),
    ],
)
def test_numbers_years_and_negations_are_never_changed_in_silence(
    finder: Finder, lexicon: Lexicon, heard: str, why: str
) -> None:
    assert repaired(heard, (), finder, lexicon).text == heard, why


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param("附近哪家火锅店最好吃", id="nothing of the zone's"),
        pytest.param("为何被列入名单", id="为何被 is no 河北"),
        pytest.param("居民楼下的停车位", id="words that are written so"),
        pytest.param("是", id="a single syllable"),
        pytest.param("ok 123", id="letters and digits"),
    ],
)
def test_what_sounds_like_nothing_known_is_left_alone(
    finder: Finder, lexicon: Lexicon, heard: str
) -> None:
    assert repaired(heard, (), finder, lexicon) == Repair(heard)


def test_an_alternative_of_the_engine_that_the_library_knows_is_asked_for(
    finder: Finder, lexicon: Lexicon
) -> None:
    repair = repaired("高中今天没个月", ("高龄津贴每个月发多少钱",), finder, lexicon)
    assert (repair.text, repair.meant) == ("高中今天没个月", "高龄津贴每个月发多少钱？")


def test_what_is_asked_for_has_no_crumbs_before_it(finder: Finder, lexicon: Lexicon) -> None:
    repair = repaired("与府办法2022年以后", ("与渝府办发2022年10号",), finder, lexicon)
    assert (repair.text, repair.meant) == ("与府办法2022年以后", "渝府办发〔2022〕10号")


def test_an_alternative_settles_the_agency_of_a_number_that_was_heard(
    finder: Finder, lexicon: Lexicon
) -> None:
    others = ("国发〔2019〕36号",)
    assert repaired("国三2019年36号", others, finder, lexicon).text == "国发〔2019〕36号"
    # Another year is another document, whatever the engine may have heard besides.
    other = repaired("国三2018年36号", others, finder, lexicon)
    assert (other.text, other.meant) == ("国三2018年36号", "国发〔2019〕36号")


@pytest.mark.parametrize("meant", ["高龄津贴怎么领？", "长" * 53, "长" * 54, "很长的问题" * 40])
def test_asking_fits_into_one_breath(meant: str) -> None:
    asked = confirming(meant)
    assert asked.startswith("您是说“") and asked.endswith("吗？")
    assert len(asked) <= LONGEST_PIECE


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param("渝府办发2021年112号", id="三号 is not in 三十六号, nor 12 in 112"),
        pytest.param("国发2019年100号", id="another agency and another year"),
        pytest.param("截至2021年12月26日有多少家企业复工", id="a date"),
        pytest.param("2019年的退休金涨36元吗", id="a year and a sum"),
    ],
)
def test_no_number_is_made_of_what_sounds_like_another(
    finder: Finder, lexicon: Lexicon, heard: str
) -> None:
    assert "〔" not in repaired(heard, (), finder, lexicon).meant


def test_names_follow_what_the_index_holds(finder: Finder) -> None:
    assert [h.name.text for h in Lexicon.of(finder).heard_in("琦江区民政局")] == [AGENCY]
    assert Lexicon().heard_in("琦江区民政局") == []
