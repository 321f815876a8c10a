"""What the loopback takes on a card, type by type."""

from __future__ import annotations

import pytest

from devtools.wechat.card_fields import first_wrong_field, keys_of

GOOD = [
    ("thing1", "您的申请已经收到"),
    ("thing1", "一" * 20),
    ("thing01", "A1，b2！"),
    ("number2", "-12.50"),
    ("number2", "9" * 32),
    ("letter3", "abcXYZ"),
    ("symbol4", "！@#￥%"),
    ("character_string5", "A-2026_0001#"),
    ("time6", "15:01"),
    ("time6", "2026年10月1日 15:01:30"),
    ("time6", "2026-10-01 15:01~16:00"),
    ("date7", "2026年10月1日"),
    ("date7", "2026年10月"),
    ("date7", "10月1日"),
    ("date7", "2026-10-01"),
    ("date7", "2026/10/01 9:30"),
    ("date7", "2026.10.01~2026.10.03"),
    ("date7", "10-01"),
    ("amount8", "100元"),
    ("amount8", "￥0.01"),
    ("phone_number9", "+86-0766-66888866"),
    ("car_number10", "粤A8Z888挂"),
    ("name11", "张*"),
    ("name11", "Zhang San Feng"),
    ("phrase12", "已受理"),
]
WRONG = [
    ("thing1", "一" * 21),
    ("thing1", "😀" * 11),
    ("thing1", ""),
    ("thing1", "   "),
    ("thing1", "两\n行"),
    ("thing1", "控\x07制"),
    ("number2", "一百"),
    ("number2", "1" * 33),
    ("number2", "１２"),
    ("letter3", "abc1"),
    ("symbol4", "a!"),
    ("symbol4", "!!!!!!"),
    ("character_string5", "编号1"),
    ("character_string5", "x" * 33),
    ("time6", "25:00"),
    ("time6", "2026年10月1日"),
    ("time6", "15:01~16:00~17:00"),
    ("date7", "2026年13月1日"),
    ("date7", "2026-10/01"),
    ("date7", "明天"),
    ("amount8", "12345678901元"),
    ("phone_number9", "1" * 18),
    ("phone_number9", "电话12345"),
    ("car_number10", "粤A8Z8888挂"),
    ("name11", "张" * 11),
    ("name11", "x" * 21),
    ("name11", "张3"),
    ("phrase12", "已经受理了啊"),
    ("phrase12", "OK"),
    ("enum_string13", "高"),
    ("const14", "固定"),
    ("short_thing15", "超过了五个"[:5] + "字"),
]


@pytest.mark.parametrize(("key", "value"), GOOD, ids=lambda part: repr(part))
def test_it_takes(key: str, value: str) -> None:
    assert first_wrong_field([key], {key: {"value": value}}) is None


@pytest.mark.parametrize(("key", "value"), WRONG, ids=lambda part: repr(part))
def test_it_refuses(key: str, value: str) -> None:
    assert first_wrong_field([key], {key: {"value": value}}) == key


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="missing"),
        pytest.param({"thing2": "no object"}, id="not an object"),
        pytest.param({"thing2": {}}, id="no value"),
        pytest.param({"thing2": {"value": 5}}, id="a number"),
    ],
)
def test_a_key_without_text_is_wrong(given: dict[str, object]) -> None:
    assert first_wrong_field(["thing1", "thing2"], {"thing1": {"value": "好"}, **given}) == "thing2"


def test_an_enum_takes_what_its_template_lists() -> None:
    allowed = {"enum_string1": ["高", "低"]}
    assert first_wrong_field(["enum_string1"], {"enum_string1": {"value": "高"}}, allowed) is None
    assert first_wrong_field(["enum_string1"], {"enum_string1": {"value": "中"}}, allowed) == (
        "enum_string1"
    )


def test_keys_are_read_from_the_content_of_a_template() -> None:
    content = "会议时间:{{date2.DATA}}\n事项:{{thing1.DATA}}\n"
    assert keys_of(content) == ["date2", "thing1"]
