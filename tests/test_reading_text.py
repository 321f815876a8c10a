"""Written text comes out as people read it aloud, every row with its reason."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.reading_text import FIRST_PIECE, GROWTH, LONGEST_PIECE, sentences, spoken_form


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("渝府办发〔2021〕100号", "渝府办发二零二一 一百号", id="a document number"),
        pytest.param("国发[2019]7号文件", "国发二零一九 七号文件", id="its brackets typed"),
        pytest.param("国令第711号", "国令第七百一十一号", id="an order of the State Council"),
        pytest.param("2021-09-23起施行", "二零二一年九月二十三日起施行", id="a date in digits"),
        pytest.param("2022年2月2日", "二零二二年二月二日", id="wetext says 二月两日"),
        pytest.param("2024.5.1", "二零二四年五月一日", id="a date with dots"),
        pytest.param("2021—2025年", "二零二一到二零二五年", id="a range of years"),
        pytest.param("9月1日—10月15日", "九月一日到十月十五日", id="a range of days"),
        pytest.param("每年1—3月", "每年一到三月", id="a range of months"),
        pytest.param("9:00—17:30", "九点到十七点三十分", id="opening hours"),
        pytest.param("上午9:05", "上午九点零五分", id="minutes below ten"),
        pytest.param("3.5万元", "三点五万元", id="an amount"),
        pytest.param("￥1,234.5", "一千二百三十四点五元", id="a sign and a separator"),
        pytest.param("共计1000000元", "共计一百万元", id="an amount, not a telephone number"),
        pytest.param("35%", "百分之三十五", id="percent"),
        pytest.param("3%—5%", "百分之三到百分之五", id="a range of percents"),
        pytest.param("60—79周岁", "六十到七十九周岁", id="a range of ages"),
        pytest.param("3至5个工作日", "三到五个工作日", id="a range in words"),
        pytest.param("2个工作日", "两个工作日", id="two of something is 两"),
        pytest.param("2号楼", "二号楼", id="a number by name is 二"),
        pytest.param("请拨打12345热线", "请拨打幺二三四五热线", id="the hotline"),
        pytest.param("共12345户", "共一万二千三百四十五户", id="the same digits, counting"),
        pytest.param("拨打110报警", "拨打幺幺零报警", id="the police"),
        pytest.param("110个窗口", "一百一十个窗口", id="a count of the same digits"),
        pytest.param("电话：023-63151012", "电话，零二三，六三幺五，幺零幺二", id="an area code"),
        pytest.param("13838380000", "幺三八，三八三八，零零零零", id="a mobile number"),
        pytest.param("邮编400010", "邮编四零零零幺零", id="a post code"),
        pytest.param("第33条第2款", "第三十三条第二款", id="an article; wetext says 第两款"),
        pytest.param("第二十条第（五）项", "第二十条第五项", id="an item of an article"),
        pytest.param("（一）主动公开。", "一、主动公开。", id="an item of a list"),
        pytest.param("1. 申请表\n2. 身份证", "一、申请表。二、身份证", id="a numbered list"),
        pytest.param("①材料②证件", "一、材料二、证件", id="circled numbers"),
        pytest.param("Ⅲ级响应", "三级响应", id="Roman numerals"),
        pytest.param("附件1", "附件一", id="an annex"),
        pytest.param("下载APP，打开PDF", "下载APP，打开PDF", id="letters stay letters"),
        pytest.param("网址：https://www.cq.gov.cn/zwgk/a.html?x=1", "网址，WWW点CQ点GOV点CN", id="a URL"),
        pytest.param("abc@cq.gov.cn", "ABC艾特CQ点GOV点CN", id="e-mail"),
        pytest.param("面积100㎡", "面积一百平方米", id="a unit"),
        pytest.param("-5℃", "负五摄氏度", id="below zero"),
        pytest.param("GB/T 19001-2016", "GBT一九零零一，二零一六", id="a standard"),
        pytest.param("《条例》（修订）", "条例，修订", id="titles and brackets"),
        pytest.param("**重点**：[链接](http://x.cn/a)", "重点，链接", id="Markdown"),
        pytest.param("# 标题\n- 一项", "标题。一项", id="headings and list marks"),
        pytest.param("<p>你好&nbsp;世界</p>", "你好 世界", id="HTML"),
        pytest.param("国办发〔2019〕36号", "国办发二零一九 三十六号", id="years by digits, counts as counts"),
        pytest.param("〇", "零", id="the round zero of years is a sign, no character"),
        pytest.param("二〇一九年", "二零一九年", id="a year in characters"),
        pytest.param("二○一九年", "二零一九年", id="typed with a circle"),
        pytest.param("第33条第2款第(1)项", "第三十三条第二款第一项", id="an item in digits"),
        pytest.param("第（二）、（三）项", "第二、三项", id="two items of one article"),
        pytest.param("附件1-2", "附件一杠二", id="an annex of an annex is no subtraction"),
        pytest.param("附件：1. 申请表 2. 说明", "附件，一、申请表，二、说明", id="annexes on one line"),
        pytest.param("¥3,200.50", "三千二百点五元", id="nobody says the last zero of an amount"),
        pytest.param("0.10元/页", "零点一元每页", id="a price for each"),
        pytest.param("5元/人·次", "五元每人次", id="the dot between two units"),
        pytest.param("1.2亿", "一点二亿", id="a large amount"),
        pytest.param("400-810-8888", "四零零，八幺零，八八八八", id="a service number in its groups"),
        pytest.param("138 0000 0000", "幺三八，零零零零，零零零零", id="a mobile number in groups"),
        pytest.param("(023)6385 0000", "零二三，六三八五，零零零零", id="an area code in brackets"),
        pytest.param("0831-8221234", "零八三幺，八二二，幺二三四", id="an area code of four digits"),
        pytest.param("010-12345678-801", "零幺零，幺二三四，五六七八，八零幺", id="an extension"),
        pytest.param("编号：CQ-2023-00123", "编号，CQ，二零二三，零零幺二三", id="a code with dashes"),
        pytest.param("91500000MA5U12345X", "九幺五零零零零零MA五U幺二三四五X", id="a credit code"),
        pytest.param("QQ：123456", "QQ，幺二三四五六", id="a number of a name, no amount"),
        pytest.param("cq_gov", "cq下划线gov", id="an account with an underline"),
        pytest.param("305室", "三零五室", id="a room"),
        pytest.param("123路公交车", "幺二三路公交车", id="a bus route"),
        pytest.param("走G319国道", "走G三幺九国道", id="a road"),
        pytest.param("5km²", "五平方公里", id="a square"),
        pytest.param("10 km", "十公里", id="a unit after a blank"),
        pytest.param("100kW·h", "一百千瓦时", id="a unit of two"),
        pytest.param("60dB", "六十分贝", id="a unit of Latin letters"),
        pytest.param("0.5mg/L", "零点五毫克每升", id="a concentration"),
        pytest.param("5G", "五G", id="a name, no grams"),
        pytest.param("PM2.5", "PM二点五", id="a decimal in a name"),
        pytest.param("1.1.1 目的", "一点一点一 目的", id="an outline number"),
        pytest.param("Wi-Fi", "无线网", id="a word that letters would hide"),
        pytest.param("互联网+政务", "互联网加政务", id="a plus that is said"),
        pytest.param("7×24小时", "七乘二十四小时", id="a times that is said"),
        pytest.param("√", "是", id="a tick"),
        pytest.param("★重点※注意", "重点注意", id="marks that only the eye needs"),
        pytest.param("周一—周五", "周一到周五", id="a range of weekdays"),
        pytest.param("“3·15”", "三一五", id="a day called by its date"),
        pytest.param("下午2点", "下午两点", id="two o'clock"),
        pytest.param("（2023）渝01民终123号", "二零二三，渝零幺民终一百二十三号", id="the number of a case"),
        pytest.param("2023—2024学年", "二零二三到二零二四学年", id="a school year"),
        pytest.param("㈠主动公开", "一、主动公开", id="a bracketed character"),
        pytest.param("|项目|金额|\n|---|---|\n|复印|5元|", "表头，项目，金额。第一行，复印，五元。", id="a table"),
        pytest.param("复印\t5元\n邮寄\t9元", "第一行，复印，五元。第二行，邮寄，九元。", id="a table of tabs"),
        pytest.param("您好😀！\x00", "您好！", id="emoji and control characters"),
    ],
)  # fmt: skip
def test_it_is_read_as_people_read_it(written: str, read: str) -> None:
    assert spoken_form(written) == read


def test_the_first_piece_is_short_so_that_it_is_heard_early() -> None:
    pieces = sentences(
        "根据渝府办发〔2021〕100号文件，每个区县都要设立政务公开专区，提供查阅服务。可以到窗口办理！"
    )
    assert pieces == [
        "根据渝府办发〔2021〕100号文件，",
        "每个区县都要设立政务公开专区，提供查阅服务。",
        "可以到窗口办理！",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("根据《政府信息公开条例》第三十三条，答复", "根据《政府信息公开条例》", id="after a title"),
        pytest.param("行政机关应当在二十个工作日内予以答复。", "行政机关", id="before what must be done"),
        pytest.param("申请人可以当面提交，也可以邮寄。", "申请人可以当面提交，", id="a comma goes first"),
        pytest.param("请到二楼。", "请到二楼。", id="what is short stays whole"),
    ],
)  # fmt: skip
def test_the_first_piece_ends_where_a_reader_breathes(text: str, first: str) -> None:
    assert sentences(text)[0] == first


def test_every_piece_is_made_while_the_one_before_it_plays() -> None:
    pieces = sentences("您好，" + "申请公开政府信息应当采用书面形式，" * 12)
    for before, piece in pairwise(pieces):
        # A comma a little further is better than none.
        assert len(piece) <= max(GROWTH * len(before), FIRST_PIECE) + 17, piece


@pytest.mark.parametrize(
    "whole", ["渝府办发〔2021〕100号", "《办法，细则：和规定》", "1,234.5万元"]
)
def test_what_belongs_together_stays_together(whole: str) -> None:
    for before in range(70):
        pieces = sentences("的" * before + whole + "，" + "了" * 80)
        assert any(whole in piece for piece in pieces), before


@pytest.mark.parametrize("nothing", ["", " \n", "。！", "😀😀"])
def test_nothing_to_say_gives_no_pieces(nothing: str) -> None:
    assert sentences(nothing) == []


ANY_TEXT = st.text(max_size=80) | st.text(
    alphabet="一二第条号年月日至到发〔〕()（）《》，。：；—-~./:%￥¥$0123456789AZaz@#*[]<>&\n \t😀①Ⅲ㎡",
    max_size=80,
)


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_what_is_read_holds_only_what_can_be_spoken(text: str) -> None:
    assert not [c for c in spoken_form(text) if not (c.isalnum() or c in "，、。！？ ")]


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_the_pieces_hold_all_the_words_in_order(text: str) -> None:
    pieces = sentences(text)
    assert [c for piece in pieces for c in piece if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(len(piece) <= 2 * LONGEST_PIECE for piece in pieces)


def test_a_comma_keeps_the_first_piece_within_its_bound() -> None:
    assert len(sentences("申请公开政府信息，应当采用书面形式，" * 5)[0]) <= FIRST_PIECE


@pytest.mark.parametrize(
    "piece", ["0", "1-", "—", "\n", "一、", "《", "<a", "[a](", "2021年", "电话1-", "12:", "① "]
)
def test_a_hundred_thousand_characters_are_read(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert len(spoken_form(text)) < 1_000_000
    assert sum(map(len, sentences(text))) <= len(text)
