"""Takes the pictures of the guides anew: `make pictures`.

Serves the sample zone from a folder of its own, does what a clerk, a reviewer and a visitor do, and
photographs the pages into docs/images.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
PASSWORD = "只用来拍照的密码 2026"
COLOURS = 96
"""Enough for pages of few colours, and a third of the size."""
QUESTION = "小区门口的路灯坏了该找哪个部门？"
NOTICE = """示例区人民政府关于调整高龄津贴标准的通知
示例府发〔2026〕9号
各镇人民政府、各街道办事处：
一、发放对象
年满八十周岁的本区户籍老年人。
二、发放标准
八十至八十九周岁每人每月一百元，九十周岁以上每人每月三百元。
示例区人民政府
2026年9月1日
"""


def openzone(*arguments: str) -> list[str]:
    """Return the command line of an openzone command."""
    return [sys.executable, "-c", "from server.cli import main; main()", *arguments]


@contextmanager
def zone(folder: Path) -> Iterator[str]:
    """Serve the sample zone with two members of staff."""
    environment = {
        **os.environ,
        "OPENZONE_DATA_DIR": str(folder),
        "OPENZONE_DATABASE_URL": f"sqlite://{folder / 'openzone.sqlite3'}",
        "OPENZONE_OFFLINE": "1",
        "OPENZONE_SYNTHESISER": "espeak",
    }

    def run(*arguments: str, given: str = "") -> None:
        subprocess.run(
            openzone(*arguments), cwd=ROOT, env=environment, input=given, text=True, check=True
        )

    run("sample", "load")
    for username, role, name in (("zhang", "clerk", "张敏"), ("li", "reviewer", "李强")):
        run(
            *("staff", "create", username, "--role", role, "--name", name),
            *("--venue", "zone", "--password-stdin"),
            given=f"{PASSWORD}\n",
        )
    with subprocess.Popen(
        openzone("serve", "--port", "0"),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+(?=/kiosk)", server.stdout.readline())
        assert found, "the server did not start"
        try:
            yield found[0]
        finally:
            server.terminate()


def picture(page: Page, name: str) -> None:
    """Photograph what is on the screen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(500)
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def signed_in(browser: Browser, url: str, username: str) -> Page:
    """Return a page of somebody at the console."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    page.goto(f"{url}/console/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{url}/console")
    return page


def take(browser: Browser, url: str, folder: Path) -> None:
    """Take every picture."""
    kiosk = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    kiosk.goto(f"{url}/kiosk")
    kiosk.locator("#ask-text").fill("申请政府信息公开要收费吗")
    kiosk.get_by_role("button", name="提问").click()
    kiosk.wait_for_selector("body[data-state=answer]")
    picture(kiosk, "kiosk")

    clerk = signed_in(browser, url, "zhang")
    notice = folder / "高龄津贴通知.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    broken = folder / "旧表格.xls"
    broken.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    clerk.goto(f"{url}/console/imports")
    clerk.locator("#field-files").set_input_files([notice, broken])
    clerk.get_by_text("旧版 Office").first.wait_for()
    clerk.locator("#uploading").scroll_into_view_if_needed()
    picture(clerk, "clerk-import")
    clerk.goto(f"{url}/console/documents?state=draft")
    clerk.get_by_role("link", name="高龄津贴").first.click()
    clerk.get_by_role("button", name="提交保密审查").click()
    clerk.get_by_text("待保密审查").first.wait_for()
    document = clerk.url.partition("?")[0]

    reviewer = signed_in(browser, url, "li")
    reviewer.goto(document)
    reviewer.get_by_role("link", name="保密审查", exact=True).click()
    for box in reviewer.get_by_role("checkbox").all():
        box.check()
    reviewer.locator("#decision").scroll_into_view_if_needed()
    picture(reviewer, "clerk-review")
    reviewer.get_by_role("button", name="审查通过").click()

    kiosk.request.post(f"{url}/kiosk/questions", data={"text": QUESTION})
    clerk.goto(f"{url}/console/left-questions")
    picture(clerk, "clerk-question")

    kiosk.get_by_role("button", name="请工作人员帮忙").click()
    clerk.goto(f"{url}/console/help-calls")
    clerk.get_by_text("一号自助机").first.wait_for()
    picture(clerk, "clerk-call")

    kiosk.goto(f"{url}/documents/{document.rpartition('/')[2]}")
    picture(kiosk, "reading")


def main() -> None:
    """Serve, do, photograph."""
    with (
        tempfile.TemporaryDirectory() as name,
        zone(Path(name) / "data") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-background-networking"],
        )
        take(browser, url, Path(name))
        browser.close()


if __name__ == "__main__":
    main()
