"""Notices to many people while WeChat misbehaves, shortened; `make soak` does it whole."""

from __future__ import annotations

from pathlib import Path

from miniprogram_api.wechat import apis
from tests.soak_plan import Plan
from tests.wechat_soak import soak


def test_every_recipient_is_accounted_for_and_nobody_gets_a_card_twice(tmp_path: Path) -> None:
    plan = Plan(people=30, notices=3, patience_s=120)
    report = soak(plan, tmp_path)
    assert report.faults(plan) == []
    assert report.arrived > plan.cards // 2
    assert report.calls[apis.SEND.path] > report.arrived, "Nothing went wrong: that proves nothing."
