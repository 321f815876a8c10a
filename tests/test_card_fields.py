"""What stands in the fields of a card: WeChat's limits, texts made to fit, and what fills them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.card_template import CardPurpose
from services.cards import sources
from services.cards.fields import Field, fault_in, fields_of, units
from services.cards.fitting import fitted
from services.cards.preview import card_lines


@dataclass(frozen=True)
class Template:
    content: str
    choices: dict[str, list[str]] = field(default_factory=dict)


NOTICE = Template(
    "通知标题:{{thing1.DATA}}\n发布单位:{{thing2.DATA}}\n发布时间:{{date3.DATA}}\n"
    "类别:{{phrase4.DATA}}\n等级:{{enum_string5.DATA}}",
    {"enum_string5": ["一般", "紧急"]},
)


def test_the_fields_of_a_template_are_read_from_its_text() -> None:
    found = fields_of(NOTICE)
    assert [(one.key, one.label, one.type) for one in found] == [
        ("thing1", "通知标题", "thing"),
        ("thing2", "发布单位", "thing"),
        ("date3", "发布时间", "date"),
        ("phrase4", "类别", "phrase"),
        ("enum_string5", "等级", "enum_string"),
    ]
    assert found[-1].choices == ("一般", "紧急")


def test_a_text_that_is_no_template_has_no_fields() -> None:
    assert fields_of(Template("没有字段")) == []


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        pytest.param("thing", "一二三四五六七八九十一二三四五六七八九十", id="thing-20"),
        pytest.param("number", "-12.50", id="number-negative"),
        pytest.param("letter", "abcXYZ", id="letter"),
        pytest.param("symbol", "★!!", id="symbol"),
        pytest.param("character_string", "2026-00017", id="character_string"),
        pytest.param("time", "15:01", id="time"),
        pytest.param("time", "2026年11月27日 15:01", id="time-with-day"),
        pytest.param("time", "15:01~16:30", id="time-range"),
        pytest.param("date", "2026年11月27日", id="date"),
        pytest.param("date", "2026年11月27日 09:30", id="date-with-time"),
        pytest.param("date", "2026-11-27~2026-12-01", id="date-range"),
        pytest.param("date", "2026年11月", id="date-month"),
        pytest.param("date", "02-29", id="date-leap-day-without-year"),
        pytest.param("amount", "¥100.50元", id="amount"),
        pytest.param("phone_number", "+86-0766-66888866", id="phone_number"),
        pytest.param("car_number", "粤A8Z888挂", id="car_number"),
        pytest.param("name", "欧阳一二三四五六七八", id="name-10-chinese"),
        pytest.param("name", "Zhang San", id="name-latin"),
        pytest.param("phrase", "申请已受理", id="phrase-5"),
        pytest.param("short_thing", "一二三四五", id="short_thing"),
        pytest.param("unheard_of", "什么都行", id="unknown-sort"),
    ],
)  # fmt: skip
def test_what_wechat_takes_has_no_fault(sort: str, value: str) -> None:
    assert fault_in(Field(f"{sort}1", "某项", sort), value) == ""


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        pytest.param("thing", "", id="thing-empty"),
        pytest.param("thing", "   ", id="thing-blank"),
        pytest.param("thing", "一" * 21, id="thing-21"),
        pytest.param("thing", "😀" * 11, id="thing-22-units"),
        pytest.param("thing", "第一行\n第二行", id="thing-line-break"),
        pytest.param("thing", "看不见\u202e的", id="thing-turned-round"),
        pytest.param("number", "一百", id="number-words"),
        pytest.param("number", "１２", id="number-full-width"),
        pytest.param("number", "1" * 33, id="number-33"),
        pytest.param("letter", "abc1", id="letter-with-digit"),
        pytest.param("symbol", "a!", id="symbol-with-letter"),
        pytest.param("character_string", "渝府〔2026〕1号", id="character_string-chinese"),
        pytest.param("character_string", "a" * 33, id="character_string-33"),
        pytest.param("time", "25:00", id="time-25"),
        pytest.param("time", "2026年11月27日", id="time-day-alone"),
        pytest.param("date", "2026年2月30日", id="date-30-february"),
        pytest.param("date", "15:01", id="date-time-alone"),
        pytest.param("date", "明天", id="date-words"),
        pytest.param("amount", "12345678901元", id="amount-11-digits"),
        pytest.param("phone_number", "123456789012345678", id="phone_number-18"),
        pytest.param("car_number", "粤A8Z88888", id="car_number-9"),
        pytest.param("name", "欧阳一二三四五六七八九", id="name-11-chinese"),
        pytest.param("phrase", "已受理1", id="phrase-digit"),
        pytest.param("phrase", "申请已经受理", id="phrase-6"),
    ],
)  # fmt: skip
def test_what_wechat_refuses_is_told_as_a_sentence(sort: str, value: str) -> None:
    fault = fault_in(Field(f"{sort}1", "某项", sort), value)
    assert "某项" in fault and fault.endswith("。")


def test_an_enumerated_field_takes_only_what_its_template_lists() -> None:
    level = fields_of(NOTICE)[-1]
    assert fault_in(level, "紧急") == ""
    assert "一般、紧急" in fault_in(level, "特别紧急")


@pytest.mark.parametrize("sort", ["thing", "short_thing", "name", "character_string"])
@given(text=st.text())
def test_whatever_is_fitted_is_taken_unless_nothing_is_left(sort: str, text: str) -> None:
    one = Field(f"{sort}1", "某项", sort)
    assert not (value := fitted(one, text)) or fault_in(one, value) == ""


@given(text=st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_a_thing_is_cut_only_where_it_is_too_long(text: str) -> None:
    value = fitted(Field("thing1", "某项", "thing"), text)
    assert value == text if units(text) <= 20 else value.endswith("…")


def test_a_mark_is_not_torn_off_what_it_belongs_to() -> None:
    text = "一" * 18 + "e\u0301" + "后面还有"
    assert fitted(Field("thing1", "某项", "thing"), text) == "一" * 18 + "…"


@pytest.mark.parametrize("purpose", list(CardPurpose))
def test_what_is_promised_to_fill_a_card_is_what_fills_it(purpose: CardPurpose) -> None:
    at = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    if purpose is CardPurpose.NOTICE:
        given_ = sources.of_notice("停电", "今晚停电。", zone="甲区", is_emergency=True, at=at)
    elif purpose is CardPurpose.QUESTION_ANSWERED:
        given_ = sources.of_inquiry(zone="甲区", at=at)
    else:
        given_ = sources.of_case(
            purpose, agency="某局", zone="甲区", number="1", at=at, until=date(2026, 12, 25)
        )
    assert set(given_) == set(sources.examples(purpose))
    assert given_["when"] == "2026年11月27日 09:30"
    assert len(sources.examples(purpose).get("state", "")) <= 5


def test_a_card_shows_every_field_with_what_stands_in_it() -> None:
    filling = {"thing1": "title", "thing2": "zone", "date3": "when", "enum_string5": "text:紧急"}
    values = sources.examples(CardPurpose.NOTICE) | {"title": "停" * 30}
    lines = {line.field.key: line for line in card_lines(NOTICE, filling, values)}
    assert lines["thing1"].value == "停" * 19 + "…" and not lines["thing1"].fault
    assert lines["date3"].value == "2026年11月27日 09:30" and not lines["date3"].fault
    assert lines["enum_string5"].value == "紧急"
    assert "类别" in lines["phrase4"].fault


def test_what_staff_write_by_hand_is_not_cut_but_told() -> None:
    filling = {"thing1": "title"}
    lines = card_lines(NOTICE, filling, {"title": "停电"}, {"thing1": "停" * 21})
    assert lines[0].value == "停" * 21 and "20 个字" in lines[0].fault
