"""Begun at a kiosk, gone on with on the phone, filed at the counter: one case, seen in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from models.agency import Agency
from models.application import Application
from models.staff import Role
from models.venue import Venue
from tests.browser.conftest import sign_in
from tests.doors import Doors, open_doors
from tests.people import hire
from tests.phones_of_citizens import phone_of_citizen, scripted_wechat_of
from tests.test_handovers import answers

AGENCY = "示例区住房和城乡建设委员会"
WANTED = "独角兽养殖补贴规划"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("handing-over"), speaking=False) as opened:
        scripted_wechat_of(opened)
        yield opened


@pytest.fixture
def desk(hearing: object, silence: object) -> Browser:
    """A browser in which nobody says anything."""
    browser: Browser = hearing(silence)  # type: ignore[operator]
    return browser


async def _agency() -> int:
    venue = await Venue.all().order_by("id").first()
    assert venue is not None
    agency = await Agency.create(name=AGENCY)
    await venue.accepts_for.add(agency)
    return agency.id


async def _applications() -> list[int]:
    return [row.id for row in await Application.all()]


def assert_fit_for_everyone(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_from_the_kiosk_to_the_phone_to_the_counter(doors: Doors, desk: Browser) -> None:
    agency_id = doors.run(_agency())
    username, _ = hire(doors, Role.CLERK)
    kiosk = desk.new_context(locale="zh-CN").new_page()
    kiosk.goto(f"{doors.url}/apply")
    kiosk.get_by_role("button", name="开始填写").click()
    kiosk.get_by_role("button", name=AGENCY).click()
    kiosk.get_by_label("您要的是什么信息？").fill(WANTED)
    kiosk.get_by_role("button", name="下一步").click()
    kiosk.get_by_role("button", name="先存着，或换手机填").click()
    kiosk.get_by_role("button", name="用手机接着填").click()
    picture = kiosk.get_by_alt_text("用手机接着填的小程序码")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert_fit_for_everyone(kiosk)

    scene, _ = scripted_wechat_of(doors).drawn[-1]
    with phone_of_citizen(doors) as phone:
        draft = phone.sends("/handovers", {"scene": scene}).raise_for_status().json()
        # Nobody touches the kiosk: it says by itself that the draft went on.
        expect(kiosk.get_by_role("heading", name="已经转到手机或者窗口")).to_be_visible()
        assert_fit_for_everyone(kiosk)
        kiosk.goto(f"{doors.url}/apply")
        expect(kiosk.get_by_role("button", name="开始填写")).to_be_visible()

        path = f"/drafts/{draft['id']}"
        phone.client.patch(f"/mp/v1{path}", json={"answers": answers(agency_id)}).raise_for_status()
        code = phone.sends(f"{path}/handover", None).raise_for_status().json()["code"]

        counter = desk.new_context(locale="zh-CN").new_page()
        sign_in(counter, doors.url, username)
        counter.goto(f"{doors.url}/console/application-intake")
        counter.get_by_label("手机或自助机上的接续码").fill(code.lower())
        counter.get_by_role("button", name="填入表单").click()
        expect(counter.get_by_text("请和本人核对")).to_be_visible()
        expect(counter.get_by_label("姓名或单位名称")).to_have_value("阿依古丽·买买提")
        expect(counter.get_by_label("信息名称")).to_have_value(WANTED)
        assert_fit_for_everyone(counter)
        counter.get_by_role("button", name="受理并出回执").click()
        expect(counter.get_by_text("已经受理，请打印回执。")).to_be_visible()

        (mine,) = phone.gets("/applications")["applications"]
        assert (mine["reason"], mine["item"]) == ("handed_over", WANTED)
        words = {"text": "补充：要的是2024年的。"}
        phone.sends(f"/applications/{mine['id']}/correction", words).raise_for_status()
        sent = phone.sends(f"{path}/application", None)
        assert (sent.status_code, sent.json()["id"]) == (200, mine["id"])
    assert doors.run(_applications()) == [mine["id"]]

    officer_name, _ = hire(doors, Role.AGENCY_OFFICER, agencies=[agency_id])
    officer = desk.new_context(locale="zh-CN").new_page()
    sign_in(officer, doors.url, officer_name)
    officer.goto(f"{doors.url}/console/applications?pile=from_phone")
    officer.get_by_role("link", name=mine["status"]["number"]).click()
    officer.get_by_role("link", name="申请人从手机发来了内容，还没有处理").click()
    expect(officer.get_by_text(words["text"])).to_be_visible()
    assert_fit_for_everyone(officer)
    officer.get_by_role("button", name="不采用，留在案卷里").click()
    expect(officer.get_by_text("已记下不采用，内容留在案卷里。")).to_be_visible()
    for page in (kiosk, counter, officer):
        page.context.close()
