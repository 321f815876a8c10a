"""Sizes, contrast and reach: axe on every page, and the numbers of zone-and-peers §4.6 measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ListenTo, sign_in, visiting

SCREENS = {"wide": (1920, 1080), "upright": (1080, 1920), "small": (1366, 768)}
LEAST_TEXT_PX = 28
LEAST_TARGET_PX = 80
MOST_ACTIONS = 6
LEAST_CONTRAST = 7.0

MEASURE = """
() => {
  const visible = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return box.width > 1 && box.height > 1 && style.visibility === 'visible';
  };
  const colours = (text) => [...text.matchAll(/rgba?\\(([^)]+)\\)/g)].map(([, list]) => {
    const [r, g, b, a = 1] = list.split(/[ ,/]+/).map(Number);
    return {r, g, b, a};
  });
  const luminance = ({r, g, b}) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // Every colour that may lie behind: each opaque stop of a gradient, and what is under clear ones.
  const behind = (node) => {
    const found = [];
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const stops = colours(style.backgroundImage);
      found.push(...stops.filter(({a}) => a === 1));
      const [plain] = colours(style.backgroundColor);
      if (plain?.a === 1) return [...found, plain];
      if (stops.length && stops.every(({a}) => a === 1)) return found;
    }
    return [...found, {r: 255, g: 255, b: 255, a: 1}];
  };

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !visible(node)) continue;
    if (node.closest('script, style, .for-readers')) continue;
    const style = getComputedStyle(node);
    const [colour] = colours(style.color);
    texts.push({
      text: walker.currentNode.textContent.trim().slice(0, 20),
      px: parseFloat(style.fontSize),
      contrast: Math.min(...behind(node).map((other) => contrast(colour, other))),
    });
  }
  const field = document.getElementById('ask-text');
  if (field && visible(field)) {
    const [colour] = colours(getComputedStyle(field, '::placeholder').color);
    texts.push({text: '(placeholder)', px: parseFloat(getComputedStyle(field).fontSize),
      contrast: Math.min(...behind(field).map((other) => contrast(colour, other)))});
  }
  const targets = [...document.querySelectorAll('button, input, textarea, summary, a')]
    .filter(visible).map((node) => {
      const {width, height, left, right, top, bottom} = node.getBoundingClientRect();
      const outside = left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
      const scrolls = node.closest('.stage') !== null;
      return {name: node.textContent.trim() || node.id, width, height, outside: outside && !scrolls};
    });
  const actions = new Set([...document.querySelectorAll('[data-action]')].filter(visible)
    .map((node) => node.dataset.action));
  const stage = document.querySelector('.stage');
  return {
    texts, targets, actions: [...actions],
    wider: document.documentElement.scrollWidth > innerWidth || stage.scrollWidth > stage.clientWidth,
  };
}
"""


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


VIEWS: tuple[Callable[[Page], None], ...] = (
    *(home, answer, choices, handoff, apply, leave, listening, helped),
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
                measured: dict[str, Any] = page.evaluate(MEASURE)
                told = f"{view.__name__} at {size}, text size {text_size}"
                small = [t for t in measured["texts"] if t["px"] < LEAST_TEXT_PX]
                faint = [t for t in measured["texts"] if t["contrast"] < LEAST_CONTRAST]
                narrow = [
                    t
                    for t in measured["targets"]
                    if min(t["width"], t["height"]) < LEAST_TARGET_PX - 0.5
                ]
                outside = [t["name"] for t in measured["targets"] if t["outside"]]
                assert measured["texts"], told
                assert small == [], told
                assert faint == [], told
                assert narrow == [], told
                assert outside == [], told
                assert not measured["wider"], told
                assert len(measured["actions"]) <= MOST_ACTIONS, (told, measured["actions"])
                assert "help" in measured["actions"], told
                page.locator("#size").click()


@pytest.fixture
def axe() -> Iterator[Axe]:
    yield Axe()


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
