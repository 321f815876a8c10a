"""A document read in a real browser: seen, heard, found in, printed and taken home."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pypdf
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from models.document import Document
from models.index_change import Subject
from services import publication
from services.access import system
from tests.browser.conftest import ListenTo, sign_in, visiting, wait_until
from tests.browser.measuring import SCREENS, require_fit
from tests.databases import environment_of
from tests.doors import Doors, open_doors

GUIDE = "/documents/named?number=示例区办发2026 5"
TITLE = "政府信息公开申请表填写说明"
PHONE = {"X-Forwarded-For": "10.0.0.9"}


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


@contextmanager
def reading(browser: Browser, url: str, **options: object) -> Iterator[Page]:
    with visiting(browser, f"{url}{GUIDE}", **options) as page:  # type: ignore[arg-type]
        yield page


def being_read(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.being-read')?.dataset.sentence ?? ''"))


def number_of(page: Page) -> int:
    names = "[...document.querySelectorAll('[data-sentence]')]"
    return int(page.evaluate(f"{names}.findIndex((s) => s.classList.contains('being-read'))"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_document_is_read_aloud_and_the_place_is_shown_and_kept(
    quiet: Browser, vosk_kiosk: str
) -> None:
    with reading(quiet, vosk_kiosk) as page:
        rates: list[str] = []
        page.on("request", lambda r: rates.append(r.url) if "/speech/" in r.url else None)
        press(page, "朗读")
        wait_until(page, "watched.loudest > 0.01")
        assert being_read(page) == "title-0"
        wait_until(page, "document.querySelector('.being-read')?.dataset.sentence === '0-0'")
        press(page, "暂停")
        press(page, "下一句")
        press(page, "下一句")
        wait_until(page, "document.querySelector('.being-read')?.dataset.sentence === '1-1'")
        press(page, "上一句")
        wait_until(page, "document.querySelector('.being-read')?.dataset.sentence === '1-0'")
        assert all("rate=1.0" in address for address in rates)
        press(page, "慢一点")
        press(page, "慢一点")
        expect(page.locator("#player-words")).to_contain_text("语速 0.8")
        wait_until(page, "document.body.dataset.rate === '0.8'")
        for _ in range(5):
            press(page, "快一点")
        expect(page.locator("#faster")).to_be_disabled()
        expect(page.locator("#player-words")).to_contain_text("语速 1.3")
        with page.expect_request(lambda request: "rate=1.3" in request.url):
            press(page, "下一句")
        press(page, "暂停")
        kept = number_of(page)
        page.reload()
        expect(page.locator(".being-read")).to_have_count(0)
        press(page, "从上次的地方接着读")
        wait_until(page, "document.querySelector('.being-read') !== null")
        assert kept <= number_of(page) <= kept + 1


def test_pausing_holds_the_sound_where_it_is(quiet: Browser, vosk_kiosk: str) -> None:
    with reading(quiet, vosk_kiosk) as page:
        page.locator("[data-sentence='9-0']").click()
        wait_until(page, "watched.loudest > 0.01")
        assert being_read(page) == "9-0"
        box = page.locator(".being-read").bounding_box()
        assert box is not None
        assert 0 < box["y"] < 1080
        press(page, "暂停")
        page.evaluate("watched.loudest = 0")
        page.wait_for_timeout(1500)
        assert page.evaluate("watched.loudest") < 0.01
        assert being_read(page) == "9-0"
        press(page, "继续朗读")
        wait_until(page, "watched.loudest > 0.01")


def test_a_page_needs_a_script_for_sound_only(quiet: Browser, vosk_kiosk: str) -> None:
    context = quiet.new_context(java_script_enabled=False, extra_http_headers=PHONE)
    page = context.new_page()
    page.goto(f"{vosk_kiosk}{GUIDE}")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator("#player")).to_be_hidden()
    page.get_by_text("目录（").click()
    page.get_by_role("link", name="四、不必填写的内容").click()
    assert page.url.endswith("#p17")
    page.get_by_role("searchbox").fill("联系方式")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("mark.current")).to_be_visible()
    first = page.locator("mark.current").bounding_box()
    page.get_by_role("link", name="下一处").click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    assert page.locator("mark.current").bounding_box() != first
    page.get_by_role("link", name="特大字").click()
    expect(page.locator("mark.current")).to_have_css("font-size", "28px")
    page.get_by_text("扫码带走").click()
    expect(page.locator("#code")).to_be_visible()
    context.close()


def test_on_paper_there_is_the_document_and_nothing_else(quiet: Browser, vosk_kiosk: str) -> None:
    with reading(quiet, vosk_kiosk) as page:
        with page.expect_request(lambda r: r.url.endswith("/printed")):
            printed = page.pdf(format="A4")
        text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(printed)).pages)
        text = "".join(unicodedata.normalize("NFKC", text).split())
        assert TITLE in text
        assert "示例区办发〔2026〕5号" in text
        assert "2026年1月15日" in text
        assert "法律服务机构还是其他组织" in text
        assert [w for w in ("朗读", "在本文中", "扫码", "字号", "返回", "帮忙") if w in text] == []
        page.emulate_media(media="print")
        colours = page.evaluate(
            "[...document.querySelectorAll('.text p, h1, .facts span')].map((node) => "
            "getComputedStyle(node).color)"
        )
        assert set(colours) == {"rgb(0, 0, 0)"}
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_the_code_opens_the_same_place(quiet: Browser, vosk_kiosk: str) -> None:
    with reading(quiet, vosk_kiosk) as page:
        page.locator("[data-sentence='12-1']").click()
        wait_until(page, "document.querySelector('.being-read')?.dataset.sentence === '12-1'")
        press(page, "暂停")
        page.get_by_text("扫码带走").click()
        wait_until(page, "document.querySelector('#code').src.includes('at=p12')")
        wait_until(page, "document.querySelector('#code').complete")
        picture = Image.open(io.BytesIO(page.locator("#code").screenshot()))
        codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        assert len(codes) == 1
        address = codes[0].text
    assert f"{urlsplit(address).scheme}://{urlsplit(address).netloc}" == vosk_kiosk
    phone = quiet.new_context(
        viewport={"width": 390, "height": 844}, extra_http_headers=PHONE, is_mobile=True
    )
    taken = phone.new_page()
    taken.goto(address)
    expect(taken.locator(".place")).to_contain_text("记不清名称和文号的")
    expect(taken.locator(".place")).to_be_in_viewport()
    assert taken.evaluate("document.documentElement.scrollWidth") <= 390
    sizes = taken.evaluate(
        "[...document.querySelectorAll('p, a, button, dd, h1, h2')]"
        ".map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 18
    phone.close()


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS)
def test_a_document_is_large_clear_and_within_the_screen_of_a_kiosk(
    quiet: Browser, vosk_kiosk: str, size: tuple[int, int]
) -> None:
    with reading(quiet, vosk_kiosk, size=size) as page:
        for step in ("大字", "特大字", "标准字"):
            page.get_by_role("link", name=step, exact=True).click()
            page.get_by_role("searchbox").fill("申请")
            page.get_by_role("button", name="查找").click()
            page.get_by_text("目录（").click()
            require_fit(page, f"{step} at {size}")


def test_axe_finds_nothing(quiet: Browser, vosk_kiosk: str) -> None:
    for headers in ({}, PHONE):
        context = quiet.new_context(extra_http_headers=headers)
        page = context.new_page()
        page.goto(f"{vosk_kiosk}{GUIDE}")
        page.get_by_text("目录（").click()
        page.get_by_text("扫码带走").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.goto(f"{page.url.partition('?')[0]}?find=申请")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        context.close()


def test_a_kiosk_asks_whether_anybody_is_there_and_goes_home(
    quiet: Browser, vosk_kiosk: str
) -> None:
    with reading(quiet, vosk_kiosk, clock=True) as page:
        page.evaluate("localStorage.setItem('openzone-place-1', '{}')")
        page.clock.fast_forward(91_000)
        expect(page.locator("#idle")).to_be_visible()
        press(page, "我还在")
        expect(page.locator("#idle")).to_be_hidden()
        page.clock.fast_forward(91_000)
        expect(page.locator("#idle")).to_be_visible()
        page.clock.run_for(61_000)
        page.wait_for_url(f"{vosk_kiosk}/kiosk")
        assert page.evaluate("localStorage.getItem('openzone-place-1')") is None


def test_help_is_called_from_a_document(quiet: Browser, vosk_kiosk: str) -> None:
    with reading(quiet, vosk_kiosk) as page:
        press(page, "请工作人员帮忙")
        expect(page.locator("#helped")).to_contain_text("已经通知工作人员")


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    with open_doors(tmp_path, **environment_of(tmp_path)) as opened:
        yield opened


def test_reading_ends_with_words_when_the_document_is_withdrawn(
    quiet: Browser, doors: Doors
) -> None:
    async def withdraw() -> None:
        document = await Document.get(title=TITLE)
        actor = system(doors.context.parts.keys.sealing)
        now = datetime.now(UTC)
        await publication.withdraw(actor, Subject.DOCUMENT, document.id, reason="内容有误", now=now)

    with reading(quiet, doors.url) as page:
        press(page, "朗读")
        wait_until(page, "document.querySelector('.being-read')?.dataset.sentence === '0-0'")
        doors.run(withdraw())
        expect(page.locator("#player-words")).to_contain_text("这份文件已经撤下")
        assert page.reload().status == 404  # type: ignore[union-attr]
        expect(page.get_by_role("heading")).to_have_text("这份文件已经撤下")


LISTS = {"catalogue": "/documents", "search": "/documents?q=申请", "gazettes": "/gazettes"}


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_lists_are_large_clear_within_the_screen_and_clean(
    quiet: Browser, vosk_kiosk: str, path: str
) -> None:
    for size in SCREENS.values():
        with visiting(quiet, f"{vosk_kiosk}{path}", size=size) as page:
            for summary in page.locator("summary").all():
                summary.click()
            require_fit(page, f"{path} at {size}")
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
    phone = quiet.new_context(viewport={"width": 360, "height": 800}, extra_http_headers=PHONE)
    page = phone.new_page()
    page.goto(f"{vosk_kiosk}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.close()


@pytest.mark.parametrize("path", ["display-items", "display-items/new", "gazette-issues/new"])
def test_axe_finds_nothing_where_clerks_keep_the_reading_area(
    quiet: Browser, vosk_kiosk: str, path: str
) -> None:
    with visiting(quiet, f"{vosk_kiosk}/console") as page:
        sign_in(page, vosk_kiosk)
        page.goto(f"{vosk_kiosk}/console/{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
