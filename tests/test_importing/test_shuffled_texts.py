"""Putting shuffled texts in order, on texts made up for the purpose."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.importing.flattened import unflattened
from services.importing.shuffled import repaired
from services.importing.source_text import Line

CHINESE = "一二三四五六七八九十"
TOPICS = "供水供电供气供热环卫绿化公交停车养老托育助餐助医就业培训消防防汛档案统计审计税务林业渔业"


def text_of(sections: list[list[int]]) -> list[str]:
    """Return a notice: for each section its subsections, each with so many sentences."""
    lines = ["为做好公共服务工作，经市政府同意，现将有关事项通知如下："]
    serial = 0
    for section, subsections in enumerate(sections):
        lines.append(f"{CHINESE[section]}、{TOPICS[section * 2 : section * 2 + 2]}工作总体安排")
        for subsection, sentences in enumerate(subsections):
            line = (
                f"（{CHINESE[subsection]}）{TOPICS[serial % 40 : serial % 40 + 2]}组{serial}事项。"
            )
            for _ in range(sentences):
                serial += 1
                line += (
                    f"各单位应当按照第{serial}号清单列明的标准，逐项落实{serial}类服务的责任人。"
                )
            lines.append(line)
    return lines


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


def as_lines(rows: list[str]) -> tuple[Line, ...]:
    return tuple(Line(row) for row in rows)


LONG_SECTIONS = st.lists(
    st.lists(st.integers(3, 4), min_size=2, max_size=4), min_size=2, max_size=4
)
SECTIONS = st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=4), min_size=2, max_size=4)


@given(SECTIONS)
@settings(deadline=None, derandomize=True)
def test_a_text_in_order_is_left_alone(sections: list[list[int]]) -> None:
    lines = as_lines(text_of(sections))
    assert repaired(unflattened(lines)) == lines


@given(SECTIONS)
@settings(deadline=None, derandomize=True)
def test_a_text_pasted_twice_is_kept_once(sections: list[list[int]]) -> None:
    original = text_of(sections)
    assert texts(repaired(as_lines(original + original))) == original


@given(LONG_SECTIONS, st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_pieces_of_a_second_copy_are_taken_out_again(
    sections: list[list[int]], data: st.DataObject
) -> None:
    original = text_of(sections)
    # What repeats less than a tenth of the text is left alone.
    half = len(original) // 2
    second = original[: data.draw(st.integers(half, len(original)), label="second copy has")]
    cut = data.draw(st.integers(1, len(second) - 1), label="second copy is cut at")
    first_at = data.draw(st.integers(2, len(original) - 1), label="its first piece stands at")
    next_at = data.draw(st.integers(first_at + 1, len(original)), label="its next piece stands at")
    # Where both copies are cut after the same paragraph, nothing says what follows it.
    assume(not {cut, len(second)} & {first_at, next_at})
    shuffled = [
        *original[:first_at],
        *second[:cut],
        *original[first_at:next_at],
        *second[cut:],
        *original[next_at:],
    ]
    assert texts(repaired(as_lines(shuffled))) == original


@given(SECTIONS, st.data())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_whatever_the_order_nothing_is_lost_and_nothing_repeated(
    sections: list[list[int]], data: st.DataObject
) -> None:
    original = text_of(sections)
    shuffled = original + data.draw(st.permutations(original + original[:5]))
    found = "".join(texts(repaired(as_lines(shuffled))))
    for sentence in {s for row in original for s in re.findall("各单位[^。]+。", row)}:
        assert found.count(sentence) == 1


SHORT = text_of([[2, 3, 2], [2, 2]])


@pytest.mark.parametrize("lost", range(2, 5))
def test_what_one_copy_lost_is_taken_from_the_other(lost: int) -> None:
    # Where a piece of the second copy was put, the first copy lost a paragraph.
    shuffled = [*SHORT[:lost], *SHORT[: lost - 1], *SHORT[lost + 1 :], *SHORT[lost - 1 : lost + 3]]
    assert texts(repaired(as_lines(shuffled))) == SHORT


def test_a_law_that_repeats_a_clause_is_no_shuffled_text() -> None:
    rows = [
        row
        for number in range(1, 10)
        for row in (
            f"第{CHINESE[number - 1]}条 经营者有下列情形之一的，由主管部门责令改正：",
            "（一）未按照规定建立进货检查验收制度或者未如实记录、保存有关单据的；",
            "（二）拒绝、阻碍监督检查或者隐瞒有关情况、提供虚假材料的。",
        )
    ]
    assert repaired(as_lines(rows)) == as_lines(rows)


def test_two_sections_may_have_a_heading_in_common() -> None:
    rows = [
        "一、城区绿化工作总体安排",
        "（一）工作目标。到年底前建成口袋公园二十个，新增绿地三十公顷。",
        "（二）工作措施。由园林部门会同各街道制定年度计划并按月公布进度。",
        "二、乡村绿化工作总体安排",
        "（一）工作目标。到年底前完成村旁、宅旁、路旁、水旁植树十万株。",
        "（二）工作措施。由林业部门会同各乡镇免费提供苗木并指导农户栽植管护。",
    ]
    assert texts(repaired(as_lines(rows))) == rows
    assert texts(repaired(as_lines(rows[:4] + rows[:4] + rows[4:]))) == rows
