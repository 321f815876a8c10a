"""What somebody says for a form: digits in pieces, yes or no, and a request that is said back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.spoken_digits import agreement_in, digits_in
from speech.scripted_recognition import ScriptedRecogniser
from tests.doors import open_doors, tone
from tests.voice_page import SILENCE, Page, page_of


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        pytest.param("幺三八零零一二三四五六", "13800123456", id="a phone number"),
        pytest.param("一三八 零零，一三八", "13800138", id="in groups"),
        pytest.param("138001", "138001", id="written as digits already"),
        pytest.param("衣三八", "138", id="misheard as a character of the same sound"),
        pytest.param("我的电话是一三八", "138", id="neither a five nor a four in what leads to it"),
        pytest.param("我三是", "534", id="nothing but digits, heard as other words"),
        pytest.param("二二三艾克斯", "223X", id="the check character spelt"),
        pytest.param("一二叉", "12X", id="the check character in Chinese"),
        pytest.param("不知道", "", id="no digits"),
    ],
)
def test_digits_are_written_however_they_are_said(said: str, digits: str) -> None:
    assert digits_in(said) == digits


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        *(("对", True), ("是的呀", True), ("没有错", True), ("要得", True), ("嗯", True)),
        *(("不对", False), ("不是", False), ("错了", False), ("重来", False)),
        *(("不知道", None), ("老旧小区改造", None), ("", None)),
    ],
)
def test_yes_and_no_are_told_from_all_else(said: str, agrees: bool | None) -> None:
    assert agreement_in(said) is agrees


def say(page: Page, purpose: str, choices: tuple[str, ...] = ()) -> dict[str, Any]:
    page.send(type="start", purpose=purpose, choices=choices)
    page.sound(tone(3.0) + SILENCE)
    page.until("ended")
    return page.receive()


def test_a_request_is_said_back_and_personal_words_never_are(tmp_path: Path) -> None:
    words = ["2024年老旧小区改造预算？", "张三", "幺三八零零", "不对", "对的", "在说一边"]
    with open_doors(tmp_path, ScriptedRecogniser(words)) as doors, page_of(doors) as page:
        request = say(page, "request")
        assert request["type"] == "dictated"
        assert request["text"] == "2024年老旧小区改造预算"
        spoken = "".join(piece["text"] for piece in request["speech"])
        assert spoken == "您要申请的是：2024年老旧小区改造预算，对吗？"
        with doors.client() as client:
            for piece in request["speech"]:
                assert client.get(piece["url"]).content.startswith(b"RIFF")
        name = say(page, "words")
        assert (name["text"], name["speech"]) == ("张三", [])
        phone = say(page, "digits")
        assert (phone["text"], phone["speech"]) == ("13800", [])
        taken_back = say(page, "digits")
        assert (taken_back["text"], taken_back["agrees"]) == ("", False)
        agreed = say(page, "agreement")
        assert (agreed["agrees"], agreed["text"]) == (True, "")
        assert say(page, "words") == {"type": "command", "command": "repeat"}


def test_an_answer_on_the_screen_is_chosen_by_place_or_by_its_words(tmp_path: Path) -> None:
    agencies = ("示例区人民政府办公室", "示例区住房和城乡建设委员会", "别的机关")
    words = ["第二个", "住房和城乡建设委员会", "今天天气不错"]
    with open_doors(tmp_path, ScriptedRecogniser(words)) as doors, page_of(doors) as page:
        assert say(page, "choice", agencies)["place"] == 1
        assert say(page, "choice", agencies)["place"] == 1
        assert say(page, "choice", agencies)["place"] is None


def test_an_unknown_purpose_is_refused_and_the_connection_goes_on(tmp_path: Path) -> None:
    with open_doors(tmp_path, ScriptedRecogniser(["张三"])) as doors, page_of(doors) as page:
        page.send(type="start", purpose="everything")
        assert page.receive()["type"] == "error"
        assert say(page, "words")["text"] == "张三"
