"""What pages show as changed between two versions."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from services.differences import Change, Piece, differences, pieces_of, without_unchanged


def test_a_changed_clause_shows_its_characters_and_the_rest_stays() -> None:
    before = ["第一条 为了方便群众", "第二条 期限为二十个工作日。", "第三条 附则"]
    after = ["第一条 为了方便群众", "第二条 期限为十五个工作日。", "第三条 附则"]
    found = differences(before, after)
    assert [change.change for change in found] == [Change.SAME, Change.CHANGED, Change.SAME]
    assert found[1].pieces == (
        Piece(Change.SAME, "第二条 期限为"),
        Piece(Change.REMOVED, "二十"),
        Piece(Change.ADDED, "十五"),
        Piece(Change.SAME, "个工作日。"),
    )


def test_a_new_paragraph_beside_a_changed_one_is_not_taken_for_it() -> None:
    before = ["老年人每月领取高龄津贴一百元。"]
    after = ["申请材料包括身份证和户口簿。", "老年人每月领取高龄津贴二百元。"]
    assert [change.change for change in differences(before, after)] == [
        Change.ADDED,
        Change.CHANGED,
    ]


def test_what_is_quite_another_text_is_removed_and_added() -> None:
    found = differences(["公园免费开放。"], ["收取停车费的标准另行规定。"])
    assert [change.change for change in found] == [Change.REMOVED, Change.ADDED]


def test_unchanged_stretches_become_one_line() -> None:
    before = [f"第{n}段内容" for n in range(100)]
    after = [*before[:50], "完全不同的另一句话。", *before[50:]]
    shown = without_unchanged(differences(before, after))
    assert [(c.change, c.skipped) for c in shown] == [
        (Change.SKIPPED, 49), (Change.SAME, 0), (Change.ADDED, 0), (Change.SAME, 0),
        (Change.SKIPPED, 49),
    ]  # fmt: skip


@given(
    st.lists(st.text("甲乙丙丁戊。", max_size=12)), st.lists(st.text("甲乙丙丁戊。", max_size=12))
)
def test_both_texts_can_be_read_back(before: list[str], after: list[str]) -> None:
    found = differences(before, after)
    old = [
        "".join(p.text for p in c.pieces if p.change is not Change.ADDED)
        for c in found if c.change is not Change.ADDED
    ]  # fmt: skip
    new = [
        "".join(p.text for p in c.pieces if p.change is not Change.REMOVED)
        for c in found if c.change is not Change.REMOVED
    ]  # fmt: skip
    assert (old, new) == (before, after)


def test_a_law_of_a_thousand_articles_is_compared_in_seconds() -> None:
    before = [
        f"第{n}条 行政机关应当自收到申请之日起{n}个工作日内予以答复。" * 3 for n in range(1000)
    ]
    after = [text.replace("个工作日", "日") if n % 3 else text for n, text in enumerate(before)]
    began = time.perf_counter()
    changed = [c for c in differences(before, after) if c.change is Change.CHANGED]
    assert len(changed) == 666
    assert time.perf_counter() - began < 20


def test_one_very_long_paragraph_is_compared_in_seconds() -> None:
    text = "政府信息公开工作机构应当依照本条例的规定开展工作，" * 400
    began = time.perf_counter()
    assert any(p.change is Change.ADDED for p in pieces_of(text, text.replace("机构", "部门")))
    assert time.perf_counter() - began < 20
