"""您是说……吗: what is only likely is asked before it is answered, at the kiosk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from speech.scripted_recognition import ScriptedRecogniser
from tests.doors import Doors, open_doors, tone
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen
from tests.test_mp_asking import recorded, upload
from tests.voice_page import Page, page_of

MISHEARD = "申请政府新西工会要受愧吗"
OTHER = "申请政府心细公海要收会吗"
MEANT = "申请政府信息公开要收费吗？"
ONE_SOUND = "申情政府心细公开要收肥吗"
AGAIN = "请再说一遍"


class Ear(ScriptedRecogniser):
    """Hears what it is told to next."""

    def hears(self, *transcripts: str, alternatives: tuple[str, ...] = ()) -> None:
        self._transcripts, self._alternatives, self._begun = transcripts, alternatives, 0


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("confirming"), Ear([])) as opened:
        yield opened


@pytest.fixture
def ear(doors: Doors) -> Ear:
    recogniser = doors.context.recogniser
    assert isinstance(recogniser, Ear)
    return recogniser


@pytest.fixture
def page(doors: Doors) -> Iterator[Page]:
    with page_of(doors) as opened:
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as somebody:
        yield somebody


def says(page: Page) -> dict[str, Any]:
    page.say()
    return page.until("reply")[-1]


def test_what_sounds_the_same_is_put_right_and_shown(page: Page, ear: Ear) -> None:
    ear.hears(ONE_SOUND)
    reply = says(page)
    assert (reply["decision"], reply["transcript"], reply["meant"]) == ("answer", MEANT, "")
    assert reply["answers"][0]["title"] == MEANT


def test_what_is_only_likely_is_asked_for_and_answered_on_yes(page: Page, ear: Ear) -> None:
    ear.hears(MISHEARD, "是的", alternatives=(OTHER,))
    reply = says(page)
    assert (reply["decision"], reply["transcript"], reply["meant"]) == ("confirm", MISHEARD, MEANT)
    assert reply["answers"] == []
    assert reply["alternatives"] == [OTHER]
    assert reply["spoken"] == f"您是说“{MEANT.rstrip('？')}”吗？"
    assert "".join(piece["text"] for piece in reply["speech"]) == reply["spoken"]
    answer = says(page)
    assert (answer["decision"], answer["transcript"]) == ("answer", MEANT)
    assert answer["answers"][0]["title"] == MEANT


def test_what_was_not_meant_is_answered_as_it_was_heard(page: Page, ear: Ear) -> None:
    ear.hears(MISHEARD, "不是")
    assert says(page)["decision"] == "confirm"
    reply = says(page)
    assert (reply["decision"], reply["transcript"]) == ("handoff", MISHEARD)
    assert AGAIN in reply["spoken"]


def test_yes_and_no_may_be_touched(page: Page, ear: Ear) -> None:
    for agrees, decision in ((True, "answer"), (False, "handoff")):
        ear.hears(MISHEARD)
        assert says(page)["decision"] == "confirm"
        page.send(type="confirm", agrees=agrees)
        assert page.receive()["decision"] == decision
        page.send(type="confirm", agrees=agrees)
        assert page.receive()["type"] == "error", "what was asked is settled"


def test_another_question_instead_of_yes_or_no_is_answered(page: Page, ear: Ear) -> None:
    ear.hears(MISHEARD, "怎样申请政府信息公开")
    assert says(page)["decision"] == "confirm"
    assert says(page)["transcript"].startswith("怎样申请政府信息公开")


def test_a_typed_question_is_taken_as_it_is(page: Page) -> None:
    page.send(type="ask", text=MISHEARD)
    reply = page.receive()
    assert (reply["transcript"], reply["meant"]) == (MISHEARD, "")
    assert reply["decision"] != "confirm"


def test_a_phone_is_asked_too_and_answers_with_its_turn(phone: PhoneOfCitizen, ear: Ear) -> None:
    ear.hears(MISHEARD, "是的", alternatives=(OTHER,))
    sound = recorded(tone(2.0), "wav")
    asked = upload(phone, sound).json()
    assert (asked["outcome"], asked["meant"]) == ("confirm", MEANT)
    assert asked["alternatives"] == [OTHER]
    assert [step["step"] for step in asked["next_steps"]] == ["agree", "disagree", "ask_again"]
    assert MISHEARD not in asked["turn"], "a turn is sealed"

    spoken = upload(phone, sound, turn=asked["turn"]).json()
    assert (spoken["outcome"], spoken["transcript"]) == ("answer", MEANT)

    body = {"agrees": True, "turn": asked["turn"]}
    tapped = phone.client.post("/mp/v1/ask", json=body).json()
    assert tapped["answers"] == spoken["answers"]

    refused = phone.client.post("/mp/v1/ask", json={**body, "agrees": False}).json()
    assert (refused["outcome"], refused["transcript"]) == ("handoff", MISHEARD)
    assert phone.client.post("/mp/v1/ask", json={"agrees": True}).status_code == 422
