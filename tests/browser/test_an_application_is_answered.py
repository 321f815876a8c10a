"""One application from an elderly visitor's voice to the annual report.

A visitor says at the kiosk what they want to know and gets a receipt; the officer asks for a
correction, consults a third party, has the period extended and answers in part; the visitor hears how
it stands, and the annual report has the case in its cells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from services.clock import ZONE
from tests.browser.conftest import (
    ListenTo,
    administer,
    after_a_breath,
    hire,
    prepared,
    serving,
    sign_in,
    visiting,
    wait_until,
)

CLIP = "k005.wav"
"""Somebody says 鹰潭市对受疫情影响的企业有什么政策？"""
AGENCY = "示例区人民政府办公室"
PATIENCE_MS = 30_000
COLUMNS = "natural_person business research public_welfare legal_service other total"
NOBODY = dict.fromkeys(COLUMNS.split(), 0)


@dataclass
class Hall:
    """A running installation."""

    data_dir: Path
    url: str


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[Hall]:
    data_dir = prepared(tmp_path_factory.mktemp("answered"))
    hire(data_dir, "chen", "agency_officer", "--agency", AGENCY)
    hire(data_dir, "zhou", "office_head", "--agency", AGENCY)
    with serving(
        data_dir, OPENZONE_RECOGNISER="vosk", OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model)
    ) as url:
        yield Hall(data_dir, url)


@pytest.fixture
def desk(hearing: ListenTo, silence: Path) -> Browser:
    """A browser in which nobody says anything."""
    return hearing(silence)


def test_an_application_is_answered(
    hall: Hall, desk: Browser, hearing: ListenTo, shared: Path, tmp_path: Path
) -> None:
    recording = shared / "speech" / "questions" / "wav" / CLIP
    asked = after_a_breath(recording, tmp_path / "asked.wav")
    with visiting(hearing(asked), f"{hall.url}/apply") as visitor:
        code = apply_by_voice(visitor)

    with (
        visiting(desk, f"{hall.url}/console") as officer,
        visiting(desk, f"{hall.url}/console") as head,
    ):
        sign_in(officer, hall.url, "chen")
        sign_in(head, hall.url, "zhou")
        officer.goto(f"{hall.url}/console/applications")
        officer.get_by_role("link", name=re.compile(r"^20\d\d-")).first.click()
        case = officer.url
        assert "13800138000" not in officer.content(), "phones are masked"

        act(officer, "begin")
        act(officer, "ask-correction", note="请写明是哪一年的政策。")
        act(officer, "correction-received", note="2024年的。")
        act(officer, "consult", name="鹰潭示例有限公司", subject="合同里的报价")
        act(officer, "consultation-delivered")
        act(officer, "consultation-returned", view="objects", opinion="报价是商业秘密。")
        act(officer, "propose-extension", days="10", note="需要区分处理。")
        head.goto(case)
        act(head, "approve-extension", days="10")
        officer.goto(case)
        act(officer, "tell-extension")
        expect(officer.get_by_text("已延期").first).to_be_visible()

        with visiting(desk, f"{hall.url}/apply/status") as asking:
            expect_told(asking, code, "办理中")

        upload(officer, "release", "给申请人的信息.txt", "2024年政策汇总。")
        upload(officer, "redaction_log", "区分处理记录.txt", "隐去合同报价。")
        letter = draft_reply(officer)
        head.goto(letter)
        press(head, "审查通过")
        officer.goto(letter)
        press(officer, "制发")
        number = officer.locator("header .number").inner_text()
        assert re.search(rf"〔{datetime.now(ZONE).year}〕1号", number), number
        officer.get_by_label("签收或者到达的日期").fill(datetime.now(ZONE).date().isoformat())
        officer.get_by_label("送达凭证").fill("申请人当面签收")
        press(officer, "登记送达")
        officer.goto(letter)
        expect(officer.locator("header .state")).to_have_text("已送达")
        told = officer.locator(".wording").inner_text()
        assert "应当先申请行政复议" in told, "part is withheld: review comes first"
        assert "6个月内" in told, "for the part that is given"
        officer.goto(case)
        expect(officer.locator("header .state").first).to_have_text("已答复")

        with visiting(desk, f"{hall.url}/apply/status") as asking:
            expect_told(asking, code, "已答复")

    table = annual_report(hall)["table_three"]
    assert {row: cells for row, cells in table.items() if cells["total"]} == {
        row: {**NOBODY, "natural_person": 1, "total": 1} for row in ("1", "3.2", "3.7")
    }


def apply_by_voice(visitor: Page) -> str:
    """Fill in an application at the kiosk, its request by voice; return the query code."""
    visitor.get_by_role("button", name="开始填写").click()
    visitor.get_by_role("button", name=AGENCY).click()
    expect(visitor.get_by_label("您要的是什么信息？")).to_be_visible()
    visitor.locator("#dictate").click()
    expect(visitor.get_by_role("button", name="对，下一步")).to_be_visible(timeout=PATIENCE_MS)
    wait_until(visitor, "watched.loudest > 0.05")
    visitor.get_by_role("button", name="对，下一步").click()
    typed = {
        "name": "王秀英",
        "identity": "11010519491231002X",
        "phone": "13800138000",
        "contact": "王秀英",
    }
    pressed = {
        "public": "都不是，接着申请",
        "kind": "我自己",
        "identity-kind": "居民身份证",
        "way": "当面领取",
        "carrier": "纸质",
        "notice": "我知道了",
        "other-form": "可以",
        "help": "不需要",
    }
    for _ in range(25):
        visitor.wait_for_load_state()
        if visitor.get_by_role("button", name="确认提交").count():
            break
        step = visitor.locator("form[data-apply-step]").get_attribute("data-apply-step") or ""
        if step in typed:
            visitor.locator("[data-answer]").fill(typed[step])
            visitor.get_by_role("button", name="下一步").click()
        elif step in pressed:
            visitor.get_by_role("button", name=re.compile(pressed[step])).first.click()
        else:
            visitor.locator('button[name="pass"]').click()
        expect(visitor.locator(f'form[data-apply-step="{step}"]')).to_have_count(0)
    visitor.get_by_role("button", name="确认提交").click()
    expect(visitor.get_by_text("登记回执").first).to_be_visible()
    shown = visitor.locator(".receipt").inner_text()
    assert "王秀英" not in shown and "13800138000" not in shown
    found = re.search(r"查询码\s*([\d-]{12,})", shown)
    assert found, shown
    return found[1]


def act(page: Page, slug: str, **fields: str) -> None:
    """Fill in and send one of the small forms of a case."""
    form = page.locator(f"#act-{slug}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f'[name="{name}"]')
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator('button[type="submit"]').click()
    page.wait_for_load_state()
    expect(page.locator("#refused")).to_have_count(0)
    expect(page.get_by_role("status").first).to_be_visible()


def expect_told(page: Page, code: str, state: str) -> None:
    """Ask how the case stands, and hear it."""
    page.get_by_label("查询码").fill(code)
    page.get_by_label("证件号码的后四位，或者电话的后四位").fill("8000")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#state")).to_have_text(state)
    assert "王秀英" not in page.content() and "企业" not in page.locator(".status").inner_text()
    if not page.evaluate("document.body.dataset.speaking === 'true'"):
        page.get_by_role("button", name="念给我听").click()
    wait_until(page, "watched.loudest > 0.05")


def upload(page: Page, purpose: str, name: str, text: str) -> None:
    """Put a file into the case."""
    form = page.locator("#act-file")
    form.locator("summary").click()
    form.get_by_label("这是什么").select_option(purpose)
    form.get_by_label("文件").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )
    form.get_by_role("button", name="上传").click()
    expect(page.get_by_role("link", name=name)).to_be_visible(timeout=PATIENCE_MS)


def draft_reply(page: Page) -> str:
    """Draft a partial disclosure from the wording in use; send it to the check; its address."""
    form = page.locator("#act-letter")
    form.locator("summary").click()
    form.get_by_label("答复的种类").select_option("P1")
    form.get_by_role("button", name="起草").click()
    page.wait_for_load_state()
    body = page.get_by_label("正文").input_value()
    filled = re.sub(r"【请写公开的内容[^】]*】", "随附2024年政策汇总。", body)
    filled = re.sub(
        r"【请逐处写明[^】]*】",
        "合同报价属于商业秘密，根据条例第十五条，不予公开。",
        filled,
    )
    assert "【" not in filled, filled
    page.get_by_label("正文").fill(filled)
    press(page, "保存")
    address = page.url
    press(page, "送保密审查")
    expect(page.locator("header .state")).to_have_text("审查中")
    return address


def press(page: Page, name: str) -> None:
    """Press a button of a letter and see that nothing was refused."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
    expect(page.get_by_role("status").first).to_be_visible()
    expect(page.locator(".mistakes")).to_have_count(0)


def annual_report(hall: Hall) -> dict[str, Any]:
    year = str(datetime.now(ZONE).year)
    asked = ("report", "annual", "--year", year, "--agency", AGENCY, "--json")
    return dict(json.loads(administer(hall.data_dir, *asked)))
