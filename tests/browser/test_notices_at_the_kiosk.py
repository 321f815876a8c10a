"""A notice from the clerk's desk to the kiosk's screen, and away again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ListenTo, hire, prepared, serving, sign_in, visiting, wait_until
from tests.patience import BUSY

SOON_S = 3.0
"""Within so long an emergency is on the screen, and one that is withdrawn is gone."""
TEXT = "三楼冒烟，请马上从最近的安全出口离开，不要乘电梯。"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data_dir = prepared(tmp_path_factory.mktemp("notices"))
    hire(data_dir, "clerk", "clerk", "--venue", "zone")
    hire(data_dir, "reviewer", "reviewer", "--venue", "zone")
    with serving(data_dir, OPENZONE_SYNTHESISER="espeak") as url:
        yield url


@pytest.fixture
def browser(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


@contextmanager
def at_the_console(browser: Browser, hall: str, name: str) -> Iterator[Page]:
    with visiting(browser, f"{hall}/console/sign-in") as page:
        sign_in(page, hall, name)
        yield page


def written(clerk: Page, hall: str, title: str, *, text: str = TEXT, urgent: bool = False) -> None:
    """Write a notice and hand it in; the clerk's page shows it afterwards."""
    clerk.goto(f"{hall}/console/notices/new")
    clerk.get_by_label("标题").fill(title)
    clerk.get_by_label("正文").fill(text)
    if urgent:
        clerk.get_by_label("紧急通知").check()
    clerk.get_by_role("button", name="保存").click()
    clerk.get_by_role("button", name="提交审查").click()
    clerk.get_by_text("已提交").wait_for()


def passed(reviewer: Page, hall: str, title: str) -> float:
    """Pass a notice; return when that was."""
    reviewer.goto(f"{hall}/console/notice-reviews")
    reviewer.get_by_role("link", name=title).click()
    reviewer.get_by_role("button", name="审查通过").click()
    reviewer.get_by_text("已通过并发布").wait_for()
    return time.monotonic()


def withdrawn(clerk: Page) -> float:
    """Withdraw the notice that the clerk's page shows; return when that was."""
    clerk.reload()
    clerk.get_by_label("撤回原因").fill("已经处理完")
    clerk.get_by_role("button", name="撤回", exact=True).click()
    clerk.get_by_text("已撤回，自助机").wait_for()
    return time.monotonic()


def looks(page: Page, axe: Axe) -> None:
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


def test_an_emergency_interrupts_speaks_and_is_gone_once_it_is_withdrawn(
    browser: Browser, hall: str, axe: Axe
) -> None:
    with (
        at_the_console(browser, hall, "clerk") as clerk,
        at_the_console(browser, hall, "reviewer") as reviewer,
        visiting(browser, f"{hall}/kiosk") as kiosk,
    ):
        kiosk.get_by_role("button", name="查我的问题").click()
        number = kiosk.locator("#look-up-number")
        number.fill("1234 567")
        written(clerk, hall, "请马上离开大厅", urgent=True)
        began = passed(reviewer, hall, "请马上离开大厅")
        dialog = kiosk.get_by_role("alertdialog")
        dialog.wait_for()
        assert time.monotonic() - began < SOON_S * BUSY
        assert TEXT in dialog.inner_text()
        for part in (".emergency-text", "h2", "button.known"):
            size = dialog.locator(part).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size >= 40, part
        # Neither a finger that was on its way, nor keys that were being typed, dismiss it.
        assert dialog.get_by_role("button", name="知道了").is_disabled()
        for key in ("Enter", " ", "Escape", "Escape"):
            kiosk.keyboard.press(key)
        assert dialog.is_visible()
        wait_until(kiosk, "watched.loudest > 0.01")
        looks(kiosk, axe)
        dialog.get_by_role("button", name="知道了").click()
        dialog.wait_for(state="hidden")
        assert number.input_value().replace("-", "") == "1234567"
        # Whoever comes next sees it on the first screen, and a page for reading does not repeat it.
        kiosk.goto(f"{hall}/kiosk")
        kiosk.get_by_role("button", name="通知：请马上离开大厅").wait_for()
        assert dialog.count() == 0
        # Once that visitor is gone, the next one is told as well.
        kiosk.evaluate("document.dispatchEvent(new Event('kiosk-left'))")
        dialog.wait_for()
        gone = withdrawn(clerk)
        kiosk.locator("#notices").wait_for(state="hidden")
        assert time.monotonic() - gone < SOON_S * BUSY


def test_an_emergency_reaches_who_fills_in_a_form_and_takes_nothing_from_them(
    browser: Browser, hall: str
) -> None:
    with (
        at_the_console(browser, hall, "clerk") as clerk,
        at_the_console(browser, hall, "reviewer") as reviewer,
        visiting(browser, f"{hall}/documents") as kiosk,
    ):
        field = kiosk.get_by_role("searchbox").first
        field.fill("老旧小区改造")
        written(clerk, hall, "一楼漏水", urgent=True)
        passed(reviewer, hall, "一楼漏水")
        dialog = kiosk.get_by_role("alertdialog")
        dialog.wait_for()
        assert field.input_value() == "老旧小区改造"
        # It stays over pages until somebody says that they know, and goes by itself when withdrawn.
        kiosk.goto(f"{hall}/kiosk")
        dialog.wait_for()
        kiosk.go_back()
        dialog.wait_for()
        gone = withdrawn(clerk)
        dialog.wait_for(state="hidden")
        assert time.monotonic() - gone < SOON_S * BUSY


def test_a_quiet_notice_is_read_by_touch_and_aloud(browser: Browser, hall: str, axe: Axe) -> None:
    with (
        at_the_console(browser, hall, "clerk") as clerk,
        at_the_console(browser, hall, "reviewer") as reviewer,
        visiting(browser, f"{hall}/kiosk") as kiosk,
    ):
        for title in ("周末照常开门", "今天下午停电"):
            written(clerk, hall, title, text=f"{title}，请大家留意。")
            passed(reviewer, hall, title)
        strip = kiosk.get_by_role("button", name="共 2 条")
        strip.wait_for()
        looks(kiosk, axe)
        assert strip.evaluate("e => e.getBoundingClientRect().height") >= 80
        strip.click()
        looks(kiosk, axe)
        kiosk.get_by_role("dialog").get_by_role("button", name="周末照常开门").click()
        kiosk.get_by_text("周末照常开门，请大家留意。").wait_for()
        looks(kiosk, axe)
        kiosk.get_by_role("button", name="念给我听").click()
        wait_until(kiosk, "watched.loudest > 0.01")
        kiosk.get_by_role("button", name="返回通知列表").click()
        withdrawn(clerk)
        kiosk.get_by_role("dialog").get_by_role("button", name="今天下午停电").wait_for(
            state="detached"
        )
        kiosk.get_by_role("dialog").get_by_role("button", name="返回", exact=True).click()
        kiosk.get_by_role("button", name="通知：周末照常开门").wait_for()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1080, 1920)], ids=str)
def test_the_first_screen_holds_the_strip_and_everything_else(
    browser: Browser, hall: str, size: tuple[int, int]
) -> None:
    with visiting(browser, f"{hall}/kiosk", size=size) as kiosk:
        kiosk.locator("#notice-strip").wait_for()
        boxes = kiosk.evaluate(
            """() => [...document.querySelectorAll(
              '#notice-strip, #talk, .ways .way, #ask-text, .view[data-view=home] h1')]
              .map((e) => e.getBoundingClientRect())
              .map((r) => [r.left, r.top, r.right, r.bottom])"""
        )
        for at, one in enumerate(boxes):
            assert one[0] >= 0 and one[1] >= 0 and one[2] <= size[0] and one[3] <= size[1], one
            for other in boxes[at + 1 :]:
                apart = (
                    *(one[2] <= other[0] + 1, other[2] <= one[0] + 1),
                    *(one[3] <= other[1] + 1, other[3] <= one[1] + 1),
                )
                assert any(apart), (one, other)
