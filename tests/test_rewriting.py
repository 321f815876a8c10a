"""What was likely said: the library's own writing of the sounds that were heard."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.confusions import character_distance
from search.normalization import compact
from search.rewriting import Writing

SENTENCES = (
    "企业缴纳住房公积金可以延期",
    "灵活就业人员缴纳住房公积金",
    "医养结合机构",
    "医养结合机构的设置",
    "推进医养结合",
    "平凉市红十字会接收捐赠物资",
    "政模作业",
    "两样东西一样",
)
HEARD = st.text("角纳驻防攻击敬一样结合庭梁是红十字会政模怎么做了，a1", max_size=90)


@pytest.fixture(scope="module")
def writing() -> Writing:
    counts: dict[str, int] = {}
    for sentence in SENTENCES:
        for pair in map("".join, pairwise(sentence)):
            counts[pair] = counts.get(pair, 0) + 1
    return Writing(counts.items())


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        pytest.param("角纳驻防公积金", "缴纳住房公积金", id="of one sound"),
        pytest.param("缴纳足房公基京", "缴纳住房公积金", id="near in sound"),
        pytest.param("灵火就业仁元", "灵活就业人员", id="in two places"),
        pytest.param("红时自会", "红十字会", id="sh and zh flattened"),
        pytest.param("一样结合机构", "医养结合机构", id="another word, where this one stands"),
        pytest.param("两样东西一样", "两样东西一样", id="what is written stays"),
        pytest.param("怎么做", "怎么做", id="what a question is built with stays"),
        pytest.param("天气预报", "天气预报", id="what is written nowhere stays"),
        pytest.param("缴纳2020年abc", "缴纳2020年abc", id="figures and letters stay"),
        pytest.param("，。", "", id="no words"),
    ],
)
def test_what_was_heard_becomes_what_is_written(writing: Writing, heard: str, meant: str) -> None:
    assert writing.rewritten(heard) == meant


@given(heard=HEARD)
def test_each_character_is_the_one_that_was_heard_or_sounds_like_it(
    writing: Writing, heard: str
) -> None:
    characters, rewritten = compact(heard), writing.rewritten(heard)
    assert len(rewritten) == len(characters)
    assert all(
        character_distance(one, other) <= 0.25
        for one, other in zip(characters, rewritten, strict=True)
    )


def test_only_so_much_is_rewritten(writing: Writing) -> None:
    heard = "角纳驻防公积金" * 10
    rewritten = writing.rewritten(heard)
    assert rewritten[:56] == "缴纳住房公积金" * 8
    assert rewritten[60:] == heard[60:]


def test_nothing_is_known_of_an_empty_library() -> None:
    assert Writing().rewritten("角纳驻防公积金") == "角纳驻防公积金"
