"""A visitor types, chooses, is handed on, calls for help, goes away; by touch and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ListenTo, sign_in, visiting, wait_until

QUESTION = "申请政府信息公开要收费吗"
UNCLEAR = "申请公开要交费吗"
UNKNOWN = "天王星有几颗卫星"


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    """A browser that hears nobody."""
    return hearing(silence)


@pytest.fixture
def page(quiet: Browser, vosk_kiosk: str) -> Iterator[Page]:
    with visiting(quiet, f"{vosk_kiosk}/kiosk") as opened:
        yield opened


def ask(page: Page, text: str) -> None:
    page.locator("#ask-text").fill(text)
    page.get_by_role("button", name="提问").click()


def expect_view(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", name, timeout=15_000)


def test_a_typed_question_is_answered_with_its_source_and_spoken(page: Page) -> None:
    ask(page, QUESTION)
    expect_view(page, "answer")
    expect(page.locator("#answer .answer-text")).to_contain_text("不收取费用")
    source = page.locator("#answer .source")
    for part in ("政府信息公开条例", "国务院令第711号", "第四十二条", "国务院", "2019年4月3日"):
        expect(source).to_contain_text(part)
    expect(source.locator(".badge")).to_have_text("现行有效")
    expect(source.locator(".badge svg")).to_be_visible()  # Not by colour alone.
    wait_until(page, "watched.loudest > 0.05")


def test_what_was_said_is_repeated_slower_louder_and_further(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda r: fetched.append(r.url) if "/speech/" in r.url else None)
    ask(page, QUESTION)
    expect_view(page, "answer")
    expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)
    first = list(fetched)
    assert first
    assert all(url.endswith("rate=1") for url in first)

    with page.expect_response(re.compile("rate=1$")):
        page.get_by_role("button", name="再说一遍").click()
    with page.expect_response(re.compile(r"rate=0\.85$")):
        page.get_by_role("button", name="慢一点").click()
    quiet = page.evaluate("watched.loudest")
    assert quiet > 0
    page.get_by_role("button", name="大声点").click()
    wait_until(page, f"watched.loudest > {quiet * 1.05}")

    more = page.get_by_role("button", name="继续")
    said = {url.partition("?")[0] for url in fetched}
    with page.expect_response(re.compile("/kiosk/speech/")) as further:
        more.click()
    assert further.value.url.partition("?")[0] not in said


def test_one_touch_asks_on_after_an_answer(page: Page) -> None:
    ask(page, QUESTION)
    expect_view(page, "answer")
    page.get_by_role("button", name="要带什么").click()
    expect(page.locator("#asked")).to_have_text(re.compile("申请政府信息公开要带"), timeout=15_000)


def test_an_unclear_question_offers_choices_to_tap(page: Page) -> None:
    ask(page, UNCLEAR)
    expect_view(page, "choices")
    choices = page.locator("#choices button")
    assert 2 <= choices.count() <= 3
    expect(choices.first).to_contain_text("第一个")
    title = choices.nth(1).locator(".choice-title").inner_text()
    choices.nth(1).click()
    expect_view(page, "answer")
    expect(page.locator("#asked")).to_have_text(title)


def test_what_cannot_be_answered_is_handed_on_three_ways(page: Page) -> None:
    ask(page, UNKNOWN)
    expect_view(page, "handoff")
    handoff = page.locator("[data-view=handoff]")
    expect(handoff.get_by_role("button")).to_have_count(3)

    handoff.get_by_role("button", name="怎样申请公开").click()
    expect_view(page, "apply")
    guidance = page.locator("[data-view=apply]")
    for part in ("当面", "邮寄", "身份证明", "联系方式", "口头", "第二十九条"):
        expect(guidance).to_contain_text(part)

    page.get_by_role("button", name="返回").click()
    ask(page, UNKNOWN)
    expect_view(page, "handoff")
    handoff.get_by_role("button", name="留下问题").click()
    expect(page.locator("#leave-text")).to_have_value(UNKNOWN)
    page.get_by_role("button", name="留下这个问题").click()
    expect_view(page, "left")
    expect(page.locator("#left-number")).to_have_text(re.compile(r"^\d{6}-\d{6}$"))


def test_staff_hear_of_a_call_for_help_and_the_visitor_of_their_coming(
    page: Page, quiet: Browser, vosk_kiosk: str
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/console") as console:
        sign_in(console, vosk_kiosk)
        calls = console.locator("#bell-calls")
        expect(calls).not_to_contain_text("正在查看")
        while console.locator("#bell-calls li").count():  # Left by another test's visitor.
            calls.get_by_role("button", name="办结").first.click()
            expect(calls).not_to_contain_text("正在查看")
        expect(calls).to_contain_text("没有人请求帮忙")
        page.get_by_role("button", name="请工作人员帮忙").click()
        expect(page.locator("#help-title")).to_have_text("已经通知工作人员")
        expect(calls).to_contain_text("一号自助机", timeout=3000)
        calls.get_by_role("button", name="我去").click()
        expect(calls).to_contain_text("已经过去")
        calls.get_by_role("button", name="办结").click()
        expect(calls).to_contain_text("没有人请求帮忙")
    expect(page.locator("#help-title")).to_have_text("工作人员正在过来", timeout=10_000)


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "ask-text":
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", "one sees where one is"
        page.keyboard.press("Tab")
    page.keyboard.type(UNCLEAR)
    page.keyboard.press("Enter")
    expect_view(page, "choices")
    assert page.evaluate("document.activeElement.tagName") == "H1", "reading goes on at the answer"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_view(page, "answer")
    page.keyboard.press("Escape")
    expect_view(page, "home")
    expect(page.locator("#talk")).to_be_focused()
    page.keyboard.press("Space")
    expect_view(page, "listening")
    page.keyboard.press("Escape")
    expect_view(page, "home")


def test_text_grows_and_stays_on_the_screen(page: Page) -> None:
    size = page.get_by_role("button", name="字号")
    sizes = []
    for _ in range(3):
        sizes.append(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
        size.click()
    assert sizes == [28, 36, 48]


def test_a_server_that_is_away_is_told_and_comes_back(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("fetch('/healthz').catch(() => {})")
    page.get_by_role("button", name="请工作人员帮忙").click()
    expect(page.locator("#notice")).to_contain_text("现在连不上服务")
    page.context.set_offline(False)
    ask(page, QUESTION)
    expect_view(page, "answer")


# Nobody there


def test_a_visitor_who_left_is_asked_for_and_then_forgotten(
    quiet: Browser, vosk_kiosk: str
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk", clock=True) as page:
        page.get_by_role("button", name="字号").click()
        ask(page, UNKNOWN)
        expect_view(page, "handoff")
        expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)
        with page.expect_response(re.compile("/kiosk/speech/still-here")):
            page.clock.fast_forward(91_000)
        expect(page.locator("#idle")).to_be_visible()
        expect(page.locator("#idle-title")).to_have_text("您还在吗？")
        page.clock.run_for(30_000)
        expect(page.locator("#idle-seconds")).to_have_text("30")
        page.clock.run_for(31_000)
        expect(page.locator("#idle")).to_be_hidden()
        expect_view(page, "home")
        assert UNKNOWN not in page.content()
        assert page.locator("#leave-text").input_value() == ""
        assert page.evaluate("document.body.dataset.size") == "1"


def test_one_touch_keeps_the_visitors_place_as_often_as_needed(
    quiet: Browser, vosk_kiosk: str
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk", clock=True) as page:
        ask(page, QUESTION)
        expect_view(page, "answer")
        for _ in range(3):
            expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)
            page.clock.fast_forward(91_000)
            expect(page.locator("#idle")).to_be_visible()
            page.clock.run_for(50_000)
            page.mouse.click(5, 5)
            expect(page.locator("#idle")).to_be_hidden()
            expect_view(page, "answer")


def test_any_sound_keeps_the_visitors_place(
    hearing: ListenTo, vosk_kiosk: str, shared: Path
) -> None:
    talking = hearing(shared / "speech" / "questions" / "wav" / "k005.wav")
    with visiting(talking, f"{vosk_kiosk}/kiosk", clock=True) as page:
        ask(page, QUESTION)
        expect_view(page, "answer")
        expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)
        page.clock.fast_forward(91_000)
        expect(page.locator("#idle")).to_be_visible()
        expect(page.locator("#idle")).to_be_hidden(timeout=30_000)
        expect_view(page, "answer")


def test_the_settings_page_plays_the_voice_and_hears_the_microphone(
    hearing: ListenTo, vosk_kiosk: str, shared: Path
) -> None:
    talking = hearing(shared / "speech" / "questions" / "wav" / "k005.wav")
    with visiting(talking, f"{vosk_kiosk}/kiosk/settings") as page:
        expect(page.locator("main")).to_contain_text("语音识别使用 Vosk")
        page.get_by_role("button", name="试麦克风").click()
        expect(page.locator("#microphone-result")).to_contain_text("麦克风正常")
        page.get_by_role("button", name="试听").click()
        wait_until(page, "watched.loudest > 0.05")
        expect(page.locator("#voice-result")).to_have_text("放完了。", timeout=30_000)


def test_the_documentation_page_sends_requests(quiet: Browser, vosk_kiosk: str) -> None:
    with visiting(quiet, f"{vosk_kiosk}/docs") as page:
        page.get_by_role("button", name=re.compile("试一下.*提一个问题")).click()
        expect(page.locator(".outcome").first).to_contain_text("返回 200")
        page.get_by_role("button", name=re.compile("试一下.*读一份文件")).click()
        expect(page.locator(".outcome").nth(2)).to_contain_text('"paragraphs"')


def test_the_whole_kiosk_comes_from_this_server(quiet: Browser, vosk_kiosk: str) -> None:
    asked: list[str] = []
    with visiting(quiet, "about:blank") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{vosk_kiosk}/kiosk")
        ask(page, QUESTION)
        expect_view(page, "answer")
    assert len(asked) > 5
    assert {httpx.URL(url).netloc for url in asked} == {httpx.URL(vosk_kiosk).netloc}
