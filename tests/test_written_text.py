"""The words of a recogniser come out as they are written, every row with its reason."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.written_text import written_form


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        pytest.param("", "", id="nothing stays nothing"),
        pytest.param("國稅局在什麼地方", "国税局在什么地方", id="traditional to simplified"),
        pytest.param("社 保 卡 丢 了 怎么 办", "社保卡丢了怎么办", id="Vosk puts spaces"),
        pytest.param("PDF 文件 hello world", "PDF文件hello world", id="Latin words keep theirs"),
        pytest.param("２０２１年ＡＢ", "2021年AB", id="full width to half width"),
        pytest.param("您好\x00😀\n吗", "您好😀吗", id="control characters go"),
        pytest.param("二十个工作日内答复", "20个工作日内答复", id="a count"),
        pytest.param("五个工作日", "5个工作日", id="working days are written in digits"),
        pytest.param("一百二十三个", "123个", id="hundreds"),
        pytest.param("三千五百万", "3500万", id="the scale stays a character"),
        pytest.param("三万元", "3万元", id="a round scale"),
        pytest.param("三点五万元", "3.5万元", id="a decimal amount"),
        pytest.param("一千二百三十四元", "1234元", id="an amount keeps its unit"),
        pytest.param("百分之三十五", "35%", id="percent"),
        pytest.param("百分之五点五", "5.5%", id="percent with decimals"),
        pytest.param("百分之百", "100%", id="all of it"),
        pytest.param("二零二一年", "2021年", id="a year"),
        pytest.param("二零二一年九月二十三日", "2021年9月23日", id="a date"),
        pytest.param("三月五号", "3月5号", id="a day of the year"),
        pytest.param("上午九点到十七点三十分", "上午9点到17点30分", id="times"),
        pytest.param("六十到七十九周岁", "60到79周岁", id="a range"),
        pytest.param("请打幺二三四五", "请打12345", id="the hotline"),
        pytest.param("幺幺零", "110", id="the police"),
        pytest.param(
            "零二三六三八五一二三四", "02363851234", id="wetext splits this; it must be one number"
        ),
        pytest.param("渝府办发二零二一年一百号", "渝府办发〔2021〕100号", id="a document number"),
        pytest.param("渝府办发 2021 100号", "渝府办发〔2021〕100号", id="half heard in digits"),
        pytest.param("国发[2019]十五号", "国发〔2019〕15号", id="the wrong brackets"),
        pytest.param("二零二一年一百号", "2021年100号", id="no agency, so no document number"),
        pytest.param(
            "文件里发的二零二一年一百号", "文件里发的2021年100号", id="发 alone is no agency"
        ),
    ],
)
def test_what_was_heard_is_written(heard: str, written: str) -> None:
    assert written_form(heard) == written


@pytest.mark.parametrize(
    "words",
    [
        "第三十三条第二款", "条例三十三条", "一站式服务", "十八大", "十二五规划", "三个月", "一下", "一些",
        "统一", "万一", "二维码", "千万不要", "十分感谢", "五一劳动节", "十一放假", "三分之一", "几十",
        "十几天", "三四十天", "七八十岁", "三五个", "一网通办", "五险一金", "两不愁三保障", "万州区",
        "公开一点", "万点九", "一元复始", "二手房", "一次性", "九年义务教育", "双十一", "20个工作日", "023-63151012",
    ],
)  # fmt: skip
def test_words_and_articles_keep_their_characters(words: str) -> None:
    assert written_form(words) == words


def test_an_article_heard_in_digits_is_written_as_the_law_writes_it() -> None:
    assert written_form("第33条") == "第三十三条"
    assert written_form("第10条、第105条、第1010条") == "第十条、第一百零五条、第一千零一十条"


SPOKEN = st.text(
    alphabet="零一二三四五六七八九幺两十百千万亿点分之第号年月日条款到半上午渝府办发国 ,，。〔〕[]%.0123456789AaＡ１薴國😀\x00",
    max_size=40,
)


@given(SPOKEN | st.text(max_size=60))
@settings(max_examples=400, deadline=None)
def test_written_text_comes_back_unchanged(text: str) -> None:
    once = written_form(text)
    assert written_form(once) == once


@pytest.mark.parametrize(
    "piece", ["一百二十三，", "二零二一年", "百分之", "a ", "😀", "零点", "十"]
)
def test_a_hundred_thousand_characters_are_written(piece: str) -> None:
    assert written_form(piece * (100_000 // len(piece)))


def test_threads_may_write_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        written = list(
            pool.map(written_form, [f"一百二十{d}个" for d in "一二三四五六七八九"] * 20)
        )
    assert written == [f"12{d}个" for d in range(1, 10)] * 20


def test_nothing_is_loaded_on_import() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, speech.written_text; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"wetext", "opencc"} & set(loaded)
