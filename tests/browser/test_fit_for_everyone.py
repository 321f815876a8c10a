"""Sizes, contrast and reach: axe on every page, and the numbers of zone-and-peers §4.6 measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ListenTo, sign_in, visiting
from tests.browser.measuring import SCREENS, require_fit


def settle(page: Page, state: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", state, timeout=15_000)


def ask(page: Page, text: str) -> None:
    page.locator("#ask-text").fill(text)
    page.get_by_role("button", name="提问").click()


def home(page: Page) -> None:
    settle(page, "home")


def answer(page: Page) -> None:
    ask(page, "申请政府信息公开要收费吗")
    settle(page, "answer")


def choices(page: Page) -> None:
    ask(page, "申请公开要交费吗")
    settle(page, "choices")


def handoff(page: Page) -> None:
    ask(page, "天王星有几颗卫星")
    settle(page, "handoff")


def apply(page: Page) -> None:
    handoff(page)
    page.locator("[data-view=handoff] [data-action=apply]").click()
    settle(page, "apply")


def leave(page: Page) -> None:
    handoff(page)
    page.locator("[data-view=handoff] [data-action=leave]").click()
    settle(page, "leave")


def listening(page: Page) -> None:
    page.locator("#talk").click()
    settle(page, "listening")


def helped(page: Page) -> None:
    page.locator(".help-button").click()
    settle(page, "help")


def look_up(page: Page) -> None:
    page.get_by_role("button", name="查我的问题").click()
    settle(page, "look-up")


def left(page: Page) -> None:
    leave(page)
    page.get_by_role("button", name="留下这个问题").click()
    settle(page, "left")


def found(page: Page) -> None:
    left(page)
    number = page.locator("#left-number").inner_text()
    page.get_by_role("button", name="返回").click()
    look_up(page)
    page.locator("#look-up-number").fill(number)
    page.get_by_role("button", name="查询").click()
    settle(page, "found")


def suggest(page: Page) -> None:
    look_up(page)
    page.get_by_role("button", name="提意见", exact=True).click()
    settle(page, "suggest")


VIEWS: tuple[Callable[[Page], None], ...] = (
    *(home, answer, choices, handoff, apply, leave, listening, helped, look_up, suggest, found),
)


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS)
def test_every_view_is_large_clear_and_within_the_screen(
    quiet: Browser, vosk_kiosk: str, size: tuple[int, int]
) -> None:
    for view in VIEWS:
        with visiting(quiet, f"{vosk_kiosk}/kiosk", size=size) as page:
            view(page)
            for text_size in (1, 2, 3):
                require_fit(page, f"{view.__name__} at {size}, text size {text_size}")
                page.locator("#size").click()


@pytest.mark.parametrize("view", VIEWS, ids=[view.__name__ for view in VIEWS])
def test_axe_finds_nothing_on_the_kiosk(
    quiet: Browser, vosk_kiosk: str, axe: Axe, view: Callable[[Page], None]
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk") as page:
        view(page)
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_when_the_visitor_is_asked_for(
    quiet: Browser, vosk_kiosk: str, axe: Axe
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk", clock=True) as page:
        answer(page)
        expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)
        page.clock.fast_forward(91_000)
        expect(page.locator("#idle")).to_be_visible()
        page.clock.resume()
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/kiosk/settings", "/docs", "/console/sign-in", "/nothing-here"])
def test_axe_finds_nothing_on_the_other_pages(
    quiet: Browser, vosk_kiosk: str, axe: Axe, path: str
) -> None:
    with visiting(quiet, f"{vosk_kiosk}{path}") as page:
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/console", "/console/new-password"])
def test_axe_finds_nothing_in_the_console(
    quiet: Browser, vosk_kiosk: str, axe: Axe, path: str
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/console") as page:
        sign_in(page, vosk_kiosk)
        page.goto(f"{vosk_kiosk}{path}")
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()


def test_nothing_moves_for_people_who_ask_for_stillness(quiet: Browser, vosk_kiosk: str) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk") as page:
        assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
        answer(page)
        moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
        assert page.evaluate(moving) == 0
