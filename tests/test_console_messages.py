"""What an applicant sent from the phone on the page of their case: read, taken up or set aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from models.application_message import ApplicationMessage, MessageState
from models.citizen_tie import TieReason
from services import citizen_cases
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import phone_of_citizen
from tests.test_console_applications import LIST, Desk, today

WORDS = "补充：我要的是东街二号院的。"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("messages"), speaking=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(doors: Doors) -> Iterator[Desk]:
    with ExitStack() as people:
        yield Desk(doors, people)


def sent_about(doors: Doors, page: str) -> ApplicationMessage:
    """Let the applicant of a case send something that nobody asked for."""
    id_ = int(page.rpartition("/")[2])
    with phone_of_citizen(doors) as phone:
        doors.run(citizen_cases.tie(phone.citizen().id, id_, TieReason.FILED, True))
        phone.sends(f"/applications/{id_}/correction", {"text": WORDS}).raise_for_status()

    async def found() -> ApplicationMessage:
        return await ApplicationMessage.get(application_id=id_)

    return doors.run(found())


def test_it_is_read_with_the_moment_it_came_by_those_who_read_the_words(
    doors: Doors, desk: Desk
) -> None:
    page = desk.files()
    message = sent_about(doors, page)
    came = message.came_at.astimezone(UTC)
    assert abs((datetime.now(UTC) - came).total_seconds()) < 60
    for person in (desk.officer, desk.head):
        shown = person.sees(page)
        assert WORDS in shown and "申请人从手机发来了内容，还没有处理" in shown
        assert "收到</span>" in shown and "不采用，留在案卷里" in shown
    # A clerk of the zone who did not take it in reads neither the words nor what came later.
    assert WORDS not in desk.clerk.sees(page)
    for person in (desk.stranger, desk.reviewer):
        assert person.looks(page) in {403, 404}
    assert "来件待处理" in desk.officer.sees(LIST)
    assert "申请人从手机发来的待处理" in desk.officer.sees("/console")
    assert "申请人从手机发来的待处理" not in desk.stranger.sees("/console")
    number = desk.row(page).number
    assert number in desk.officer.sees(LIST, pile="from_phone")
    assert number not in desk.stranger.sees(LIST, pile="from_phone")


def test_it_is_set_aside_once_and_stays_with_the_case(doors: Doors, desk: Desk) -> None:
    page = desk.files()
    message = sent_about(doors, page)
    path = f"{page}/messages/{message.id}/set-aside"
    assert desk.clerk.sends(path, edits="0").status_code == 403
    assert desk.stranger.sends(path, edits="0").status_code == 404
    assert desk.officer.sends(path, edits="0").status_code == 303
    assert desk.head.sends(path, edits="0").status_code == 303
    shown = desk.officer.sees(page)
    assert WORDS in shown and "未采用" in shown and "还没有处理" not in shown
    assert desk.row(page).number not in desk.officer.sees(LIST, pile="from_phone")


def test_the_act_that_follows_it_takes_it_up(doors: Doors, desk: Desk) -> None:
    page = desk.files()
    message = sent_about(doors, page)
    edits = str(desk.row(page).edits)
    asked = desk.officer.sends(
        f"{page}/ask-correction", edits=edits, note="请写明是哪个院子", days="15",
        on=today().isoformat(), served_on=today().isoformat(),
    )  # fmt: skip
    assert asked.status_code == 303, asked.text
    came = desk.officer.sends(
        f"{page}/correction-received", edits=str(int(edits) + 1), on=today().isoformat(), note=WORDS
    )
    assert came.status_code == 303, came.text

    async def state() -> MessageState:
        return (await ApplicationMessage.get(id=message.id)).state

    assert doors.run(state()) is MessageState.DONE
