"""A clerk brings files in and a reviewer lets them out, with the mouse and by keyboard alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from models.staff import Role
from tests import made_files
from tests.browser.conftest import ListenTo, sign_in, visiting
from tests.doors import Doors, open_doors
from tests.made_files import notice
from tests.people import hire

MOST_TABS = 200
FILES = {
    "通知.docx": made_files.word_file(notice(61)),
    "宏.docx": made_files.word_file_with_macros(notice(62)),
    "弹.docx": made_files.bomb(),
    "问答.csv": "问题,答案\n公园几点开门,六时开门。\n公园收费吗,\n".encode(),
    "低保公示.jpg": made_files.picture("JPEG"),
}
DROP = """
([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  const drop = document.getElementById('drop');
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    drop.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  }
}
"""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("documents"), speaking=False) as opened:
        yield opened


@pytest.fixture
def browser(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


@pytest.fixture(scope="module")
def clerk(doors: Doors) -> str:
    return hire(doors, Role.CLERK, name="王经办")[0]


@pytest.fixture(scope="module")
def reviewer(doors: Doors) -> str:
    return hire(doors, Role.REVIEWER, name="李审查")[0]


def require_fit(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_files_are_dragged_in_mended_checked_and_published(
    browser: Browser, doors: Doors, tmp_path: Path, clerk: str, reviewer: str
) -> None:
    with visiting(browser, f"{doors.url}/console") as page:
        sign_in(page, doors.url, clerk)
        page.get_by_role("link", name="导入", exact=True).click()
        require_fit(page)
        page.locator("#field-files").set_input_files(made_files.written(tmp_path, FILES))
        expect(page.locator("#uploads li")).to_have_count(5)
        expect(page.locator("#uploads progress").first).to_have_attribute(
            "max", str(len(FILES["通知.docx"]))
        )
        expect(page.locator("#progress")).to_have_text("全部处理完了，结果见下表。")
        results = page.locator("#files")
        expect(results).to_contain_text("Word 文档带有宏，可能有害，未导入。")
        expect(results).to_contain_text("文件解压后过大")
        expect(results).to_contain_text("第 3 行：“答案”一列是空的。")
        expect(results.locator("tr", has_text="低保公示.jpg")).to_contain_text("完成")
        require_fit(page)

        content = base64.b64encode(notice(63).encode()).decode()
        page.evaluate(DROP, ["拖来的.txt", content])
        expect(page.locator("#uploads li")).to_have_count(6)
        dropped = results.locator("tr", has_text="拖来的.txt")
        expect(dropped).to_contain_text("打开拟稿")
        page.get_by_role("link", name="打开这一批的结果").click()
        expect(page.locator("tbody tr")).to_have_count(6)
        require_fit(page)

        page.get_by_role("link", name=re.compile("打开拟稿.*拖来的")).click()
        require_fit(page)
        page.get_by_role("link", name="修改拟稿").click()
        require_fit(page)
        text = page.get_by_label("正文")
        text.fill(text.input_value().replace("不得携带宠物", "可以携带宠物"))
        page.get_by_label("主动公开类别").select_option(label="本地事项")
        page.get_by_role("button", name="保存拟稿").click()
        expect(page.locator(".message")).to_have_text("拟稿已保存。")
        page.get_by_role("button", name="提交保密审查").click()
        expect(page.locator(".message")).to_contain_text("已提交保密审查")
        address = page.url

        with visiting(browser, f"{doors.url}/console") as second:
            sign_in(second, doors.url, reviewer)
            second.goto(f"{doors.url}/console/documents?state=in_review")
            require_fit(second)
            second.get_by_role("link", name="某区人民政府关于开放公园的通知").click()
            second.get_by_role("link", name="保密审查").click()
            expect(second.locator(".text")).to_contain_text("入园可以携带宠物。")
            require_fit(second)
            second.get_by_role("button", name="审查通过").click()
            expect(second.locator(".mistakes")).to_contain_text("还有 5 项没有核对")
            require_fit(second)
            for box in second.get_by_role("checkbox").all():
                box.check()
            second.get_by_role("button", name="审查通过").click()
            expect(second.locator(".message")).to_have_text("审查通过，已经发布。")

        page.goto(address)
        expect(page.locator(".page-head")).to_contain_text("已发布")
        page.get_by_role("button", name="修改", exact=True).click()
        text = page.get_by_label("正文")
        text.fill(text.input_value().replace("二十二时", "二十一时"))
        page.get_by_role("button", name="保存拟稿").click()
        page.get_by_role("link", name="与第 1 稿对照").click()
        expect(page.locator(".changes ins")).to_contain_text("一")
        require_fit(page)


def test_the_same_by_keyboard_alone(
    browser: Browser, doors: Doors, tmp_path: Path, clerk: str, reviewer: str
) -> None:
    (file,) = made_files.written(tmp_path, {"键盘.txt": notice(64).encode()})
    with visiting(browser, f"{doors.url}/console") as page:
        sign_in(page, doors.url, clerk)
        # Begun only with the key, the browser would now and then open its own window first.
        page.on("filechooser", lambda _: None)
        page.goto(f"{doors.url}/console/imports")
        reach(page, "选择文件")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(file)
        expect(page.locator("#files tr", has_text="键盘.txt")).to_contain_text("打开拟稿")
        expect(page.locator("#progress")).to_have_text("全部处理完了，结果见下表。")
        reach(page, "新文件，打开拟稿：键盘.txt")
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/documents/*")
        reach(page, "修改拟稿")
        page.keyboard.press("Enter")
        page.wait_for_url("**/edit")
        reach(page, "标题（必填）")
        page.keyboard.press("End")
        page.keyboard.type("（键盘）")
        reach(page, "保存拟稿")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("（键盘）")
        reach(page, "提交保密审查")
        page.keyboard.press("Space")
        expect(page.locator(".message")).to_contain_text("已提交保密审查")

        with visiting(browser, f"{doors.url}/console") as second:
            sign_in(second, doors.url, reviewer)
            second.goto(page.url)
            reach(second, "保密审查")
            second.keyboard.press("Enter")
            second.wait_for_url("**/review")
            for _ in range(5):
                reach(second, "", kind="checkbox")
                second.keyboard.press("Space")
            reach(second, "审查通过")
            second.keyboard.press("Enter")
            expect(second.locator(".message")).to_have_text("审查通过，已经发布。")


def reach(page: Page, name: str, *, kind: str = "") -> None:
    """Press Tab until something with this name, or the next of this kind, has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
              const node = document.activeElement;
              const label = node.labels?.[0]?.innerText || node.textContent || '';
              return [label.replace(/\\s+/g, ' ').trim(), node.type || ''];
            }"""
        )
        if (kind and focused[1] == kind) or (not kind and focused[0] == name):
            return
    raise AssertionError(f"{name or kind} cannot be reached by keyboard")
