"""An elderly visitor says what they want to know, hears it said back, and goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.conftest import ListenTo, after_a_breath, prepared, serving, visiting, wait_until

CLIP = "k005.wav"
"""Somebody says 鹰潭市对受疫情影响的企业有什么政策？"""
PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[str]:
    with serving(
        prepared(tmp_path_factory.mktemp("voice")),
        OPENZONE_RECOGNISER="vosk",
        OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model),
    ) as url:
        yield url


def test_a_request_is_said_heard_back_and_agreed_to(
    hall: str, hearing: ListenTo, shared: Path, axe: Axe, tmp_path: Path
) -> None:
    recording = shared / "speech" / "questions" / "wav" / CLIP
    asked = after_a_breath(recording, tmp_path / "asked.wav")
    with visiting(hearing(asked), f"{hall}/apply") as page:
        page.get_by_role("button", name="开始填写").click()
        expect(page.locator("#dictate")).to_be_visible()
        page.get_by_role("button", name="示例区人民政府办公室").click()

        expect(page.get_by_label("您要的是什么信息？")).to_be_visible()
        page.locator("#dictate").click()
        agreed = page.get_by_role("button", name="对，下一步")
        expect(agreed).to_be_visible(timeout=PATIENCE_MS)
        written = page.locator("[data-answer]").input_value()
        assert "企业" in written and "政策" in written
        expect(page.locator("#dictation-asked")).to_have_text(f"您要申请的是{written}，对吗？")
        wait_until(page, "watched.loudest > 0.05")
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        agreed.click()
        expect(page.get_by_label("您要的是什么信息？")).to_have_count(0)
        assert page.evaluate("watched.errors") == []


def test_nothing_is_said_back_that_tells_of_a_person(
    hall: str, hearing: ListenTo, shared: Path
) -> None:
    recording = shared / "speech" / "questions" / "wav" / CLIP
    asked: list[str] = []
    with visiting(hearing(recording), f"{hall}/apply") as page:
        page.get_by_role("button", name="开始填写").click()
        page.get_by_role("button", name="示例区人民政府办公室").click()
        page.locator("[data-answer]").fill("老旧小区改造预算")
        page.get_by_role("button", name="下一步").click()
        for _ in range(8):
            if page.get_by_label("您叫什么名字？").count():
                break
            way_on = page.get_by_role("button", name="跳过").or_(
                page.get_by_role("button", name="我自己")
            )
            other = page.get_by_role("button", name="都不是，接着申请")
            way_on.or_(other).or_(page.get_by_role("button", name="知道了")).first.click()
            page.wait_for_load_state()
        expect(page.get_by_label("您叫什么名字？")).to_be_visible()
        page.on("request", lambda request: asked.append(request.url))
        page.locator("#dictate").click()
        expect(page.get_by_role("button", name="对，下一步")).to_be_visible(timeout=PATIENCE_MS)
        assert "企业" in page.locator("[data-answer]").input_value()
        spoken = {
            url.rpartition("/")[2].partition("?")[0] for url in asked if "/kiosk/speech/" in url
        }
        assert spoken <= {"look-and-agree", "not-heard", "say-again"}, "only phrases of the house"


def asks_for_a_phone(route: Route) -> None:
    page = route.fetch()
    body = page.text().replace('data-dictate="request"', 'data-dictate="digits"')
    body = body.replace('data-apply-step="information"', 'data-apply-step="phone"')
    route.fulfill(response=page, body=body)


def test_a_number_said_in_pieces_is_asked_about_when_it_is_complete(
    hall: str, hearing: ListenTo, shared: Path
) -> None:
    recording = shared / "speech" / "questions" / "wav" / CLIP
    heard = [
        {"text": "138", "growth": "more"},
        {"text": "000011112", "growth": "wrong", "sentence": "手机号是11位，这里是12位，请核对。"},
        {"text": "", "agrees": False},
        {"text": "00001111", "growth": "complete"},
        {"purpose": "agreement", "text": "", "agrees": False},
    ]
    started: list[dict[str, object]] = []

    def answer(route: WebSocketRoute) -> None:
        answered: list[object] = []

        def take(message: str | bytes) -> None:
            if isinstance(message, str):
                asked = json.loads(message)
                if asked["type"] == "start" and len(started) < len(heard):
                    started.append(asked)
            elif len(answered) < len(started):
                said = {"purpose": "digits", "agrees": None, "speech": []} | heard[len(answered)]
                answered.append(said)
                route.send(json.dumps({"type": "ended", "reason": "silence"}))
                route.send(json.dumps({"type": "dictated"} | said))

        route.on_message(take)

    with visiting(hearing(recording), f"{hall}/apply") as page:
        page.route_web_socket("**/kiosk/voice", answer)
        page.get_by_role("button", name="开始填写").click()
        expect(page.locator("#dictate")).to_be_visible()
        # The page of the request stands in for that of the phone, seventeen pages on.
        page.get_by_role("button", name="示例区人民政府办公室").click()
        expect(page.get_by_label("您要的是什么信息？")).to_be_visible()
        page.route("**/apply/steps/information", asks_for_a_phone)
        page.goto(f"{hall}/apply/steps/information")
        expect(page.locator("form[data-dictate=digits]")).to_be_visible()
        number = page.locator("[data-answer]")
        page.locator("#dictate").click()
        expect(page.locator("#dictation-asked")).to_have_text(
            "号码齐了：13800001111，对吗？", timeout=PATIENCE_MS
        )
        # 对吗 was answered 不对: the last piece is gone, and the number is gone on with.
        expect(page.locator("#dictation-words")).to_contain_text(
            "去掉了刚才那几位", timeout=PATIENCE_MS
        )
        wait_until(page, "document.querySelector('[data-answer]').value === '138'")
        expect(number).to_have_value("138")
    assert [(one["purpose"], one.get("so_far")) for one in started] == [
        ("digits", ""),
        ("digits", "138"),
        ("digits", "138000011112"),
        ("digits", "138"),
        ("agreement", None),
    ]
    assert {one.get("field") for one in started} == {"phone", None}
