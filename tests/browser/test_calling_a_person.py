"""A visitor calls at the kiosk, and a clerk's console rings, whatever page it shows."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ListenTo, sign_in, visiting, wait_until
from tests.patience import BUSY

LOUD = 0.02


@pytest.fixture
def quiet(hearing: ListenTo, silence: object) -> Browser:
    return hearing(silence)  # type: ignore[arg-type]


def test_a_call_rings_in_the_console_is_taken_and_closed_by_keyboard(
    quiet: Browser, vosk_kiosk: str, axe: Axe
) -> None:
    with (
        visiting(quiet, f"{vosk_kiosk}/console") as console,
        visiting(quiet, f"{vosk_kiosk}/kiosk") as kiosk,
    ):
        sign_in(console, vosk_kiosk)
        calls = console.locator("#bell-calls")
        expect(calls).not_to_contain_text("正在查看")
        while console.locator("#bell-calls li").count():  # Left by another test's visitor.
            calls.get_by_role("button", name="办结").first.click()
            expect(calls).not_to_contain_text("正在查看")
        expect(calls).to_contain_text("没有人请求帮忙")
        expect(console.locator("#bell-sound")).to_be_hidden()
        console.evaluate("watched.loudest = 0")

        kiosk.get_by_role("button", name="请工作人员帮忙").click()
        began = time.monotonic()
        expect(calls).to_contain_text("一号自助机", timeout=2000 * BUSY)
        assert time.monotonic() - began < 2 * BUSY
        expect(console.locator("#bell-news")).to_contain_text("一号自助机有人请求帮忙")
        expect(console).to_have_title("（1 个呼叫）概况 · 政务公开专区")
        wait_until(console, f"watched.loudest > {LOUD}")
        found = axe.run(console)
        assert found.violations_count == 0, found.generate_report()

        calls.get_by_role("button", name="我去").focus()
        console.keyboard.press("Enter")
        expect(kiosk.locator("#help-title")).to_have_text("工作人员正在过来", timeout=10_000)
        expect(calls).to_contain_text("已经过去")
        expect(console).to_have_title("呼叫 · 政务公开专区")
        calls.get_by_role("button", name="办结").focus()
        console.keyboard.press("Enter")
        expect(calls).to_contain_text("没有人请求帮忙")
        expect(console.get_by_role("table")).to_contain_text("一号自助机")
        found = axe.run(console)
        assert found.violations_count == 0, found.generate_report()

        console.goto(f"{vosk_kiosk}/console/ledger")
        times = console.locator("#service-times")
        expect(times).to_contain_text(re.compile(r"去了 [1-9]\d* 次"))
        expect(times).to_contain_text("一半在 0 分")


def test_a_browser_that_shares_no_worker_rings_too(quiet: Browser, vosk_kiosk: str) -> None:
    with (
        visiting(quiet, f"{vosk_kiosk}/console") as console,
        visiting(quiet, f"{vosk_kiosk}/kiosk") as kiosk,
    ):
        console.add_init_script("delete window.SharedWorker;")
        sign_in(console, vosk_kiosk)
        calls = console.locator("#bell-calls")
        expect(calls).to_contain_text("没有人请求帮忙")
        kiosk.get_by_role("button", name="请工作人员帮忙").click()
        expect(calls).to_contain_text("一号自助机", timeout=4000)
        calls.get_by_role("button", name="办结").click()
        expect(calls).to_contain_text("没有人请求帮忙")


def test_many_tabs_share_one_stream_and_one_of_them_rings(quiet: Browser, vosk_kiosk: str) -> None:
    """More tabs than a browser holds connections: each still loads, and is told."""
    with visiting(quiet, f"{vosk_kiosk}/console") as console:
        sign_in(console, vosk_kiosk)
        tabs = [console.context.new_page() for _ in range(8)]
        for tab in tabs:
            tab.goto(f"{vosk_kiosk}/console/help-calls")
            expect(tab.locator("#bell-calls")).not_to_contain_text("正在查看")
        held = console.evaluate("navigator.locks.query()")
        assert len(held["held"]) == 1
        assert len(held["pending"]) == 8
