"""What agencies print in their letters, and how they word them, at the console."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from models.staff import Role
from tests.doors import open_doors
from tests.people import AtTheConsole, at_the_console
from tests.test_console_applications import Desk

OFFICES = "/console/disclosure-offices"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_doors(tmp_path_factory.mktemp("offices")) as doors, ExitStack() as people:
        yield Desk(doors, people)


def typed(person: AtTheConsole, page: str) -> dict[str, str]:
    """Return the fields of the office's form as they stand."""
    shown = person.sees(page)
    found = re.findall(r'name="(\w+)" type="(?:text|number)" value="([^"]*)"', shown)
    edits = re.search(r'name="edits" value="(\d+)"', shown)
    assert edits is not None
    return {name: html.unescape(value) for name, value in found} | {
        "edits": edits[1], "standing": "department",
    }  # fmt: skip


def test_a_head_keeps_the_office_of_their_own_agency_alone(desk: Desk) -> None:
    page = f"{OFFICES}/{desk.agency_id}"
    assert "没有填" in desk.head.sees(OFFICES)
    fields = typed(desk.head, page) | {"review_body": "示例区人民政府", "court": "示例区人民法院"}
    assert desk.head.sends(page, **fields).status_code == 303
    assert "示例区人民法院" in desk.head.sees(OFFICES)
    late = desk.head.sends(page, **(fields | {"court": "另一个法院"}))
    assert late.status_code == 409 and "另一个法院" in late.text
    wrong = typed(desk.head, page) | {"review_body": "示例市住房和城乡建设局"}
    refused = desk.head.sends(page, **wrong)
    assert refused.status_code == 422 and "没有保存" in refused.text
    few = desk.head.sends(page, **(typed(desk.head, page) | {"correction_days": "2"}))
    assert few.status_code == 422 and "5 到 30" in few.text
    assert desk.head.looks(f"{OFFICES}/{desk.other_id}") == 404
    assert desk.officer.looks(OFFICES) == 403


def test_a_wording_that_makes_letters_defective_is_refused_with_the_reasons(desk: Desk) -> None:
    office = f"{OFFICES}/{desk.agency_id}"
    address = f"{office}/template?kind=N12&outcome=D5"
    assert "答复书：" in desk.head.sees(f"{office}/templates")
    shown = desk.head.sees(f"{office}/template", kind="N12", outcome="D5")
    body = re.search(r'<textarea id="field-body"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)
    assert body is not None
    fields = {"kind": "N12", "outcome": "D5", "edits": "0", "title": "不予公开告知书"}
    bad = html.unescape(body[1]) + "\n本机关在15个工作日内答复。"
    refused = desk.head.sends(f"{office}/template", **fields, body=bad)
    assert refused.status_code == 422 and "没有保存" in refused.text
    assert "本机关在15个工作日内答复。" in refused.text
    good = html.unescape(body[1])
    assert desk.head.sends(f"{office}/template", **fields, body=good).status_code == 303
    assert "本机关的" in desk.head.sees(f"{office}/templates")
    assert "恢复系统自带的写法" in desk.head.client.get(address).text
    dropped = desk.head.sends(f"{office}/template/drop", **(fields | {"edits": "1"}))
    assert dropped.status_code == 303
    assert "不予公开告知书" not in desk.head.sees(f"{office}/templates")
    assert desk.head.looks(f"{office}/template?kind=N99&outcome=") == 404


def test_an_administrator_keeps_all_of_them(desk: Desk) -> None:
    with at_the_console(desk.doors, Role.ADMINISTRATOR) as boss:
        for agency_id in (desk.agency_id, desk.other_id):
            assert boss.looks(f"{OFFICES}/{agency_id}") == 200
        assert boss.looks(f"{OFFICES}/999999") == 404


def test_what_the_law_leaves_open_is_each_agencys_to_settle(desk: Desk) -> None:
    page = f"{OFFICES}/{desk.agency_id}"
    numbers = {
        "correction_days": "20", "keep_decided_years": "25", "keep_abandoned_years": "5",
        "review_withheld_months": "6",
    }  # fmt: skip
    for ticked in (("late_correction_restarts",), ("auto_confirm", "fee_restarts")):
        fields = typed(desk.head, page) | numbers | dict.fromkeys(ticked, "1")
        assert desk.head.sends(page, **fields).status_code == 303
        shown = desk.head.sees(page)
        for name in ("auto_confirm", "late_correction_restarts", "fee_restarts"):
            box = re.search(rf'<input type="checkbox" name="{name}"[^>]*>', shown)
            assert box is not None
            assert (" checked" in box[0]) is (name in ticked), (name, ticked)
        assert numbers.items() <= typed(desk.head, page).items()
