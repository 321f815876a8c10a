"""Every page is found by following links, as each member of staff would, and axe finds nothing on it.

axe takes minutes for all pages of the console, which `make soak` gives it. `make test` has it look at
those of a clerk's and an administrator's day in `test_console_pages`, and at the public ones here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from server.console import console_routes
from tests.browser.conftest import (
    PASSWORD,
    ListenTo,
    hire,
    prepared,
    serving,
    sign_in,
    visiting,
)
from tests.browser.made_cases import HEAD, OFFICER, make_cases

PEOPLE = {
    "zhang": ("clerk", "--venue", "zone"),
    "li": ("reviewer", "--venue", "zone"),
    "wang": ("supervisor", "--venue", "zone"),
    "zhao": ("administrator",),
}
NO_PAGES = (
    "stream",
    "state",
    "open",
    "file",
    "files",
    ".svg",
    ".xlsx",
    ".pdf",
    ".docx",
    "workbook",
    "picture",
)
"""Ends of addresses that send pieces of pages, pictures or files."""
PUBLIC = (
    "/kiosk",
    "/kiosk/settings",
    "/documents",
    "/documents?q=公开",
    "/documents/1",
    "/documents/1?find=申请",
    "/gazettes",
    "/notices",
    "/notices/1",
    "/venues",
    "/venues/zone",
    "/answers",
    "/apply/form",
    "/apply/form?sample=1",
    "/suggestions",
    "/nothing-here",
)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An installation with somebody in every role."""
    data_dir = prepared(tmp_path_factory.mktemp("every-page"))
    for name, role in PEOPLE.items():
        hire(data_dir, name, *role)
    make_cases(data_dir, PASSWORD)
    with serving(data_dir, OPENZONE_SYNTHESISER="silent") as url:
        yield url


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


def pattern_of(address: str) -> str:
    """Return an address with every number made the same, so that one of a kind is looked at."""
    return re.sub(r"/\d+", "/<>", urlsplit(address).path).rstrip("/")


def is_page(pattern: str) -> bool:
    return pattern.startswith("/console") and not pattern.endswith(NO_PAGES)


def expected_patterns() -> set[str]:
    """Return the addresses of the console that show a page."""
    routes = console_routes()
    found = set()
    for route in routes._future_routes:
        if "GET" in route.methods:
            address = re.sub(r"<[^>]*>", "<>", f"/console{route.uri}").rstrip("/")
            found.add(address)
    return {pattern for pattern in found if is_page(pattern)}


def reach(page: Page, address: str, mistakes: list[str]) -> set[str]:
    """Fetch a page as whoever is signed in, without drawing it, and return where its links lead."""
    response = page.request.get(address)
    if response.status >= 400:
        mistakes.append(f"{address}: status {response.status}")
        return set()
    links = re.findall(r'<a\b[^>]*\bhref="([^"#]+)', response.text())
    return {urljoin(address, unescape(link)) for link in links}


def look_at(page: Page, axe: Axe, address: str, mistakes: list[str]) -> set[str]:
    """Run axe on a page and return where its links lead."""
    response = page.goto(address)
    assert response is not None
    if response.status >= 400:
        mistakes.append(f"{address}: status {response.status}")
        return set()
    # What is folded away is there for who opens it.
    page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
    found = axe.run(page)
    if found.violations_count:
        mistakes.append(f"{address}: {found.generate_report()}")
    links = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)")
    return {link.partition("#")[0] for link in links}


def fill(page: Page, hall: str) -> None:
    """Do as a clerk what makes pages that an empty zone has not."""
    for kind in ("documents", "questions"):
        for number in (1, 2):
            page.goto(f"{hall}/console/{kind}/{number}")
            page.get_by_role("button", name="修改", exact=True).click()
        page.goto(f"{hall}/console/{kind}/2")
        page.get_by_role("button", name=re.compile("^提交")).click()
    page.goto(f"{hall}/console/imports")
    page.locator("#field-files").set_input_files(
        {
            "name": "便民.txt",
            "mimeType": "text/plain",
            "buffer": "便民服务须知\n一、办事不用跑。\n".encode(),
        }
    )
    # The link is there before the file is: who leaves then takes it along.
    page.locator("#whole-link").wait_for(timeout=30_000)
    page.locator("#files").get_by_text("便民.txt").first.wait_for(timeout=30_000)
    page.goto(f"{hall}/console/application-intake")
    page.locator("#field-agency_id").select_option(index=1)
    page.locator("#field-title").fill("老旧小区改造预算")
    page.locator("#field-phone").fill("13800001234")
    page.get_by_role("button", name="受理并出回执").click()
    page.get_by_role("heading", name=re.compile("^登记回执")).wait_for()
    for title, handed_in in (("写了一半的通知", False), ("今天下午停电", True)):
        page.goto(f"{hall}/console/notices/new")
        page.get_by_label("标题").fill(title)
        page.get_by_label("正文").fill("今天下午两点到四点停电。")
        page.get_by_role("button", name="保存").click()
        if handed_in:
            page.get_by_role("button", name="提交审查").click()
            page.get_by_text("已提交").wait_for()
    page.request.post(f"{hall}/kiosk/questions", data={"text": "门口的路灯坏了找谁？"})
    page.request.post(
        f"{hall}/api/v1/suggestions?venue=zone", data={"text": "请把字印大一些。", "venue": "zone"}
    )


def add_kiosk(page: Page, hall: str) -> None:
    """Do as an administrator what makes the pages of one kiosk."""
    page.goto(f"{hall}/console/devices")
    page.get_by_label("名称").fill("二号自助机")
    page.get_by_role("button", name="生成登记码").click()
    page.locator("#new-code").wait_for()


def follow(
    page: Page, axe: Axe | None, starts: list[str], seen: set[str], mistakes: list[str]
) -> None:
    """Go to some pages, and wherever their links lead, to one page of each kind."""
    gone_to: set[str] = set()
    waiting: list[str] = []

    def go(address: str) -> None:
        pattern = pattern_of(address)
        if axe is None or pattern in seen:
            waiting.extend(sorted(reach(page, address, mistakes)))
        else:
            waiting.extend(sorted(look_at(page, axe, address, mistakes)))
        gone_to.add(pattern)
        seen.add(pattern)

    for address in starts:
        go(address)
    while waiting:
        address = waiting.pop()
        if is_page(pattern_of(address)) and pattern_of(address) not in gone_to:
            go(address)


@pytest.mark.parametrize(
    "looked_at", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["reached", "axe"]
)
def test_links_lead_to_every_page_of_the_console_and_axe_finds_nothing(
    quiet: Browser, hall: str, axe: Axe, looked_at: bool
) -> None:
    seen: set[str] = set()
    mistakes: list[str] = []
    starts = [f"{hall}/console", f"{hall}/console/new-password"]
    contents = [
        f"{hall}/console/{kind}/{number}"
        for kind in ("documents", "questions")
        for number in (1, 2)
    ]
    for name in (*PEOPLE, OFFICER, HEAD):
        with visiting(quiet, f"{hall}/console/sign-in") as page:
            sign_in(page, hall, name)
            if name == "zhang":
                fill(page, hall)
            if name == "zhao":
                add_kiosk(page, hall)
            own = contents if name in PEOPLE else [f"{hall}/console/applications/1"]
            if name == "zhang":
                # The draft: of the other one nothing leads to its form.
                own = [*own, f"{hall}/console/notices/1"]
            follow(page, axe if looked_at else None, [*starts, *own], seen, mistakes)
    assert mistakes == [], "\n".join(mistakes)
    assert expected_patterns() - seen - {"/console/sign-in"} == set(), "pages that no link leads to"


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        # A kiosk's /docs takes longest, and is looked at in `test_fit_for_everyone`.
        ((1920, 1080), PUBLIC),
        pytest.param((390, 844), (*PUBLIC, "/docs"), marks=pytest.mark.soak),
    ],
    ids=["kiosk", "phone"],
)
def test_axe_finds_nothing_on_any_public_page(
    quiet: Browser, hall: str, axe: Axe, size: tuple[int, int], paths: tuple[str, ...]
) -> None:
    mistakes: list[str] = []
    with visiting(quiet, "about:blank", size=size) as page:
        for path in paths:
            page.goto(f"{hall}{path}")
            found = axe.run(page)
            if found.violations_count:
                mistakes.append(f"{path}: {found.generate_report()}")
    assert mistakes == [], "\n".join(mistakes)
