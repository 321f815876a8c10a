"""Document numbers, however they are printed, typed or spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.document_number import find_numbers, number_key


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("渝府办发〔2021〕100号", id="as printed"),
        pytest.param("渝府办发[2021]100号", id="square brackets"),
        pytest.param("渝府办发（2021）100号", id="round brackets"),
        pytest.param("渝府办发2021 100号", id="typed without brackets"),
        pytest.param("渝府办发 2021 100", id="typed without anything"),
        pytest.param("渝府办发〔２０２１〕１００号", id="full width digits"),
        pytest.param("渝府办发〔2021〕第100号", id="with 第"),
        pytest.param("渝府办发二零二一年一百号", id="spoken"),
        pytest.param("渝府办发二〇二一一百号", id="spoken without 年"),
        pytest.param("渝府办发二零二一年一零零号", id="spoken digit by digit"),
        pytest.param("請問渝府辦發〔2021〕100號講什麼", id="traditional characters, in a question"),
        pytest.param("我想查一下渝府办发2021年100号文件", id="in a spoken question"),
    ],
)
def test_one_number_has_one_key(written: str) -> None:
    assert number_key(written) == "渝府办发2021-100"


@pytest.mark.parametrize("written", ["[2021]100", "二零二一年一百号", "2021 100", "（2021）100号"])
def test_a_number_without_its_agency_is_known_by_year_and_number(written: str) -> None:
    assert [number.short_key for number in find_numbers(written)] == ["2021-100"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2021年9月28日", id="a date"),
        pytest.param("2021-09-23", id="an ISO date"),
        pytest.param("2021年100个单位", id="a count"),
        pytest.param("第三十三条", id="an article"),
        pytest.param("12345", id="a hotline"),
        pytest.param("2020年有多少人", id="a year"),
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert find_numbers(text) == []


def test_a_decree_has_no_year() -> None:
    assert number_key("中华人民共和国国务院令第711号") == number_key("国务院令第七百一十一号")


@pytest.mark.parametrize(
    ("spoken", "number"),
    [
        ("八十五", "85"),
        ("一百零八", "108"),
        ("一百一", "110"),
        ("一千零二十", "1020"),
        ("十", "10"),
    ],
)
def test_counted_numerals(spoken: str, number: str) -> None:
    assert [n.number for n in find_numbers(f"渝办二零一零年{spoken}号")] == [number]


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for number in find_numbers(text):
        assert number.key.endswith(number.short_key)
