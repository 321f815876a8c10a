"""An elderly visitor says what they want to know, hears it said back, and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import ListenTo, prepared, serving, visiting, wait_until

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
    hall: str, hearing: ListenTo, shared: Path, axe: Axe
) -> None:
    recording = shared / "speech" / "questions" / "wav" / CLIP
    with visiting(hearing(recording), f"{hall}/apply") as page:
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
