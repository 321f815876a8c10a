"""What is said when nothing was understood, and when a member of staff is offered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.not_understood import PROMPTS, Missed, Patience
from speech.scripted_recognition import ScriptedRecogniser
from tests.doors import Doors, open_doors, tone
from tests.voice_page import SILENCE, Page, page_of

QUESTION = "申请政府信息公开要收费吗？"


@pytest.mark.parametrize(
    ("missed", "in_form", "names"),
    [
        pytest.param(
            "uuuu",
            False,
            ["not-heard", "ask-like-this", "offer-staff", "offer-staff"],
            id="unclear: gently, by example, then a person",
        ),
        pytest.param(
            "sss", False, ["nothing-heard", "ask-like-this", "offer-staff"], id="no sound at all"
        ),
        pytest.param(
            "uuu",
            True,
            ["not-heard", "form-slowly", "form-offer-staff"],
            id="in a form, whose 是 answers the form",
        ),
        pytest.param(
            "uu!su",
            False,
            ["not-heard", "ask-like-this", "nothing-heard", "ask-like-this"],
            id="somebody who was understood begins anew",
        ),
    ],
)
def test_each_attempt_in_a_row_gets_more_help(missed: str, in_form: bool, names: list[str]) -> None:
    patience, said = Patience(), []
    for one in missed:
        if one == "!":
            patience.understood()
            continue
        why = Missed.SILENCE if one == "s" else Missed.UNCLEAR
        prompt = patience.missed(why, in_form=in_form)
        said.append(prompt.name)
        assert prompt.offers_staff == prompt.name.endswith("offer-staff")
    assert said == names


@pytest.mark.parametrize(
    ("answer", "wants"),
    [
        *(("是", True), ("好的", True), ("要", True), ("要的。", True)),
        *(("不用", False), ("不用了", False), ("不要", False)),
        pytest.param("申请公开要收费吗", None, id="a question after all"),
    ],
)
def test_yes_calls_staff_only_where_that_was_asked(answer: str, wants: bool | None) -> None:
    patience = Patience()
    for _ in range(2):
        patience.missed()
        assert patience.wants_staff(answer) is None, "nobody was offered yet"
    patience.missed()
    assert patience.wants_staff(answer) is wants
    patience.understood()
    assert patience.wants_staff(answer) is None


@pytest.fixture
def doors(tmp_path: Any) -> Iterator[Doors]:
    words = ["", "", "", "是的", "", "", "", "不用了", QUESTION]
    with open_doors(tmp_path, ScriptedRecogniser(words)) as opened:
        yield opened


def misses(page: Page) -> list[dict[str, Any]]:
    told = []
    for _ in range(3):
        page.send(type="start")
        page.sound(tone(0.5) + SILENCE)
        told.append(page.until("not_heard")[-1])
    return told


def test_at_the_kiosk_the_third_time_offers_a_person_and_yes_calls_one(doors: Doors) -> None:
    with page_of(doors) as page, doors.client() as client:
        told = misses(page)
        assert [one["offers_staff"] for one in told] == [False, False, True]
        assert {one["reason"] for one in told} == {"unclear"}
        for piece in (one["speech"][0] for one in told):
            assert client.get(piece["url"]).content.startswith(b"RIFF")
        page.say()
        assert page.until("command")[-1]["command"] == "help"
        misses(page)
        page.say()
        assert page.until("not_heard")[-1]["sentence"].startswith("好的")
        page.say()
        assert page.until("reply")[-1]["decision"] == "answer"


def test_every_sentence_can_be_fetched_by_its_name(doors: Doors) -> None:
    with doors.client() as client:
        for prompt in PROMPTS:
            assert client.get(f"/kiosk/speech/{prompt.name}").status_code == 200
