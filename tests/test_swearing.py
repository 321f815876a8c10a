"""Swearing is left out, and what is asked beside it is not."""

from __future__ import annotations

import pytest

from services.swearing import swears, without_swearing


@pytest.mark.parametrize(
    ("said", "left"),
    [
        pytest.param("王八蛋", "", id="nothing else"),
        pytest.param("你们这些王八蛋！", "", id="nothing else that could be asked"),
        pytest.param("妈的，这破机器", "这破机器", id="what is no question stays one to refuse"),
        pytest.param("他妈的怎么申请公开", "怎么申请公开", id="before a question"),
        pytest.param("申请公开要收费吗，混蛋", "申请公开要收费吗", id="after a question"),
        pytest.param("龟儿子，医保在哪里交", "医保在哪里交", id="as in Chongqing"),
        pytest.param("Fuck you", "", id="in English"),
    ],
)
def test_swearing_is_left_out(said: str, left: str) -> None:
    assert without_swearing(said) == left
    assert swears(said)


@pytest.mark.parametrize(
    "said",
    [
        "我妈的医保怎么报销",
        "他妈的户口能迁过来吗",
        "混凝土搅拌站的审批",
        "申请政府信息公开要收费吗？",
        "",
    ],
)
def test_what_is_no_swearing_is_not_touched(said: str) -> None:
    assert without_swearing(said) == said
    assert not swears(said)
