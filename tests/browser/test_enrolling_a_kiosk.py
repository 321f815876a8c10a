"""An administrator makes a code, and somebody types it on the number pad of a new machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    ListenTo,
    administer,
    hire,
    recorded,
    serving,
    sign_in,
    visiting,
)
from tests.browser.measuring import (
    LEAST_CONTRAST,
    LEAST_TARGET_PX,
    LEAST_TEXT_PX,
    MEASURE,
    MOST_ACTIONS,
    SCREENS,
)

PATIENCE_MS = 20_000
"""For a page to come while other things keep the machine busy; how soon a revoked kiosk is refused is
measured in tests/test_kiosk_enrolment.py."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[str]:
    """An installation with the zones of the sample and an administrator."""
    data = tmp_path_factory.mktemp("enrolling") / "data"
    administer(data, "sample", "load")
    hire(data, "boss", "administrator")
    with serving(
        data, OPENZONE_RECOGNISER="vosk", OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model)
    ) as url:
        yield url


@pytest.fixture
def browser(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


@contextmanager
def new_machine(
    browser: Browser, site: str, size: tuple[int, int] = SCREENS["wide"]
) -> Iterator[Page]:
    """A browser that reaches the server from elsewhere, through a proxy."""
    with visiting(browser, f"{site}/healthz", size=size) as page:
        page.context.set_extra_http_headers({"X-Forwarded-For": "10.0.0.9"})
        page.goto(f"{site}/kiosk")
        yield page


def make_code(console: Page, site: str, name: str) -> str:
    """Add a kiosk of the library by keyboard alone; return its code."""
    console.goto(f"{site}/console/devices")
    console.get_by_label("名称").focus()
    console.keyboard.type(name)
    console.keyboard.press("Tab")
    console.get_by_label("专区", exact=True).select_option("示例区图书馆政务公开专区")
    console.keyboard.press("Tab")
    console.keyboard.press("Enter")
    return re.sub(r"\D", "", console.locator("#new-code").inner_text())


def test_a_kiosk_is_enrolled_by_touch_and_revoked(browser: Browser, site: str) -> None:
    with visiting(browser, f"{site}/console/sign-in") as console:
        sign_in(console, site, "boss")
        code = make_code(console, site, "阅览室自助机")
        assert len(code) == 8
        with new_machine(browser, site) as kiosk:
            expect(kiosk.get_by_role("heading", name="登记这台自助机")).to_be_visible()
            for key in ("9", "退一格", *code):
                kiosk.get_by_role("button", name=key, exact=True).click()
            expect(kiosk.locator("#code")).to_have_value(code)
            kiosk.get_by_role("button", name="登记").click()
            expect(kiosk.get_by_role("heading", name="您好，想了解什么？")).to_be_visible(
                timeout=PATIENCE_MS
            )
            assert "阅览室自助机" in kiosk.content()

            console.goto(f"{site}/console/devices")
            row = console.get_by_role("row", name="阅览室自助机")
            expect(row).to_contain_text("在线", timeout=PATIENCE_MS)
            row.get_by_role("button", name="撤销").press("Enter")
            expect(kiosk.get_by_role("heading", name="登记这台自助机")).to_be_visible(
                timeout=PATIENCE_MS
            )


def test_a_kiosk_is_enrolled_by_keyboard_after_a_mistake(browser: Browser, site: str) -> None:
    with visiting(browser, f"{site}/console/sign-in") as console:
        sign_in(console, site, "boss")
        code = make_code(console, site, "键盘自助机")
    with new_machine(browser, site) as kiosk:
        expect(kiosk.locator("#code")).to_be_focused()
        kiosk.keyboard.type("00000000")
        kiosk.keyboard.press("Enter")
        expect(kiosk.get_by_role("alert")).to_contain_text("登记码不对", timeout=PATIENCE_MS)
        # The message is there before the field of the new page has the keyboard.
        expect(kiosk.locator("#code")).to_be_focused()
        kiosk.keyboard.type(code)
        kiosk.keyboard.press("Enter")
        expect(kiosk.get_by_role("heading", name="您好，想了解什么？")).to_be_visible(
            timeout=PATIENCE_MS
        )


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS)
def test_the_number_pad_is_large_and_clear(
    browser: Browser, site: str, size: tuple[int, int]
) -> None:
    with new_machine(browser, site, size) as page:
        page.locator("#code").fill("00000000")
        page.locator("#code").press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        page.wait_for_load_state()  # Before its styles are there, everything is small.
        measured: dict[str, Any] = page.evaluate(MEASURE)
        assert measured["texts"]
        assert [t for t in measured["texts"] if t["px"] < LEAST_TEXT_PX] == []
        assert [t for t in measured["texts"] if t["contrast"] < LEAST_CONTRAST] == []
        least = LEAST_TARGET_PX - 0.5
        assert [t for t in measured["targets"] if min(t["width"], t["height"]) < least] == []
        boxes = [button.bounding_box() for button in page.get_by_role("button").all()]
        assert len(boxes) == 12
        for box in boxes:
            assert box is not None
            assert box["y"] >= 0 and box["y"] + box["height"] <= size[1], "without scrolling"
        assert not measured["wider"]
        assert len(measured["actions"]) <= MOST_ACTIONS


PUBLIC = ("/venues", "/venues/zone", "/venues/library")
STAFF = (
    *("/console/venues", "/console/venues/new", "/console/venues/1", "/console/agencies"),
    *("/console/agencies/1", "/console/devices"),
)


def test_axe_finds_nothing(browser: Browser, site: str) -> None:
    axe = Axe()
    with new_machine(browser, site) as page:
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
    for path in PUBLIC:
        for size in ((1920, 1080), (390, 844)):
            with visiting(browser, f"{site}{path}", size=size) as page:
                found = axe.run(page)
                assert found.violations_count == 0, (path, found.generate_report())
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert not wide, (path, size)
    with visiting(browser, f"{site}/console/sign-in") as console:
        sign_in(console, site, "boss")
        for path in STAFF:
            console.goto(f"{site}{path}")
            found = axe.run(console)
            assert found.violations_count == 0, (path, found.generate_report())


def test_the_hours_of_a_zone_are_changed_by_keyboard(browser: Browser, site: str) -> None:
    with visiting(browser, f"{site}/console/sign-in") as console:
        sign_in(console, site, "boss")
        console.goto(f"{site}/console/venues")
        console.get_by_role("link", name="示例区档案馆").press("Enter")
        saturday = console.get_by_label("星期六").first
        saturday.focus()
        console.keyboard.type("9点到12点")
        console.keyboard.press("Enter")
        expect(console.get_by_role("alert")).to_contain_text("看不懂", timeout=PATIENCE_MS)
        saturday = console.get_by_label("星期六").first
        expect(saturday).to_have_value("9点到12点")
        saturday.fill("9：00—12：00")
        saturday.press("Enter")
        expect(console.get_by_role("status")).to_contain_text("已保存", timeout=PATIENCE_MS)
        expect(console.get_by_label("星期六").first).to_have_value("9:00-12:00")
    with visiting(browser, f"{site}/venues/archive") as public:
        expect(public.get_by_role("row", name="星期六")).to_contain_text("9:00—12:00")


def test_a_dead_microphone_is_told_on_the_screen_and_to_staff_until_it_works(
    browser: Browser, hearing: ListenTo, site: str, tmp_path: Path
) -> None:
    dead = hearing(recorded(tmp_path / "dead.wav", bytes(16_000 * 2 * 60)))
    with visiting(browser, f"{site}/console/sign-in") as console:
        sign_in(console, site, "boss")
        code = make_code(console, site, "门口自助机")
        with new_machine(dead, site) as kiosk:
            enrolled = kiosk.request.post(f"{site}/kiosk/enrolment", form={"code": code})
            assert enrolled.ok
            kiosk.goto(f"{site}/kiosk")
            with kiosk.expect_response("**/kiosk/speech/dead-microphone*"):
                kiosk.locator("#talk").click()
            expect(kiosk.locator("#notice")).to_contain_text("麦克风没有声音")
            expect(kiosk.locator("#ask-text")).to_be_focused()
            console.goto(f"{site}/console/devices")
            row = console.get_by_role("row", name="门口自助机")
            expect(row).to_contain_text("麦克风没有声音")

            # Somebody switches it on; the page was opened anew meanwhile.
            kiosk.reload()
            kiosk.evaluate(
                """() => {
                  navigator.mediaDevices.getUserMedia = async () => {
                    const context = new AudioContext();
                    const sound = context.createOscillator();
                    const to = context.createMediaStreamDestination();
                    sound.connect(to);
                    sound.start();
                    return to.stream;
                  };
                }"""
            )
            with kiosk.expect_response("**/kiosk/faults"):
                kiosk.locator("#talk").click()
            console.reload()
            expect(row).not_to_contain_text("麦克风没有声音")
