"""The pages on which somebody applies, at a kiosk and on a phone: measured, and looked at by axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.applicants import ANSWERS
from tests.browser.conftest import chromium, prepared, serving
from tests.browser.measuring import require_fit

KIOSK, PHONE = (1366, 768), (390, 844)
IDENTITY = "11010519491231002X"


@pytest.fixture(scope="module")
def zone_url(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[str]:
    with serving(
        prepared(tmp_path_factory.mktemp("applying")),
        OPENZONE_RECOGNISER="vosk",
        OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model),
        OPENZONE_SYNTHESISER="silent",
    ) as url:
        yield url


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    yield launched
    launched.close()


def answer(page: Page, step: str) -> None:
    """Answer the question on the page by touch and by keyboard, and wait for what follows."""
    value = ANSWERS.get(step, "")
    if step in {"agency", "public", "notice"}:
        button = page.locator(".choice").first
    elif page.locator(".choices").count():
        button = page.locator(f'.choice[value="{value}"]')
    else:
        page.fill("[data-answer]", {"identity": IDENTITY}.get(step, value))
        button = page.locator("[data-action=next]")
    with page.expect_navigation(wait_until="load"):
        button.click()


def applies(page: Page, url: str, look: Callable[[str], None]) -> None:
    """Go from the first page to the receipt and the status, looking at each page."""
    page.goto(f"{url}/apply")
    page.get_by_role("link", name="特大字").click()
    look("first page in the largest letters")
    page.get_by_role("link", name="标准字").click()
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="开始填写").click()
    while page.locator("form[data-apply-step]").count():
        step = page.locator("form[data-apply-step]").get_attribute("data-apply-step") or ""
        assert page.locator("[data-answer]").count() <= 1
        look(step)
        answer(page, step)
    look("check")
    page.get_by_role("button", name="先存着").click()
    look("later")
    page.get_by_role("link", name="现在接着填").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("button", name="打印回执")).to_be_visible()
    look("receipt")
    code = re.search(r"\d{4}-\d{4}-\d{4}", page.locator(".receipt").inner_text())
    assert code
    page.get_by_role("link", name="大字版").click()
    look("receipt in large print")
    page.goto(f"{url}/apply/status?code={code[0]}")
    look("asking how it stands")
    page.fill("#second_fact", IDENTITY[-4:])
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".state")).to_be_visible()
    look("how it stands")


def test_every_page_is_large_and_clear_at_the_kiosk(
    browser: Browser, zone_url: str, axe: Axe
) -> None:
    context = browser.new_context(viewport={"width": KIOSK[0], "height": KIOSK[1]})
    page = context.new_page()

    def look(name: str) -> None:
        page.wait_for_load_state("load")
        require_fit(page, name)
        found = axe.run(page)
        assert found.violations_count == 0, (name, found.generate_report())

    page.goto(f"{zone_url}/kiosk")
    page.get_by_role("link", name="申请公开").click()
    expect(page).to_have_url(re.compile("/apply$"))
    applies(page, zone_url, look)
    page.goto(f"{zone_url}/kiosk")
    assert context.cookies() == []
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert IDENTITY not in kept
    context.close()


def test_whoever_leaves_the_kiosk_leaves_nothing_there(browser: Browser, zone_url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{zone_url}/apply")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="开始填写").click()
    answer(page, "agency")
    page.fill("[data-answer]", ANSWERS["information"])
    page.clock.fast_forward(91_000)
    expect(page.locator("#idle")).to_be_visible()
    page.clock.run_for(61_000)
    page.wait_for_url(f"{zone_url}/kiosk")
    page.goto(f"{zone_url}/apply")
    expect(page.get_by_role("button", name="开始填写")).to_be_visible()
    context.close()


def test_every_page_fits_a_phone_without_scripts(browser: Browser, zone_url: str) -> None:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        extra_http_headers={"X-Forwarded-For": "203.0.113.7"},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(f"{zone_url}/apply")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="开始填写").click()
    while page.locator("form[data-apply-step]").count():
        step = page.locator("form[data-apply-step]").get_attribute("data-apply-step") or ""
        for field in page.locator(".button, [data-answer]").all():
            box = field.bounding_box()
            assert box is not None
            assert box["x"] >= 0, step
            assert box["x"] + box["width"] <= PHONE[0], step
            assert box["height"] >= 44, step
        answer(page, step)
    page.get_by_role("button", name="确认提交").click()
    expect(page.locator(".receipt")).to_contain_text("互联网")
    context.close()
