"""Rules of what visitors leave: until when it is answered, its number, and what is masked in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from services.due_times import QUESTION_WITHIN, due_at, working_days_after
from services.query_numbers import WrongNumber, new_number, read_number
from services.refused_questions import MASK, masked


@pytest.mark.parametrize(
    ("left_on", "due_on"),
    [
        pytest.param(date(2025, 9, 22), date(2025, 9, 28), id="a Sunday is worked in exchange"),
        pytest.param(date(2025, 9, 29), date(2025, 10, 13), id="over the October holiday"),
        pytest.param(date(2025, 3, 1), date(2025, 3, 7), id="left on a Saturday"),
    ],
)
def test_an_answer_is_due_five_working_days_after_the_question(left_on: date, due_on: date) -> None:
    assert working_days_after(left_on, QUESTION_WITHIN) == due_on
    late_in_china = datetime(left_on.year, left_on.month, left_on.day, 15, 30, tzinfo=UTC)
    assert due_at(late_in_china, QUESTION_WITHIN).date() == due_on


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("261124-048213", "261124-048213"), ("261124048213", "261124-048213"),
        (" ２６１１２４－０４８２１３ ", "261124-048213"), ("261124 048 213", "261124-048213"),
        ("261124-0482", "261124-0482"),
    ],
)  # fmt: skip
def test_a_number_is_understood_however_it_is_typed(typed: str, kept: str) -> None:
    assert read_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "12", "261124-04821", "我的编号", "2611240482134", "r12ab"])
def test_what_is_no_number_is_told_so(typed: str) -> None:
    with pytest.raises(WrongNumber):
        read_number(typed)


def test_numbers_begin_with_the_day() -> None:
    assert re.fullmatch(r"261124-\d{6}", new_number(date(2026, 11, 24)))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param("我电话13812345678打不通", f"我电话{MASK}打不通", id="a telephone"),
        pytest.param(
            "身份证 51022319500101123X 丢了", f"身份证 {MASK} 丢了", id="an identity card"
        ),
        pytest.param("卡号6222 0200 1234 5678", f"卡号{MASK}", id="with blanks"),
        pytest.param("电话一三八幺二三四五六七八", f"电话{MASK}", id="in words"),
        pytest.param("写信到wang@example.org", f"写信到{MASK}", id="an address of mail"),
        pytest.param(
            "渝府办发〔2021〕100号", "渝府办发〔2021〕100号", id="a document number stays"
        ),
        pytest.param("每月补贴1500元", "每月补贴1500元", id="an amount stays"),
    ],
)
def test_numbers_of_persons_are_masked(said: str, kept: str) -> None:
    assert masked(said) == kept
