"""A question that nobody could answer: left, due, answered, read by its number, learnt from."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from models.agency import Agency
from models.index_change import Subject
from models.left_question import LeftQuestion
from models.staff import Role, Staff
from models.venue import Venue, VenueLevel, VenueType
from server.growing_delay import GrowingDelay
from server.rate_limit import RateLimit
from services import publication
from services.access import actor_of
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.people import AtTheConsole, at_the_console

LAMP = "我家门口的路灯三个月不亮了找谁"
REFUSED = "钓鱼证在哪个窗口补办"
ANSWER = "请拨打城管热线，三个工作日内派人检修。"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("questions")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def patient(doors: Doors) -> None:
    doors.context.left_questions_limit = RateLimit(1000)
    doors.context.look_up_limit = RateLimit(1000)
    doors.context.look_up_delay = GrowingDelay()


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


def leave(client: httpx.Client, text: str = LAMP) -> str:
    reply = client.post("/kiosk/questions", json={"text": text})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["number"])


def address_of(clerk: AtTheConsole, shown: str, pile: str = "open") -> str:
    """Return the console's address of a question that the work list shows."""
    page = clerk.sees("/console/left-questions", pile=pile)
    found = re.search(rf'href="(/console/left-questions/\d+)">{re.escape(shown)}<', page)
    assert found, f"{shown} is not on the list"
    return found[1]


def edits_on(page: str) -> str:
    found = re.search(r'name="edits" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_question_is_left_answered_and_read_by_its_number(
    doors: Doors, client: httpx.Client
) -> None:
    number = leave(client)
    before = client.get(f"/kiosk/questions/{number}").json()
    assert (before["state"], before["answer"]) == ("open", "")
    assert before["due_on"] > before["left_on"]
    assert LAMP not in str(before), "whoever has the number is not shown what was asked"
    with at_the_console(doors, Role.CLERK, name="王办事") as clerk:
        address = address_of(clerk, number)
        page = clerk.sees(address)
        assert LAMP in page
        assert clerk.sends(f"{address}/answer", answer="", edits=edits_on(page)).status_code == 422
        sent = clerk.sends(f"{address}/answer", answer=ANSWER, edits=edits_on(page))
        assert sent.status_code == 303
        assert number not in clerk.sees("/console/left-questions")
        assert number in clerk.sees("/console/left-questions", pile="done")
    typed = number.replace("-", "")
    after = client.get(f"/kiosk/questions/{typed}").json()
    assert (after["state"], after["answer"]) == ("answered", ANSWER)
    assert after["speech"][0]["url"], "the answer can be heard"
    by_api = client.get(f"/api/v1/questions/{number}").json()
    assert by_api["answer"] == ANSWER
    shown = client.post("/answers", data={"number": typed})
    assert ANSWER in shown.text
    for told in (str(after), str(by_api), shown.text):
        assert "王办事" not in told


def test_a_wrong_number_gets_one_clear_sentence_and_guessing_gets_slow(
    client: httpx.Client,
) -> None:
    wrong = client.get("/kiosk/questions/200101-000000")
    assert wrong.status_code == 404
    assert wrong.json()["code"] == "wrong_number"
    page = client.post("/answers", data={"number": "<b>1"}, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "没有找到这个编号" in page.text
    assert "<b>1" not in page.text
    statuses = [client.get("/api/v1/questions/200101-000000").status_code for _ in range(4)]
    assert statuses[-1] == 429


def test_of_two_who_answer_the_second_is_told(doors: Doors, client: httpx.Client) -> None:
    number = leave(client)
    with at_the_console(doors, Role.CLERK) as one, at_the_console(doors, Role.CLERK) as other:
        address = address_of(one, number)
        edits = edits_on(other.sees(address))
        assert one.sends(f"{address}/answer", answer=ANSWER, edits=edits).status_code == 303
        late = other.sends(f"{address}/answer", answer="另一个答复", edits=edits)
        assert late.status_code == 409
        assert ANSWER in late.text, "they are shown what the other wrote"
        assert "另一个答复" in late.text, "and their own words are not lost"
    assert client.get(f"/kiosk/questions/{number}").json()["answer"] == ANSWER


def test_what_is_overdue_is_marked_and_counted(doors: Doors, client: httpx.Client) -> None:
    number = leave(client)

    async def long_ago() -> None:
        past = datetime.now(UTC) - timedelta(days=1)
        await LeftQuestion.filter(number=number).update(due_at=past)

    doors.run(long_ago())
    with at_the_console(doors, Role.CLERK) as clerk:
        page = clerk.sees("/console/left-questions")
        assert page.index(number) == min(page.index(n) for n in re.findall(r"\d{6}-\d{6}", page)), (
            "what is due first comes first"
        )
        assert "已超期 1 条" in page
        assert "超期 1<" in clerk.sees("/console")


def test_an_agency_sees_what_was_passed_on_to_it_and_nothing_else(
    doors: Doors, client: httpx.Client
) -> None:
    async def agencies() -> tuple[int, int]:
        lamps = await Agency.create(name="示例区城市管理局")
        water = await Agency.create(name="示例区水利局")
        return lamps.id, water.id

    lamps, water = doors.run(agencies())
    number = leave(client)
    with (
        at_the_console(doors, Role.CLERK) as clerk,
        at_the_console(doors, Role.AGENCY_OFFICER, venues=[], agencies=[lamps]) as officer,
        at_the_console(doors, Role.AGENCY_OFFICER, venues=[], agencies=[water]) as other,
    ):
        address = address_of(clerk, number)
        assert officer.looks(address) == 404
        edits = edits_on(clerk.sees(address))
        sent = clerk.sends(f"{address}/pass-on", agency=str(lamps), edits=edits)
        assert sent.status_code == 303
        assert LAMP in officer.sees(address_of(officer, number))
        assert other.looks(address) == 404
        edits = edits_on(officer.sees(address))
        assert officer.sends(f"{address}/answer", answer=ANSWER, edits=edits).status_code == 303
    assert client.get(f"/kiosk/questions/{number}").json()["answer"] == ANSWER


def test_another_zone_does_not_see_it(doors: Doors, client: httpx.Client) -> None:
    async def elsewhere() -> int:
        return (
            await Venue.create(
                code="far", place="远处政务服务中心", type=VenueType.SERVICE_HALL,
                level=VenueLevel.DISTRICT,
            )
        ).id  # fmt: skip

    far = doors.run(elsewhere())
    number = leave(client)
    with at_the_console(doors, Role.CLERK) as clerk:
        address = address_of(clerk, number)
        edits = edits_on(clerk.sees(address))
    with at_the_console(doors, Role.CLERK, venues=[far]) as stranger:
        assert stranger.looks(address) == 404
        assert number not in stranger.sees("/console/left-questions")
        for deed in ("answer", "pass-on", "close", "entry"):
            sent = stranger.sends(
                f"{address}/{deed}", answer="x", edits=edits, entry_question="问", entry_answer="答"
            )
            assert sent.status_code == 404


def test_where_no_advice_is_given_nothing_is_left(doors: Doors, client: httpx.Client) -> None:
    async def archive() -> None:
        await Venue.create(
            code="archive", place="示例区档案馆", type=VenueType.ARCHIVE, level=VenueLevel.DISTRICT
        )

    doors.run(archive())
    refused = client.post("/api/v1/questions", json={"text": LAMP, "venue": "archive"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "area_missing"
    left = client.post("/api/v1/questions", json={"text": LAMP})
    assert left.status_code == 201
    asked = client.post("/api/v1/ask", json={"text": "档案馆里的怪问题谁能答", "venue": "archive"})
    assert asked.json()["decision"] == "handoff"
    client.post("/api/v1/ask", json={"text": "大厅里的怪问题谁能答", "venue": "zone"})
    with at_the_console(doors, Role.CLERK) as clerk:
        # They are written in the order in which they were asked.
        assert "档案馆里的怪问题" not in refused_rows(clerk, "大厅里的怪问题")


def refused_rows(clerk: AtTheConsole, words: str) -> str:
    """Return the work list once it shows what was refused; it is written each second."""
    began = time.monotonic()
    while words not in (page := clerk.sees("/console/left-questions", pile="refused")):
        assert time.monotonic() - began < 2 * BUSY
    return page


def test_what_the_machine_refused_is_counted_once_and_tells_of_nobody(
    doors: Doors, client: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    for wording in (
        f"{REFUSED}，电话13812345678",
        f"{REFUSED}？电话 13998765432",
        f"{REFUSED}电话",
    ):
        reply = client.post("/api/v1/ask", json={"text": wording, "venue": "zone"}).json()
        assert reply["decision"] == "handoff"
    with at_the_console(doors, Role.CLERK) as clerk:
        # What differs by what was masked only is one; it may be written in two of the seconds.
        page = refused_rows(clerk, "问过 3 次")
        assert REFUSED in page
        assert "13812345678" not in page
    leave(client)
    data = doors.context.parts.settings.data_dir
    written = b"".join(f.read_bytes() for f in data.rglob("*") if f.is_file())
    logged = "".join(capfd.readouterr())
    for words in (REFUSED, LAMP, "13812345678"):
        assert words.encode() not in written
        assert words not in logged


def test_an_answer_becomes_an_entry_after_a_second_person_looked(
    doors: Doors, client: httpx.Client
) -> None:
    asked = "补办垂钓许可要带啥子材料嘛"
    official = "补办垂钓许可要带哪些材料？"
    number = leave(client, asked)
    ask = {"text": official, "venue": "zone"}
    assert client.post("/api/v1/ask", json=ask).json()["decision"] == "handoff"
    with (
        at_the_console(doors, Role.CLERK) as clerk,
        at_the_console(doors, Role.REVIEWER) as reviewer,
    ):
        address = address_of(clerk, number)
        page = clerk.sees(address)
        sent = clerk.sends(
            f"{address}/entry", edits=edits_on(page), entry_question=official,
            entry_answer="请带身份证和原许可证的复印件。", entry_short="带身份证和原许可证复印件。",
        )  # fmt: skip
        assert sent.status_code == 303
        assert client.post("/api/v1/ask", json=ask).json()["decision"] == "handoff", "not yet"
        publish(doors, sent.headers["location"], clerk, reviewer)
    began = time.monotonic()
    while (reply := client.post("/api/v1/ask", json=ask).json())["decision"] != "answer":
        assert time.monotonic() - began < 2 * BUSY
    assert reply["answers"][0]["text"] == "请带身份证和原许可证的复印件。"


def test_a_refused_question_that_becomes_an_entry_is_off_the_list(
    doors: Doors, client: httpx.Client
) -> None:
    asked = "野猪拱了庄稼哪个赔"
    client.post("/api/v1/ask", json={"text": asked, "venue": "zone"})
    with at_the_console(doors, Role.CLERK) as clerk:
        refused_rows(clerk, asked)
        address = address_of(clerk, asked, "refused")
        form = {
            "edits": edits_on(clerk.sees(address)),
            "entry_question": "野生动物毁坏庄稼谁补偿？",
        }
        sent = clerk.sends(f"{address}/entry", entry_answer="向林业部门申请补偿。", **form)
        assert sent.status_code == 303
        assert asked not in clerk.sees("/console/left-questions", pile="refused")
        assert sent.headers["location"] in clerk.sees(address)
        again = clerk.sends(f"{address}/entry", entry_answer="向林业部门申请补偿。", **form)
        assert again.status_code == 409, "made once however often somebody presses"


def publish(doors: Doors, address: str, clerk: AtTheConsole, reviewer: AtTheConsole) -> None:
    """Have an entry submitted by one and passed by another."""
    subject_id = int(address.rpartition("/")[2])

    async def both() -> None:
        seal = doors.context.parts.keys.sealing
        one = await actor_of(await Staff.get(id=clerk.staff_id), seal)
        other = await actor_of(await Staff.get(id=reviewer.staff_id), seal)
        version = (await publication.versions_of(one, Subject.QUESTION, subject_id))[0]
        version = await publication.submit(one, version.id, edits=version.edits)
        await publication.approve(other, version.id, edits=version.edits, now=datetime.now(UTC))

    doors.run(both())
