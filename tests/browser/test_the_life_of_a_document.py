"""One document from a clerk's folder to an elderly visitor's phone, and away again.

A clerk imports it, a reviewer lets it out, a visitor finds it by voice, has it read aloud and takes
it home by a code; the clerk withdraws it, and it is gone.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    ListenTo,
    after_a_breath,
    hire,
    prepared,
    serving,
    sign_in,
    visiting,
    wait_until,
)

CLIP = "k005.wav"
"""Somebody asks 鹰潭市对受疫情影响的企业有什么政策？"""
TITLE = "鹰潭市关于受疫情影响企业政策的通知"
NOTICE = f"""{TITLE}
鹰府办发〔2026〕21号
各县区人民政府：
一、适用对象
本通知适用于在本市登记的企业。
二、扶持政策
鹰潭市对受疫情影响的企业减免三个月房屋租金，并给予贷款贴息政策支持。
三、办理时间
2026年12月31日以前到政务服务中心办理。
鹰潭市人民政府办公室
2026年9月1日
"""
GONE_WITHIN_MS = 5000
"""Two seconds are promised; the rest is for a machine that runs a browser and an engine besides."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[str]:
    """A service hall of its own, with a clerk and a reviewer."""
    data_dir = prepared(tmp_path_factory.mktemp("hall"))
    hire(data_dir, "zhang", "clerk", "--venue", "zone")
    hire(data_dir, "li", "reviewer", "--venue", "zone")
    with serving(
        data_dir, OPENZONE_RECOGNISER="vosk", OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model)
    ) as url:
        yield url


@pytest.fixture
def desk(hearing: ListenTo, silence: Path) -> Browser:
    """A browser in which nobody says anything."""
    return hearing(silence)


def test_a_document_comes_is_heard_goes_home_and_goes(
    hall: str, desk: Browser, hearing: ListenTo, shared: Path, tmp_path: Path
) -> None:
    notice = tmp_path / "通知.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    with visiting(desk, f"{hall}/console") as clerk:
        sign_in(clerk, hall, "zhang")
        address = brought_in(clerk, hall, notice)
        assert address.split("/")[-1].isdigit()
        public = f"{hall}/documents/{address.split('/')[-1]}"
        assert httpx.get(public, trust_env=False).status_code == 404, "a draft is nobody's"

        with visiting(desk, f"{hall}/console") as reviewer:
            sign_in(reviewer, hall, "li")
            let_out(reviewer, address)

        recording = shared / "speech" / "questions" / "wav" / CLIP
        kiosk_browser = hearing(after_a_breath(recording, tmp_path / "asked.wav"))
        with visiting(kiosk_browser, f"{hall}/kiosk") as visitor:
            find_by_voice(visitor)
            hear_it_read(visitor)
            at_home = code_on(visitor)
            assert at_home.startswith(public)
            with visiting(desk, at_home, size=(390, 844)) as phone:
                expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)

            withdraw(clerk, address)
            visitor.goto(public)
            expect(visitor.locator("body")).not_to_contain_text("贷款贴息")
        assert httpx.get(public, trust_env=False).status_code in {404, 410}
        gone_from_search(hall)


def brought_in(clerk: Page, hall: str, notice: Path) -> str:
    """Import the file and submit it; return the document's address in the console."""
    clerk.goto(f"{hall}/console/imports")
    clerk.locator("#field-files").set_input_files(notice)
    expect(clerk.locator("#files")).to_contain_text("完成", timeout=20_000)
    clerk.goto(f"{hall}/console/documents?state=draft")
    clerk.get_by_role("link", name=TITLE).click()
    clerk.get_by_role("button", name="提交保密审查").click()
    expect(clerk.locator("main")).to_contain_text("待保密审查")
    return clerk.url.partition("?")[0]


def let_out(reviewer: Page, address: str) -> None:
    reviewer.goto(address)
    reviewer.get_by_role("link", name="保密审查", exact=True).click()
    for box in reviewer.get_by_role("checkbox").all():
        box.check()
    reviewer.get_by_role("button", name="审查通过").click()
    expect(reviewer.locator("main")).to_contain_text("已发布")


def find_by_voice(visitor: Page) -> None:
    visitor.locator("#talk").click()
    expect(visitor.locator("body")).to_have_attribute("data-state", "answer", timeout=30_000)
    expect(visitor.locator("#answer")).to_contain_text("贷款贴息")
    expect(visitor.locator("#answer .source")).to_contain_text("鹰府办发〔2026〕21号")
    visitor.locator("#answer").get_by_role("link", name="看原文").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TITLE)


def hear_it_read(visitor: Page) -> None:
    visitor.get_by_role("button", name="朗读", exact=True).click()
    wait_until(visitor, "watched.loudest > 0.05")
    expect(visitor.locator(".being-read")).to_be_visible()


def code_on(visitor: Page) -> str:
    """Return what a telephone reads from the screen."""
    visitor.get_by_text("扫码带走").click()
    code = visitor.get_by_role("img", name="二维码")
    code.scroll_into_view_if_needed()
    expect(code).to_have_js_property("complete", True)
    picture = Image.open(io.BytesIO(code.screenshot()))
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(found) == 1, "a telephone must be able to read the code"
    return found[0].text


def withdraw(clerk: Page, address: str) -> None:
    clerk.goto(address)
    clerk.get_by_label("撤下的原因").fill("政策已经到期")
    clerk.get_by_role("button", name="撤下", exact=True).click()
    expect(clerk.locator("main")).to_contain_text("已撤下")


def gone_from_search(hall: str) -> None:
    """What is withdrawn is found by nobody, neither typed nor by its number."""
    client = httpx.Client(base_url=hall, trust_env=False)
    deadline = GONE_WITHIN_MS
    with client:
        for query in ("鹰府办发〔2026〕21号", "受疫情影响的企业贷款贴息"):
            while deadline > 0:
                hits = client.get("/api/v1/search", params={"q": query}).json()["hits"]
                if not any(TITLE in hit["title"] for hit in hits):
                    break
                deadline -= 100
                time.sleep(0.1)
            assert deadline > 0, f"{query} still finds it"
