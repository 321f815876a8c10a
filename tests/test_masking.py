"""What is shown of people: tables of what somebody has and what of it is seen."""

from __future__ import annotations

import pytest

from services.disclosure import masking


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        pytest.param("张三", "张*", id="two characters"),
        pytest.param("李小明", "李**", id="three"),
        pytest.param("欧阳震华", "欧**", id="a double surname tells not how long the name is"),
        pytest.param("黄", "*", id="a single character would be all of it"),
        pytest.param("阿卜杜热依木·买买提", "阿**·*", id="a name with a dot"),
        pytest.param("古丽•阿依", "古*·*", id="another dot"),
        pytest.param("尼玛・次仁・卓玛", "尼*·*·*", id="a dot of typewriters, and three parts"),
        pytest.param("John Smith", "J* S*", id="Latin"),
        pytest.param("Ｍａｒｉａ", "M*", id="in full width"),
        pytest.param("Q", "*", id="one letter"),
        pytest.param("𠮷田", "𠮷*", id="a rare character"),
        pytest.param("  王五 ", "王*", id="blanks around it"),
        pytest.param("", "", id="nothing given"),
    ],
)
def test_of_a_name_the_first_character_is_seen(name: str, seen: str) -> None:
    assert masking.masked_name(name) == seen


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("示例市某某科技有限公司", "示例****公司"),
        ("某某律师所", "某**"),
        ("", ""),
    ],
)
def test_of_an_organisation_its_ends_are_seen(name: str, seen: str) -> None:
    assert masking.masked_organisation(name) == seen


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        pytest.param("11010519491231002X", "110***********002X", id="a resident's"),
        pytest.param("11010519491231002x", "110***********002X", id="in small letters"),
        pytest.param("１１０１０５ 19491231 002X", "110***********002X", id="as it was typed"),
        pytest.param("91110000600037341L", "911***********341L", id="a credit code"),
        pytest.param("E12345678", "*******78", id="a passport is short"),
        pytest.param("12345", "*****", id="too short to show any"),
        pytest.param("", "", id="nothing given"),
    ],
)
def test_of_a_document_the_first_three_and_last_four_are_seen(number: str, seen: str) -> None:
    assert masking.masked_number(number) == seen


@pytest.mark.parametrize(
    ("phone", "seen"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("008613812341234", "138****1234"),
        ("023-67891234", "023-****1234"),
        ("0831 2345678", "0831-****5678"),
        ("１３８１２３４１２３４", "138****1234"),
        ("13812341234、023-67891234", "138****1234、023-****1234"),
        ("13812341234 / 13912345678", "138****1234、139****5678"),
        ("+1 (202) 555-0123", "****0123"),
        ("12345", "***"),
        ("没有电话", "***"),
        ("", ""),
    ],
)
def test_of_a_phone_the_middle_is_hidden(phone: str, seen: str) -> None:
    assert masking.masked_phone(phone) == seen


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("重庆市渝北区龙溪街道松石大道1号", "重庆市渝北区***"),
        ("四川省宜宾市翠屏区某某路2号3栋", "四川省宜宾市翠屏区***"),
        ("广西壮族自治区柳州市三江侗族自治县古宜镇", "广西壮族自治区柳州市三江侗族自治县***"),
        ("内蒙古自治区锡林郭勒盟正蓝旗上都镇", "内蒙古自治区锡林郭勒盟正蓝旗***"),
        ("云南省大理白族自治州大理市古城", "云南省大理白族自治州大理市***"),
        ("山东省济宁市市中区某路", "山东省济宁市市中区***"),
        ("示例县示例镇五组", "示例县***"),
        ("幸福小区3栋2单元", "***"),
        ("重庆市幸福小区3栋", "重庆市***"),
        ("重庆市幸福花园东区3栋", "重庆市***"),
        ("重庆市忠县忠州街道", "重庆市忠县***"),
        ("永辉超市旁边三楼", "***"),
        ("12 Main Street, Springfield", "***"),
        ("重庆市渝北区" + "很长的地址" * 100, "重庆市渝北区***"),
        ("", ""),
    ],
)
def test_of_an_address_the_district_is_seen(address: str, seen: str) -> None:
    assert masking.masked_address(address) == seen


@pytest.mark.parametrize(
    ("email", "seen"),
    [
        ("zhangsan@example.org", "z***@example.org"),
        ("z@example.org", "***@example.org"),
        ("没有", "***"),
        ("", ""),
    ],
)
def test_of_an_email_address_the_first_letter_is_seen(email: str, seen: str) -> None:
    assert masking.masked_email(email) == seen
