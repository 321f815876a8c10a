"""Working on applications at the console: one case from its filing on, act by act, by those who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from models.agency import Agency
from models.application import Application, Channel
from models.staff import Role
from models.venue import Venue
from services import applications
from services.applications import Filed, Filing
from services.clock import zone_day
from services.disclosure.work_calendar import built_in
from tests.application_office import PERSON, REQUEST
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console, first_venue

LIST = "/console/applications"


def today() -> date:
    return zone_day(datetime.now(UTC))


class Desk:
    """An agency's people, each signed in with a browser of their own."""

    def __init__(self, doors: Doors, people: ExitStack) -> None:
        self.doors = doors
        self.venue_id = first_venue(doors)
        self.agency_id, self.other_id = doors.run(self._agencies())
        own, other = [self.agency_id], [self.other_id]

        def hired(role: Role, **where: Any) -> AtTheConsole:
            return people.enter_context(at_the_console(doors, role, **where))

        self.officer = hired(Role.AGENCY_OFFICER, agencies=own, name="小王")
        self.head = hired(Role.OFFICE_HEAD, agencies=own, name="赵主任")
        self.stranger = hired(Role.AGENCY_OFFICER, agencies=other)
        self.clerk = hired(Role.CLERK, venues=[self.venue_id])
        self.reviewer = hired(Role.REVIEWER, venues=[self.venue_id])

    async def _agencies(self) -> tuple[int, int]:
        agency = await Agency.create(name="示例区住房城乡建设委员会")
        other = await Agency.create(name="示例区水务局")
        venue = await Venue.get(id=self.venue_id)
        await venue.accepts_for.add(agency)
        return agency.id, other.id

    def files(
        self, received_on: date | None = None, *, recorded_by: AtTheConsole | None = None,
        **changes: Any,
    ) -> str:  # fmt: skip
        """Take an application in at the counter; the address of its page."""
        given = {
            "agency_id": self.agency_id, "venue_id": self.venue_id, "channel": Channel.COUNTER,
            "person": PERSON, "request": REQUEST, "received_on": received_on,
        } | changes  # fmt: skip
        keys, now = self.doors.context.parts.keys, datetime.now(UTC)

        async def file() -> Filed:
            filed = await applications.file(Filing(**given), keys=keys, now=now, actor=None)
            if recorded_by is not None:
                await Application.filter(id=filed.application_id).update(
                    recorded_by_id=recorded_by.staff_id
                )
            return filed

        return f"{LIST}/{self.doors.run(file()).application_id}"

    def row(self, page: str) -> Application:
        return self.doors.run(self._row(int(page.rpartition("/")[2])))

    def answers(self, page: str) -> None:
        """Have an application answered, as far as another one asks."""
        self.doors.run(self._becomes(page, is_in_time=True))

    def withheld(self, page: str, review_on: date) -> None:
        """Have something withheld, to be looked at again on a day."""
        self.doors.run(self._becomes(page, review_on=review_on))

    async def _becomes(self, page: str, **columns: Any) -> None:
        await Application.filter(id=int(page.rpartition("/")[2])).update(**columns)

    async def _row(self, application_id: int) -> Application:
        return await Application.get(id=application_id)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with (
        open_doors(tmp_path_factory.mktemp("console-applications")) as doors,
        ExitStack() as people,
    ):
        yield Desk(doors, people)


def does(person: AtTheConsole, page: str, act: str, **fields: Any) -> httpx.Response:
    """Send the form of an act as the page shows it now."""
    shown = person.sees(page)
    assert f'action="{page}/{act}"' in shown, f"{act} is not offered"
    edits = re.search(r'name="edits" value="(\d+)"', shown)
    assert edits is not None
    return person.sends(f"{page}/{act}", **({"edits": edits[1], "on": str(today())} | fields))


def done(person: AtTheConsole, page: str, act: str, **fields: Any) -> str:
    """Do something that must succeed, and return the page afterwards."""
    sent = does(person, page, act, **fields)
    assert sent.status_code == 303, sent.text[sent.text.find("mistakes") :][:600]
    return person.sees(page)


def workday_before(days: int) -> date:
    """Return the day so many working days before today."""
    calendar, day = built_in(), today()
    while days:
        day -= timedelta(days=1)
        days -= calendar.is_working(day)
    return day


def test_a_case_is_begun_assigned_searched_consulted_and_extended(desk: Desk) -> None:
    page = desk.files()
    shown = desk.officer.sees(page)
    assert "2024年老旧小区改造预算" in shown and "张*" in shown
    assert "张三" not in shown and "13800001234" not in shown
    done(desk.officer, page, "assign", staff=desk.officer.staff_id)
    done(desk.officer, page, "begin")
    shown = done(desk.officer, page, "search", note="查了档案系统，用词“老旧小区”。")
    assert "查了档案系统" in shown
    shown = done(
        desk.officer, page, "consult", party="third_party", name="某某公司", subject="合同价款"
    )
    assert "第三方：某某公司" in shown and "征求意见还没有结束" in shown
    consultation = re.search(r'name="consultation"[^>]*>\s*<option value="(\d+)"', shown)
    assert consultation is not None
    done(desk.officer, page, "consultation-delivered", consultation=consultation[1])
    shown = done(
        desk.officer, page, "consultation-returned", consultation=consultation[1], view="objects",
        opinion="是商业秘密。",
    )  # fmt: skip
    assert "不同意公开" in shown and "是商业秘密。" in shown
    before = desk.row(page).reply_due
    done(desk.officer, page, "propose-extension", days="10", note="第三方材料多")
    assert f"{page}/approve-extension" not in desk.officer.sees(page)
    assert f'href="{page}"' in desk.head.sees(LIST, pile="extensions")
    shown = done(desk.head, page, "approve-extension", days="10")
    assert f'href="{page}"' not in desk.head.sees(LIST, pile="extensions")
    assert "还没有告知申请人，期限没有延长" in shown
    assert desk.row(page).reply_due == before
    done(desk.officer, page, "tell-extension")
    after = desk.row(page)
    assert before is not None and after.reply_due is not None and after.reply_due > before


def test_the_page_says_day_by_day_why_the_last_day_is_the_day_it_is(desk: Desk) -> None:
    shown = desk.officer.sees(desk.files())
    explained = shown[shown.index("怎么算出来的") :]
    assert "收到日，当天不算" in explained
    assert re.search(r"第20个工作日", explained)


def test_a_correction_is_asked_once_and_starts_the_period_anew(desk: Desk) -> None:
    page = desk.files()
    sent = str(today())
    done(desk.officer, page, "ask-correction", note="请写明年份。", days="15", served_on=sent)
    shown = desk.officer.sees(page)
    assert "请写明年份。" in shown and f"{page}/ask-correction" not in shown
    shown = done(desk.clerk, page, "correction-received", note="2024年的。")
    assert "重新计算期限" in desk.officer.sees(page)
    assert f"{page}/ask-correction" not in desk.officer.sees(page)


def test_a_correction_asked_late_needs_the_head(desk: Desk) -> None:
    page = desk.files(workday_before(9))
    sent = str(today())
    typed = {"note": "请写明年份。", "days": "15", "served_on": sent}
    refused = does(desk.officer, page, "ask-correction", **typed)
    assert refused.status_code == 409
    assert "7个工作日内一次性告知" in refused.text and "请写明年份。" in refused.text
    assert desk.row(page).state.value == "received"
    done(desk.head, page, "ask-correction", by_head="1", **typed)


def test_what_was_typed_is_kept_when_somebody_was_faster(desk: Desk) -> None:
    page = desk.files()
    old = desk.row(page).edits
    done(desk.head, page, "begin")
    late = desk.officer.sends(f"{page}/search", edits=old, on=str(today()), note="查了一下午。")
    assert late.status_code == 409
    assert "别人已经办过这件申请" in late.text and "查了一下午。" in late.text
    assert re.search(r'<details class="act" id="act-search" open>', late.text)


def test_an_act_that_the_state_no_longer_lets_follow_is_refused(desk: Desk) -> None:
    page = desk.files()
    done(desk.officer, page, "withdraw", note="书面撤回")
    refused = desk.officer.sends(f"{page}/begin", edits=desk.row(page).edits, on=str(today()))
    assert refused.status_code == 409 and "没有办成" in refused.text
    assert f"{page}/begin" not in desk.officer.sees(page)
    shown = done(desk.officer, page, "archive", number="2026-依申请-1")
    assert "已归档" in shown


def test_a_field_that_is_missing_is_told_beside_it(desk: Desk) -> None:
    page = desk.files()
    refused = does(desk.officer, page, "search", on="", note="")
    assert refused.status_code == 422
    assert "请填写日期。" in refused.text and "请填写检索情况。" in refused.text


def test_who_applies_is_shown_in_full_for_a_reason_alone(desk: Desk) -> None:
    page = desk.files()
    without = desk.officer.sends(f"{page}/applicant", part="identity", reason="")
    assert without.status_code == 422 and "11010519491231002X" not in without.text
    shown = desk.officer.sends(f"{page}/applicant", part="identity", reason="verify")
    assert "11010519491231002X" in shown.text and "张三" in shown.text
    assert "11010519491231002X" not in desk.officer.sees(page)
    clerk = desk.clerk.sends(f"{page}/applicant", part="identity", reason="verify")
    assert clerk.status_code == 403 and "11010519491231002X" not in clerk.text
    contact = desk.clerk.sends(f"{page}/applicant", part="contact", reason="contact")
    assert "13800001234" in contact.text and "11010519491231002X" not in contact.text


def test_who_applies_is_put_right_from_where_it_is_shown(desk: Desk) -> None:
    page = desk.files()
    assert "更正申请人信息" not in desk.officer.sees(page)
    shown = desk.officer.sends(f"{page}/applicant", part="contact", reason="correct").text
    assert 'value="13800001234"' in shown and 'name="identity_number"' not in shown
    edits = re.search(r'name="edits" value="(\d+)"', shown[shown.index("act-person") :])
    assert edits
    typed = {"phone": "13900009876", "address": "新地址", "edits": edits[1]}
    where = f"{page}/applicant/correction"
    refused = desk.officer.sends(where, **typed, why="")
    assert refused.status_code == 422 and 'value="13900009876"' in refused.text
    assert desk.officer.sends(where, **typed, why="来电更正").status_code == 303
    assert "更正申请人的联系电话、通信地址。原因：来电更正" in desk.officer.sees(page)
    seen = desk.officer.sends(f"{page}/applicant", part="contact", reason="contact").text
    assert "13900009876" in seen and "13800001234" not in seen
    assert desk.officer.sends(where, **typed, why="又一次").status_code == 409
    assert desk.clerk.sends(where, **typed, why="x").status_code == 403
    assert desk.stranger.sends(where, **typed, why="x").status_code == 404


def test_another_agency_finds_nothing(desk: Desk) -> None:
    page = desk.files()
    assert desk.stranger.looks(page) == 404
    sent = desk.stranger.sends(f"{page}/begin", edits="2", on=str(today()))
    assert sent.status_code == 404
    assert desk.row(page).number not in desk.stranger.sees(LIST)


def test_a_clerk_sees_how_it_stands_and_nothing_of_the_agencys_work(desk: Desk) -> None:
    page = desk.files()
    shown = desk.clerk.sees(page)
    assert f"{page}/begin" not in shown and f"{page}/withdraw" in shown
    assert "申请内容只有受理机关和录入人可以查看" in shown
    assert desk.clerk.sends(f"{page}/begin", edits="2", on=str(today())).status_code == 403


def test_whoever_sees_a_case_may_print_its_receipt(desk: Desk) -> None:
    page = desk.files()
    receipt = f"/console/application-intake/{page.rpartition('/')[2]}"
    for person in (desk.officer, desk.head, desk.clerk):
        assert receipt in person.sees(page)
        assert person.looks(receipt) == 200
    assert (desk.reviewer.looks(page), desk.reviewer.looks(receipt)) == (403, 403)


def test_what_is_due_first_comes_first_and_what_is_late_says_so(desk: Desk) -> None:
    late, soon = desk.files(workday_before(25)), desk.files(workday_before(15))
    new = desk.files()
    shown = desk.officer.sees(LIST)
    places = [shown.index(f'href="{page}"') for page in (late, soon, new)]
    assert places[0] < places[1] and "已超期" in shown
    overdue = desk.officer.sees(LIST, pile="overdue")
    assert f'href="{late}"' in overdue and f'href="{soon}"' not in overdue
    done(desk.officer, soon, "assign", staff=desk.officer.staff_id)
    mine = desk.officer.sees(LIST, pile="mine")
    assert f'href="{soon}"' in mine and f'href="{new}"' not in mine
    only = desk.officer.sees(LIST, number=desk.row(new).number)
    assert f'href="{new}"' in only and f'href="{late}"' not in only
    assert f'href="{late}"' not in desk.officer.sees(LIST, state="processing")


def test_a_file_goes_in_and_comes_out_as_it_was(desk: Desk) -> None:
    page = desk.files()
    content = "检索结果：无。\n".encode()
    headers = {
        "x-form-token": desk.officer.form_token, "x-file-purpose": "evidence",
        "x-file-name": "%E6%A3%80%E7%B4%A2.txt",
    }  # fmt: skip
    taken = desk.officer.client.post(f"{page}/files", content=content, headers=headers)
    assert taken.status_code == 201, taken.text
    address = f"{page}/files/{taken.json()['file']}/file"
    assert address in desk.officer.sees(page) and "检索.txt" in desk.officer.sees(page)
    assert desk.officer.client.get(address).content == content
    assert desk.stranger.looks(address) == 404


def test_a_remedy_is_lodged_and_decided_and_the_case_done_again(desk: Desk) -> None:
    page = desk.files()
    done(desk.officer, page, "withdraw", note="书面撤回")
    done(desk.officer, page, "remedy-lodged", kind="review")
    shown = desk.officer.sees(page)
    assert "复议、诉讼中" in shown and f"{page}/archive" not in shown
    remedy = re.search(r'name="remedy"[^>]*>\s*<option value="(\d+)"', shown)
    assert remedy is not None
    done(desk.officer, page, "remedy-decided", remedy=remedy[1], result="upheld")
    assert f"{page}/archive" in desk.officer.sees(page)


def test_no_answer_in_time_may_be_contested(desk: Desk) -> None:
    late, new = desk.files(workday_before(25)), desk.files()
    assert f"{new}/remedy-lodged" not in desk.officer.sees(new)
    assert "复议、诉讼中" in done(desk.officer, late, "remedy-lodged", kind="review")


def test_who_took_it_in_reads_what_was_asked_and_not_what_the_agency_wrote(desk: Desk) -> None:
    page = desk.files(recorded_by=desk.clerk)
    done(desk.officer, page, "consult", party="third_party", name="某某公司", subject="合同附件")
    done(desk.officer, page, "search", note="查了档案系统")
    shown = desk.clerk.sees(page)
    assert REQUEST.title in shown
    assert not any(words in shown for words in ("某某公司", "合同附件", "查了档案系统"))
    assert "查了档案系统" in desk.officer.sees(page)


def test_what_a_case_repeats_is_named_by_its_number(desk: Desk) -> None:
    first, again = desk.files(), desk.files()
    theirs = desk.files(
        person=msgspec.structs.replace(PERSON, identity_number="440524188001010014")
    )
    refused = does(desk.officer, again, "earlier", number=desk.row(again).number)
    assert refused.status_code == 422 and "没有找到本机关更早的这件申请" in refused.text
    refused = does(desk.officer, theirs, "earlier", number=desk.row(first).number)
    assert refused.status_code == 422 and "不是同一个人" in refused.text
    refused = does(desk.officer, again, "earlier", number=desk.row(first).number)
    assert refused.status_code == 422 and "还没有答复" in refused.text
    desk.answers(first)
    shown = done(desk.officer, again, "earlier", number=desk.row(first).number)
    assert f"与之前的申请{desk.row(first).number}重复" in shown
    assert desk.row(again).earlier_id == desk.row(first).id
    assert f"{again}/earlier" not in shown


def test_what_was_withheld_is_looked_at_again(desk: Desk) -> None:
    page = desk.files()
    assert f"{page}/look-again" not in desk.officer.sees(page)
    desk.withheld(page, today())
    assert page in desk.officer.sees(LIST, pile="look_again")
    shown = done(desk.officer, page, "look-again", note="仍涉及商业秘密")
    assert "仍涉及商业秘密" in shown and f"{page}/look-again" not in shown
    following = desk.row(page).review_on
    assert following is not None and following.year == today().year + 1
    assert page not in desk.officer.sees(LIST, pile="look_again")


def test_a_category_is_mended_with_a_reason_that_stays(desk: Desk) -> None:
    page = desk.files()
    refused = does(desk.officer, page, "category", category="legal_service")
    assert refused.status_code == 422 and desk.row(page).org_category is None
    shown = done(desk.officer, page, "category", category="legal_service", note="是律师事务所")
    assert "是律师事务所" in shown and desk.row(page).org_category == "legal_service"


def test_a_fee_that_is_not_due_yet_has_not_lapsed(desk: Desk) -> None:
    page = desk.files()
    few = does(desk.officer, page, "ask-fee", tariff="by_page", pages="30", note="要复印件")
    assert few.status_code == 422 and "没有达到收费标准" in few.text
    assert desk.row(page).state.value == "received"
    shown = done(desk.officer, page, "ask-fee", tariff="by_page", pages="101", note="要复印件")
    assert "合计720元" in shown
    refused = does(desk.officer, page, "fee-lapsed")
    assert refused.status_code == 409 and "还没有过" in refused.text
    done(desk.officer, page, "fee-paid", receipt="0001")
    assert desk.row(page).state.value == "received"


def test_reasons_are_asked_and_a_delay_is_told(desk: Desk, tmp_path: Path) -> None:
    page = desk.files()
    done(desk.officer, page, "begin")
    done(desk.officer, page, "ask-reasons", applications="45", note="一个月45件")
    done(desk.officer, page, "reasons-given", reasonable="yes", note="研究课题")
    assert f"{page}/delay" not in desk.officer.sees(page)
    refused = does(desk.head, page, "delay", until=str(today()))
    assert refused.status_code == 422
