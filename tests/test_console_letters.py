"""The letters of a case at the console: from a filed application to the reply that was served."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from models.application import Channel
from models.disclosure_office import DisclosureOffice
from models.staff import Role
from tests.doors import open_doors
from tests.people import AtTheConsole, at_the_console
from tests.test_console_applications import LIST, Desk, does, done, today

LETTERS = "/console/application-letters"
REVIEWS = "/console/application-reviews"
OFFICE: dict[str, Any] = {
    "name": "示例区住房城乡建设委员会办公室", "address": "示例路1号", "phone": "12345678",
    "letter_prefix": "示例住建依申请", "review_body": "示例区人民政府",
    "review_address": "示例路2号", "review_phone": "87654321",
    "review_channel": "https://review.example/", "court": "示例区人民法院",
    "court_address": "示例路3号",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_doors(tmp_path_factory.mktemp("console-letters")) as doors, ExitStack() as people:
        opened = Desk(doors, people)

        async def has_an_office() -> None:
            await DisclosureOffice.update_or_create(OFFICE, agency_id=opened.agency_id)

        doors.run(has_an_office())
        yield opened


def drafts(person: AtTheConsole, page: str, outcome: str) -> str:
    """Begin a reply; the address of its page."""
    sent = person.sends(f"{page}/letters", kind="N12", outcome=outcome)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def presses(person: AtTheConsole, letter: str, act: str, **fields: Any) -> httpx.Response:
    """Send a form of a letter as its page shows it now."""
    shown = person.sees(letter)
    assert f'action="{letter}/{act}"' in shown, f"{act} is not offered"
    numbers = {
        name: re.findall(rf'name="{name}" value="(\d+)"', shown)[-1]
        for name in ("edits", "case_edits")
    }
    return person.sends(f"{letter}/{act}", **(numbers | fields))


def body_of(shown: str) -> str:
    """Return the text in the form of a draft."""
    found = re.search(r'<textarea id="field-body"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def written(person: AtTheConsole, letter: str) -> None:
    """Write what the wording leaves open."""
    body = re.sub(
        r"【[^】]*】",
        "查了档案系统，用词“老旧小区”，2026年没有形成。",
        body_of(person.sees(letter)),
    )
    saved = presses(person, letter, "save", title="政府信息公开申请答复书", body=body)
    assert saved.status_code == 303, saved.text


def test_a_case_from_its_filing_to_the_served_reply(desk: Desk) -> None:
    page = desk.files(channel=Channel.FAX)
    assert "已提交待确认" in desk.officer.sees(page)
    done(desk.officer, page, "contact", reached="no", note="上午打电话没有人接")
    done(desk.officer, page, "receive", note="下午电话确认")
    done(desk.officer, page, "begin")

    letter = drafts(desk.officer, page, "U1")
    assert "还不能制发" in desk.officer.sees(letter)
    too_early = presses(desk.officer, letter, "review", note="")
    assert too_early.status_code in {409, 422} and "没有办成" in too_early.text
    done(desk.officer, page, "search", note="查了档案系统。")
    written(desk.officer, letter)
    sent = presses(desk.officer, letter, "review", note="没有涉密内容")
    assert sent.status_code == 303, sent.text
    assert desk.row(page).state.value == "review"
    assert "/console/application-reviews" in desk.reviewer.sees("/console")

    number = letter.rpartition("/")[2]
    review = f"{REVIEWS}/{number}"
    assert review in desk.reviewer.sees(REVIEWS)
    shown = desk.reviewer.sees(review)
    assert "张三" not in shown and "查了档案系统" in shown
    back = presses(desk.reviewer, review, "return", why="请把检索日期写全。")
    assert back.status_code == 303
    assert "请把检索日期写全。" in desk.officer.sees(page)
    assert desk.reviewer.looks(review) == 404

    assert presses(desk.officer, letter, "review", note="").status_code == 303
    assert presses(desk.reviewer, review, "pass", note="可以").status_code == 303
    issued = presses(desk.officer, letter, "issue", way="post")
    assert issued.status_code == 303, issued.text
    shown = desk.officer.sees(letter)
    assert re.search(r"示例住建依申请〔\d{4}〕1号", shown)
    assert "示例区人民政府" in shown and "张三" in shown

    pdf = desk.officer.client.get(f"{letter}/letter.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert desk.officer.client.get(f"{letter}/letter.docx").content.startswith(b"PK")
    served = presses(
        desk.officer, letter, "serve", way="post", sent_on=str(today()), arrived_on="",
        proof="挂号信 XA123456789CN",
    )  # fmt: skip
    assert served.status_code == 303, served.text
    shown = desk.officer.sees(page)
    assert "已答复" in shown and "在期限内" in shown and "XA123456789CN" in shown
    assert desk.row(page).is_in_time is True
    assert f'href="{page}"' in desk.officer.sees(LIST, pile="closed")
    done(desk.officer, page, "remedy-lodged", kind="review")


def test_whoever_wrote_a_reply_does_not_check_it(desk: Desk) -> None:
    page = desk.files()
    done(desk.officer, page, "begin")
    done(desk.officer, page, "search", note="查了档案系统。")
    letter = drafts(desk.head, page, "U1")
    written(desk.head, letter)
    assert presses(desk.officer, letter, "review", note="").status_code == 303
    shown = desk.head.sees(letter)
    assert "要由另一个人审查" in shown and f"{letter}/pass" not in shown
    row = desk.row(page)
    forced = desk.head.sends(f"{letter}/pass", edits="3", case_edits=row.edits)
    assert forced.status_code == 403 and "没有办成" in forced.text
    assert desk.row(page).state.value == "review"


def test_what_was_written_is_kept_when_somebody_saved_first(desk: Desk) -> None:
    page = desk.files()
    letter = drafts(desk.officer, page, "G2")
    written(desk.head, letter)
    late = desk.officer.sends(
        f"{letter}/save", edits="0", case_edits="2", title="答复书", body="我写了一上午。"
    )
    assert late.status_code == 409
    assert "我写了一上午。" in late.text and "别人已经改过这份文书" in late.text


def test_a_letter_to_a_party_needs_the_party_and_names_no_applicant(desk: Desk) -> None:
    page = desk.files()
    done(desk.officer, page, "consult", party="third_party", name="某某公司", subject="合同价款")
    without = desk.officer.sends(f"{page}/letters", kind="N6")
    assert without.status_code == 422 and "发给哪一方" in without.text
    shown = desk.officer.sees(page)
    party = re.search(r'name="consultation"[^>]*>.*?<option value="(\d+)"', shown, re.DOTALL)
    assert party is not None
    sent = desk.officer.sends(f"{page}/letters", kind="N6", consultation=party[1])
    assert sent.status_code == 303
    shown = desk.officer.sees(sent.headers["location"])
    assert "某某公司" in shown and "张三" not in shown


def test_no_letter_is_for_strangers_or_clerks(desk: Desk) -> None:
    page = desk.files()
    letter = drafts(desk.officer, page, "G2")
    assert desk.stranger.looks(letter) == 404
    assert desk.clerk.looks(letter) == 403
    assert desk.reviewer.looks(f"{REVIEWS}/{letter.rpartition('/')[2]}") == 404
    voided = presses(desk.officer, letter, "void")
    assert voided.status_code == 303
    assert "作废" in desk.officer.sees(page)


def test_only_the_agencys_own_people_begin_a_letter(desk: Desk) -> None:
    page = desk.files()
    with at_the_console(desk.doors, Role.AGENCY_OFFICER, agencies=[desk.other_id]) as stranger:
        assert stranger.sends(f"{page}/letters", kind="N12", outcome="G2").status_code == 404
    refused = does(desk.officer, page, "note", note="")
    assert refused.status_code == 422
