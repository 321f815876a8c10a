"""A visitor asks after an answer by its number, suggests something, touches a face."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ListenTo, prepared, serving, sign_in, visiting, wait_until
from tests.browser.measuring import require_fit
from tests.browser.test_using_the_kiosk import QUESTION, UNKNOWN, ask, expect_view

ANSWER = "天王星已知有二十八颗卫星。"
WORDS = "希望公报多放几份大字版"


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    """A browser that hears nobody."""
    return hearing(silence)


@pytest.fixture
def page(quiet: Browser, vosk_kiosk: str) -> Iterator[Page]:
    with visiting(quiet, f"{vosk_kiosk}/kiosk") as opened:
        yield opened


def leave(page: Page) -> str:
    """Leave a question; return its number."""
    ask(page, UNKNOWN)
    expect_view(page, "handoff")
    page.get_by_role("button", name="留下问题").click()
    page.get_by_role("button", name="留下这个问题").click()
    expect_view(page, "left")
    expect(page.locator("#left-due")).to_contain_text("以前答复")
    number = page.locator("#left-number").inner_text()
    page.get_by_role("button", name="返回").click()
    return number


def test_an_answer_is_found_by_touch_read_and_heard(
    page: Page, quiet: Browser, vosk_kiosk: str
) -> None:
    number = leave(page)
    with visiting(quiet, f"{vosk_kiosk}/console") as console:
        sign_in(console, vosk_kiosk)
        console.goto(f"{vosk_kiosk}/console/left-questions")
        console.get_by_role("link", name=number).click()
        expect(console.locator("main")).to_contain_text(UNKNOWN)
        console.locator("#field-answer").fill(ANSWER)
        console.get_by_role("button", name="答复", exact=True).click()
        expect(console.locator("main .message")).to_contain_text("已答复")

    page.get_by_role("button", name="查我的问题").click()
    expect_view(page, "look-up")
    pad = page.get_by_role("group", name="数字键")
    for digit in number.replace("-", ""):
        pad.get_by_role("button", name=digit, exact=True).click()
    pad.get_by_role("button", name="5", exact=True).click()
    expect(page.locator("#look-up-number")).to_have_value(number)
    page.get_by_role("button", name="查询").click()
    expect_view(page, "found")
    expect(page.locator("#found-answer")).to_have_text(ANSWER)
    assert UNKNOWN not in page.locator("[data-view=found]").inner_text()
    wait_until(page, "watched.loudest > 0.05")

    page.get_by_role("button", name="返回").click()
    expect_view(page, "home")
    assert number not in page.content()
    assert ANSWER not in page.content()


def test_a_wrong_number_is_told_and_mended_with_the_keyboard(page: Page) -> None:
    number = leave(page)
    page.get_by_role("button", name="查我的问题").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#look-up-number")).to_be_focused()
    page.keyboard.type("200101000000")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("没有找到这个编号")
    expect_view(page, "look-up")
    page.locator("#look-up-number").fill("")
    page.locator("#look-up-number").focus()
    page.keyboard.type(number.replace("-", ""))
    page.keyboard.press("Enter")
    expect_view(page, "found")
    expect(page.locator("#found-title")).to_have_text("还没有答复")
    page.keyboard.press("Escape")
    expect_view(page, "home")


def test_a_suggestion_is_taken_in(page: Page) -> None:
    page.get_by_role("button", name="查我的问题").click()
    page.get_by_role("button", name="提意见", exact=True).click()
    expect_view(page, "suggest")
    expect(page.locator("#suggest-text")).to_be_focused()
    page.keyboard.type(WORDS)
    page.get_by_role("button", name="提交").click()
    expect_view(page, "left")
    expect(page.locator("#left-title")).to_have_text("意见已经收到")
    expect(page.locator("#left-number")).to_have_text(re.compile(r"^\d{6}-\d{6}$"))
    assert page.locator("#suggest-text").input_value() == ""


def test_a_face_is_touched_once_for_each_answer(
    page: Page, quiet: Browser, vosk_kiosk: str
) -> None:
    ask(page, QUESTION)
    expect_view(page, "answer")
    with page.expect_response(re.compile("/kiosk/ratings")) as rated:
        page.get_by_role("button", name="不满意").click()
    assert rated.value.status == 201
    assert re.fullmatch(r"question:\d+", rated.value.request.post_data_json["about"])
    expect(page.locator("#rating-title")).to_have_text("谢谢您的评价。")
    expect(page.locator("#rating-faces")).to_be_hidden()
    page.get_by_role("button", name="返回").click()
    ask(page, QUESTION)
    expect_view(page, "answer")
    expect(page.locator("#rating-faces")).to_be_visible()


def test_a_quoted_document_leads_to_its_text(page: Page) -> None:
    ask(page, "便民服务站的开放时间")
    expect_view(page, "answer")
    original = page.locator("#answer .original")
    assert re.match(r"/documents/\d+\?at=", original.get_attribute("href") or "")
    original.click()
    page.wait_for_url(re.compile(r"/documents/\d+.*#p\d+"))
    expect(page.locator("h1")).to_contain_text("开放时间和地址")


def test_whoever_goes_away_leaves_nothing(quiet: Browser, vosk_kiosk: str) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk", clock=True) as page:
        number = leave(page)
        page.get_by_role("button", name="查我的问题").click()
        page.locator("#look-up-number").fill(number)
        page.get_by_role("button", name="查询").click()
        expect_view(page, "found")
        expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)
        page.clock.fast_forward(91_000)
        expect(page.locator("#idle")).to_be_visible()
        page.clock.run_for(61_000)
        expect_view(page, "home")
        assert number not in page.content()
        assert page.locator("#look-up-number").input_value() == ""
        assert page.locator("#found-answer").inner_text() == ""


# A zone without the desks


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[str]:
    """The kiosk of a library, which takes no applications and gives no advice."""
    with serving(
        prepared(tmp_path_factory.mktemp("library")),
        OPENZONE_VENUE="library",
        OPENZONE_RECOGNISER="vosk",
        OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model),
    ) as url:
        yield url


def test_a_library_says_where_to_go_and_offers_no_desk(quiet: Browser, library: str) -> None:
    with visiting(quiet, f"{library}/kiosk") as page:
        assert page.get_by_role("button", name="提意见").count() == 0
        ask(page, UNKNOWN)
        expect_view(page, "handoff")
        offers = page.locator("[data-view=handoff]").get_by_role("button")
        assert [name.split("\n")[0] for name in offers.all_inner_texts()] == [
            "请工作人员帮忙", "到哪里去",
        ]  # fmt: skip
        page.get_by_role("button", name="到哪里去").last.click()
        expect_view(page, "elsewhere")
        expect(page.locator("#elsewhere")).to_contain_text("申请接收区")
        expect(page.locator("#elsewhere")).to_contain_text("请到")
        wait_until(page, "watched.loudest > 0.05")
        require_fit(page, "elsewhere")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    kept = httpx.post(f"{library}/kiosk/questions", json={"text": "x"}, trust_env=False)
    assert kept.status_code == 403
