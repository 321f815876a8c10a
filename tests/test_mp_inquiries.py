"""What is left for the staff from a phone: kept once, found by its owner alone, told of when answered."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from models.audit_record import AuditRecord
from models.citizen_tie import CitizenInquiry
from models.content_safety import ContentSafety
from models.delivery import Delivery
from models.left_question import LeftQuestion
from models.rating import Rating
from models.staff import Role
from models.suggestion import Suggestion
from models.venue import Venue, VenueLevel, VenueType
from server.growing_delay import GrowingDelay
from server.rate_limit import RateLimit
from services.wechat import Reaction, TextVerdict, WeChatFailed
from services.wechat import Suggestion as Verdict
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.people import AtTheConsole, at_the_console
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen, scripted_wechat_of
from tests.scripted_wechat import ScriptedWeChat

LAMP = "我家门口的路灯三个月不亮了，该找谁？"
ANSWER = "已经转请城市管理部门检修，三个工作日内恢复照明。"


class SlowWeChat(ScriptedWeChat):
    """A WeChat that never says what it thinks of a text."""

    async def check_text(self, text: str, openid: str) -> TextVerdict:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-inquiries")) as opened:
        opened.run(
            Venue.create(
                code="library", place="示例区图书馆", type=VenueType.LIBRARY,
                level=VenueLevel.DISTRICT,
            )
        )  # fmt: skip
        yield opened


@pytest.fixture(autouse=True)
def patient(doors: Doors) -> None:
    context = doors.context
    context.left_questions_limit = RateLimit(1000)
    context.suggestions_limit = RateLimit(1000)
    context.look_up_delay = GrowingDelay()
    context.parts.wechat = ScriptedWeChat()


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as somebody:
        yield somebody


def words(text: str = LAMP) -> dict[str, str]:
    """Return a question that nobody has left yet."""
    return {"text": f"{text}{secrets.token_hex(3)}"}


def left(phone: PhoneOfCitizen, path: str = "/questions", **body: Any) -> str:
    response = phone.sends(path, body or words())
    assert response.status_code == 201, response.text
    return str(response.json()["number"])


def question_of(doors: Doors, number: str) -> LeftQuestion:
    return doors.run(_get(LeftQuestion, number))


async def _get(model: Any, number: str) -> Any:
    return await model.get(number=number)


def page_of(clerk: AtTheConsole, path: str, number: str, **query: str) -> tuple[str, str, str]:
    """Return the address of what has a number, its page and its edit count."""
    found = re.search(rf'href="({path}/\d+)">{number}<', clerk.sees(path, **query))
    assert found
    page = clerk.sees(found[1])
    edits = re.search(r'name="edits" value="(\d+)"', page)
    assert edits
    return found[1], page, edits[1]


@pytest.mark.parametrize(
    ("path", "console", "kind"),
    [
        ("/questions", "/console/left-questions", "question"),
        ("/suggestions", "/console/suggestions", "suggestion"),
    ],
)
def test_what_is_left_is_answered_and_told_of(
    doors: Doors, phone: PhoneOfCitizen, path: str, console: str, kind: str
) -> None:
    said = words()
    number = left(phone, path, **said)
    (mine,) = phone.gets(path)["items"]
    assert mine["words"] == said["text"]
    assert mine["inquiry"]["state"] == "open"
    with at_the_console(doors, Role.CLERK) as clerk:
        address, page, edits = page_of(clerk, console, number)
        assert said["text"] in page
        assert phone.openid not in page
        assert clerk.sends(f"{address}/answer", answer=ANSWER, edits=edits).status_code == 303
    shown = phone.gets(f"{path}/{number}")
    assert shown["inquiry"]["answer"] == ANSWER
    assert shown["words"] == said["text"]
    assert phone.client.get(shown["spoken"][0]["sound"]).status_code == 200
    (message,) = doors.run(_deliveries(phone.citizen().id))
    assert number in message.text
    assert said["text"] not in message.text + message.title
    assert ANSWER not in message.text + message.title
    assert message.page == f"pages/question/question?kind={kind}&number={number}"
    with at_the_console(doors, Role.CLERK) as clerk:
        _, _, edits = page_of(
            clerk, console, number, **({"pile": "done"} if kind == "question" else {"done": "1"})
        )
        corrected = clerk.sends(f"{address}/answer", answer=ANSWER + "请知悉。", edits=edits)
        assert corrected.status_code == 303
    assert len(doors.run(_deliveries(phone.citizen().id))) == 2, "a correction is told of too"


async def _deliveries(citizen_id: int) -> list[Delivery]:
    return await Delivery.filter(citizen_id=citizen_id)


def test_others_see_the_answer_by_the_number_and_never_the_words(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    number = left(phone)
    with phone_of_citizen(doors) as other:
        assert other.gets("/questions") == {"total": 0, "page": 1, "size": 20, "items": []}
        shown = other.gets(f"/questions/{number}")
        assert shown["words"] == ""
        assert shown["inquiry"]["number"] == number
        assert other.client.get(f"/mp/v1/suggestions/{number}").status_code == 404
        assert other.client.get("/mp/v1/questions/not-a-number").json()["code"] == "wrong_number"
        for _ in range(3):
            other.client.get("/mp/v1/questions/261124-000000")
        assert other.client.get("/mp/v1/questions/261124-000000").status_code in {404, 429}
        assert other.client.get("/mp/v1/questions/261124-000000").status_code == 429
    assert phone.gets(f"/questions/{number}")["words"], "whoever guesses slows down nobody else"


def test_what_was_left_at_a_kiosk_is_read_on_the_phone(doors: Doors, phone: PhoneOfCitizen) -> None:
    with doors.client() as kiosk:
        number = kiosk.post("/kiosk/questions", json=words()).json()["number"]
    assert phone.gets(f"/questions/{number}")["words"] == ""
    assert phone.gets("/questions")["total"] == 0


def test_without_an_account_nothing_is_left(doors: Doors) -> None:
    with phone_of_citizen(doors, is_signed_in=False) as stranger:
        for path in ("/questions", "/suggestions", "/ratings"):
            assert stranger.sends(path, words()).status_code == 401
        assert stranger.client.get("/mp/v1/questions").status_code == 401


@pytest.mark.parametrize("path", ["/questions", "/suggestions"])
def test_sent_twice_it_is_kept_once(doors: Doors, phone: PhoneOfCitizen, path: str) -> None:
    said, key = words(), secrets.token_hex(8)
    first, second = phone.sends(path, said, key=key), phone.sends(path, said, key=key)
    assert [first.status_code, second.status_code] == [201, 200]
    assert first.json() == second.json()
    with ThreadPoolExecutor(4) as pool:
        key = secrets.token_hex(8)
        replies = list(pool.map(lambda _: phone.sends(path, said, key=key), range(4)))
    assert {reply.status_code for reply in replies} <= {200, 201}
    assert len({reply.json()["number"] for reply in replies}) == 1
    assert phone.gets(path)["total"] == 2
    with phone_of_citizen(doors) as other:
        # Another phone may have thought of the same name.
        assert other.sends(path, said, key=key).status_code == 201


def test_without_a_name_nothing_is_kept(phone: PhoneOfCitizen) -> None:
    response = phone.client.post("/mp/v1/questions", json=words())
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_missing"
    assert phone.gets("/questions")["total"] == 0


@pytest.mark.parametrize("path", ["/questions", "/suggestions"])
def test_zones_that_do_not_do_it_say_where_to_go(phone: PhoneOfCitizen, path: str) -> None:
    response = phone.sends(path, words() | {"venue": "library"})
    assert response.status_code == 403
    assert response.json()["code"] == "area_missing"
    assert "示例区图书馆" in response.json()["sentence"]
    assert phone.sends(path, words() | {"venue": "nowhere"}).status_code == 404


@pytest.mark.parametrize(
    "text", ["", "   ", "字" * 501, "有\0空"], ids=["nothing", "blanks", "too long", "a null"]
)
def test_words_that_cannot_be_kept_are_not(phone: PhoneOfCitizen, text: str) -> None:
    for path in ("/questions", "/suggestions"):
        assert phone.sends(path, {"text": text}).status_code == 422
        assert phone.gets(path)["total"] == 0


def test_harmless_words_pass(doors: Doors, phone: PhoneOfCitizen) -> None:
    said = words()
    number = left(phone, **said)
    assert scripted_wechat_of(doors).checked == [said["text"]]
    assert question_of(doors, number).safety is ContentSafety.PASSED


def test_risky_words_are_refused_in_plain_words(doors: Doors, phone: PhoneOfCitizen) -> None:
    scripted_wechat_of(doors).verdict = Verdict.RISKY
    response = phone.sends("/questions", words())
    assert response.status_code == 422
    assert response.json()["code"] == "content_refused"
    assert "没有通过" in response.json()["sentence"]
    assert phone.gets("/questions")["total"] == 0


def test_where_no_mini_program_is_configured_staff_read_as_ever(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    doors.context.parts.wechat = None
    assert question_of(doors, left(phone)).safety is ContentSafety.NOT_CHECKED


def failing(errcode: int | None, reaction: Reaction) -> ScriptedWeChat:
    wechat = ScriptedWeChat()
    wechat.failing = WeChatFailed("no verdict", errcode=errcode, reaction=reaction)
    return wechat


def in_doubt() -> ScriptedWeChat:
    wechat = ScriptedWeChat()
    wechat.verdict = Verdict.REVIEW
    return wechat


@pytest.mark.parametrize(
    "wechat",
    [
        pytest.param(in_doubt(), id="in doubt"),
        pytest.param(failing(61010, Reaction.GIVE_UP), id="inactive for two hours"),
        pytest.param(failing(45009, Reaction.STOP_FOR_TODAY), id="the quota is gone"),
        pytest.param(failing(None, Reaction.RETRY), id="down"),
        pytest.param(SlowWeChat(), id="silent"),
    ],
)
def test_what_nothing_could_check_waits_for_a_person_and_is_not_lost(
    doors: Doors, phone: PhoneOfCitizen, wechat: ScriptedWeChat
) -> None:
    doors.context.parts.wechat = wechat
    began = time.monotonic()
    number = left(phone)
    assert time.monotonic() - began < 3 * BUSY
    assert phone.gets(f"/questions/{number}")["words"]
    assert question_of(doors, number).safety is ContentSafety.WAITING
    with at_the_console(doors, Role.CLERK) as clerk:
        assert "待人工核看" in clerk.sees("/console/left-questions")
        address, page, edits = page_of(clerk, "/console/left-questions", number)
        assert "待人工核看" in page
        entry = {
            "entry_question": "路灯不亮找谁？", "entry_answer": "请拨打热线。", "edits": edits,
        }  # fmt: skip
        refused = clerk.sends(f"{address}/entry", **entry)
        assert refused.status_code == 409
        assert "核看" in refused.text
        assert clerk.sends(f"{address}/answer", answer=ANSWER, edits=edits).status_code == 303
        edits = str(int(edits) + 1)
        assert clerk.sends(f"{address}/clear", edits="0").status_code == 409
        assert clerk.sends(f"{address}/clear", edits=edits).status_code == 303
        assert question_of(doors, number).safety is ContentSafety.CLEARED
        again = clerk.sends(f"{address}/clear", edits=str(int(edits) + 1))
        assert again.status_code == 409
        entry["edits"] = str(int(edits) + 1)
        assert clerk.sends(f"{address}/entry", **entry).status_code == 303
    question = question_of(doors, number)
    assert question.entry_id is not None
    assert doors.run(_cleared(f"left_question:{question.id}")) == 1


async def _cleared(subject: str) -> int:
    return await AuditRecord.filter(action="content_cleared", subject=subject).count()


def test_a_suggestion_is_cleared_too(doors: Doors, phone: PhoneOfCitizen) -> None:
    doors.context.parts.wechat = in_doubt()
    number = left(phone, "/suggestions")
    with at_the_console(doors, Role.CLERK) as clerk:
        assert "待人工核看" in clerk.sees("/console/suggestions")
        address, page, edits = page_of(clerk, "/console/suggestions", number)
        assert "待人工核看" in page
        assert clerk.sends(f"{address}/clear", edits=edits).status_code == 303
        assert "人工核看通过" in clerk.sees(address)
    suggestion = doors.run(_get(Suggestion, number))
    assert suggestion.safety is ContentSafety.CLEARED
    assert doors.run(_cleared(f"suggestion:{suggestion.id}")) == 1


def test_faces_are_counted_once_and_tell_of_nobody(doors: Doors, phone: PhoneOfCitizen) -> None:
    async def rows() -> list[dict[str, Any]]:
        return await Rating.all().order_by("id").values()

    before = len(doors.run(rows()))
    key = secrets.token_hex(8)
    body = {"score": 3, "about": "question:1"}
    for _ in range(3):
        assert phone.sends("/ratings", body, key=key).status_code == 201
    assert phone.sends("/ratings", body | {"score": 1}).status_code == 201
    with doors.client() as kiosk:
        for _ in range(2):
            assert kiosk.post("/kiosk/ratings", json=body).status_code == 201
    kept = doors.run(rows())[before:]
    assert [row["score"] for row in kept] == [3, 1, 3, 3]
    assert str(phone.citizen().id) not in {row["sent_as"] for row in kept}
    for odd in ({"score": 4}, {"score": 3, "about": "somebody"}, {}, {"score": "3"}):
        assert phone.sends("/ratings", odd).status_code == 422


def test_of_whoever_is_forgotten_the_words_stay_and_the_tie_goes(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    number = left(phone)
    citizen_id = phone.citizen().id
    assert phone.client.delete("/mp/v1/me").status_code == 200

    async def ties() -> int:
        return await CitizenInquiry.filter(citizen_id=citizen_id).count()

    assert doors.run(ties()) == 0
    assert question_of(doors, number).number == number
    with at_the_console(doors, Role.CLERK) as clerk:
        address, _, edits = page_of(clerk, "/console/left-questions", number)
        assert clerk.sends(f"{address}/answer", answer=ANSWER, edits=edits).status_code == 303
