"""Pages for accounts, the ledger and the audit record: fit for everybody, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ListenTo, hire, serving, sign_in, visiting
from tests.people import PASSWORD

PAGES = {
    "administrator": (
        *("/console/staff", "/console/staff/new", "/console/staff/1", "/console/audit"),
        *("/console/ledger", "/console/me", "/console/me/second-factor"),
    ),
    "clerk": ("/console/ledger", "/console/help-calls", "/console/me"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation with an administrator and a clerk."""
    data_dir = tmp_path_factory.mktemp("office") / "data"
    hire(data_dir, "administrator", "administrator")
    hire(data_dir, "clerk", "clerk")
    with serving(data_dir, OPENZONE_RECOGNISER="auto", OPENZONE_SYNTHESISER="silent") as url:
        yield url


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


def without_faults(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_and_the_policy_blocks_nothing(
    quiet: Browser, office: str, who: str
) -> None:
    with visiting(quiet, f"{office}/console/sign-in") as page:
        sign_in(page, office, who)
        for path in PAGES[who]:
            page.goto(f"{office}{path}")
            without_faults(page)
            assert page.evaluate("watched.errors") == [], path


def test_a_new_colleague_is_made_and_signs_in_by_keyboard(quiet: Browser, office: str) -> None:
    with visiting(quiet, f"{office}/console/sign-in") as page:
        sign_in(page, office, "administrator")
        page.goto(f"{office}/console/staff/new")
        page.get_by_label("用户名").focus()
        page.keyboard.type("limin")
        page.keyboard.press("Tab")
        page.keyboard.type("李敏")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="首次登录密码")).to_be_visible()
        without_faults(page)
        first_password = page.locator("#first-password").inner_text()
    with visiting(quiet, f"{office}/console/sign-in") as page:
        page.get_by_label("用户名").fill("limin")
        page.get_by_label("密码").fill(first_password)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="修改密码")).to_be_visible()


def test_a_second_factor_is_taken_in_and_asked_for(quiet: Browser, office: str) -> None:
    with visiting(quiet, f"{office}/console/sign-in") as page:
        sign_in(page, office, "clerk")
        page.goto(f"{office}/console/me")
        page.get_by_role("link", name="设置动态口令").click()
        expect(page.locator("svg.qr")).to_be_visible()
        totp = pyotp.TOTP(re.sub(r"\s", "", page.locator("code").inner_text()))
        page.get_by_label("手机上的六位数字").fill(totp.now())
        page.get_by_label("登录密码").fill(PASSWORD)
        page.get_by_role("button", name="完成设置").click()
        expect(page.get_by_text("动态口令已经设置好")).to_be_visible()
        without_faults(page)
        page.get_by_label("要取消，请输入密码").fill(PASSWORD)
        page.get_by_role("button", name="取消动态口令").click()
        expect(page.get_by_text("动态口令已经取消")).to_be_visible()


def test_a_chart_is_drawn_in_the_pages_own_colours(quiet: Browser, office: str) -> None:
    with visiting(quiet, f"{office}/kiosk") as kiosk, kiosk.expect_response("**/kiosk/visits"):
        kiosk.keyboard.press("Tab")
    with visiting(quiet, f"{office}/console/sign-in") as page:
        sign_in(page, office, "clerk")
        bar = page.locator("#main figure rect.series-0").first
        for _ in range(20):  # The count is written within a second.
            page.goto(f"{office}/console/ledger")
            if bar.count():
                break
            page.wait_for_timeout(100)
        expect(bar).to_be_visible()
        assert bar.evaluate("bar => getComputedStyle(bar).fill") == "rgb(127, 224, 210)"
        without_faults(page)
