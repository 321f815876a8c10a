"""Short answers where they are expected: by phrases that a recogniser is held to, or by their sound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.kiosk.dictation import phrases_for
from server.kiosk.messages import Purpose, Start
from services.expected_phrases import nearest
from services.spoken_commands import Command, choice_in, command_near
from services.spoken_digits import agreement_in
from speech.model_folders import takes_phrases
from speech.vosk_process import VoskProcess
from speech.vosk_recognition import VoskRecogniser, expected_words
from speech.vosk_worker import EXPECT, FINISH, HEAR, HELD
from tests.sounds import clips


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        pytest.param("打开", "open", id="the phrase"),
        pytest.param("呃打开门", "open", id="a filler before it"),
        pytest.param("打该门", "open", id="one syllable of three half right"),
        pytest.param("打天下", None, id="two syllables of three wrong"),
        pytest.param("打伞", None, id="one of two syllables wrong"),
        pytest.param("走", None, id="something else"),
        pytest.param("", None, id="nothing"),
        pytest.param("请问打开门和关门哪一个比较好一点", None, id="a sentence"),
    ],
)
def test_the_nearest_phrase_is_meant_if_it_clearly_is_the_nearest(
    said: str, meaning: str | None
) -> None:
    assert nearest(said, {"open": ("打开", "打开门"), "shut": ("关", "关门吧")}) == meaning


def test_words_between_two_meanings_mean_neither() -> None:
    assert nearest("住房补贴", {1: ("住房补帖",), 2: ("住房补铁",)}) is None


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        pytest.param("就是这羊", True, id="misheard, folded"),
        pytest.param("没有搓", True, id="one syllable half right"),
        pytest.param("不是这果", False, id="one of four wrong"),
        pytest.param("呃是的", True, id="after a filler"),
        pytest.param("不知道是不是", None, id="a doubt"),
        pytest.param("知道", None, id="something else"),
    ],
)
def test_yes_and_no_may_be_misheard_a_little(said: str, agrees: bool | None) -> None:
    assert agreement_in(said) is agrees


def test_commands_are_heard_more_freely_where_a_short_answer_is_expected() -> None:
    commands = {Command.REPEAT, Command.HELP}
    assert command_near("在说一片", commands) is Command.REPEAT
    assert command_near("继续", commands) is None, "it means nothing in a form"
    assert command_near("住在北碚", commands) is None


def test_a_place_may_be_misheard_and_a_title_may_be_said() -> None:
    titles = ["怎样申请政府信息公开？", "申请公开要不要交费？"]
    assert choice_in("弟二过", titles) == 1
    assert choice_in("这个不对", titles) is None


@pytest.mark.parametrize(
    ("purpose", "some", "never"),
    [
        pytest.param(Purpose.AGREEMENT, {"是", "不对", "再说一遍"}, "继续", id="yes or no"),
        pytest.param(Purpose.DIGITS, {"零", "幺", "叉", "说完了", "不对"}, "继续", id="digits"),
        pytest.param(Purpose.CHOICE, {"第二个", "北碚区", "返回"}, "第三个", id="a choice of two"),
    ],
)
def test_each_short_answer_has_its_phrases(purpose: Purpose, some: set[str], never: str) -> None:
    phrases = phrases_for(Start(purpose, ("渝中区", "北碚区")))
    assert some <= set(phrases)
    assert never not in phrases
    assert len(set(phrases)) == len(phrases)


@pytest.mark.parametrize("purpose", [Purpose.QUESTION, Purpose.REQUEST, Purpose.WORDS])
def test_what_may_be_anything_has_none(purpose: Purpose) -> None:
    assert phrases_for(Start(purpose)) == ()


@pytest.mark.parametrize(
    ("held", "free", "expected"),
    [
        pytest.param("是 的", "四 的", "是 的", id="a phrase"),
        pytest.param("[unk] 是 的", "呃 是 的", "是 的", id="a phrase after a noise"),
        pytest.param("幺 三 八", "要 三 吧", "幺 三 八", id="a number in a piece"),
        pytest.param("是 的", "申请 公开 要 交费 是 吗", "", id="a small part of what was said"),
        pytest.param("是 不 是 的", "今天 天气", "", id="words of phrases, and no phrase"),
        pytest.param("[unk] 是 [unk]", "但是 吗", "", id="heard beside other words"),
        pytest.param("[unk]", "天气", "", id="nothing of them"),
        pytest.param("", "", "", id="silence"),
    ],
)
def test_what_was_expected_counts_only_where_it_is_all_that_was_said(
    held: str, free: str, expected: str
) -> None:
    assert expected_words(held, free, ("是的", "不是", "幺", "三", "八")) == expected


def test_the_graph_of_a_model_says_whether_it_can_be_held_to_phrases(
    tmp_path: Path, vosk_test_model: Path
) -> None:
    assert not takes_phrases(vosk_test_model), "a static graph"
    (tmp_path / "graph").mkdir()
    for name in ("HCLr.fst", "Gr.fst"):
        (tmp_path / "graph" / name).write_bytes(b"x")
    assert takes_phrases(tmp_path)
    (tmp_path / "graph" / "HCLG.fst").write_bytes(b"x")
    assert not takes_phrases(tmp_path), "Vosk prefers the static one"


@pytest.fixture(scope="module")
def question(shared: Path) -> bytes:
    return clips(shared / "speech" / "questions" / "manifest.tsv")[0].pcm


@pytest.fixture
async def worker(vosk_test_model: Path) -> AsyncIterator[VoskProcess]:
    process = await VoskProcess.start(vosk_test_model)
    yield process
    await process.close()


async def test_the_worker_keeps_a_second_recogniser_beside_the_free_one(
    worker: VoskProcess, question: bytes
) -> None:
    # The model has a static graph: Vosk warns, and the second recogniser hears freely, as the first.
    phrases = json.dumps(["是的", "鱻", "再说一遍"]).encode()
    assert json.loads(await worker.ask(EXPECT, 1, phrases)) == ["鱻"], "no word of the model"
    settled, pieces = [], range(0, len(question), 3200)
    for start in pieces:
        said = await worker.ask(HEAR, 1, question[start : start + 3200])
        settled += [said.strip()] * said.endswith("\n")
    held = await worker.ask(HELD, 1)
    free = " ".join(filter(None, [*settled, await worker.ask(FINISH, 1)]))
    assert held == free != ""
    assert await worker.ask(HELD, 1) == "", "it is gone with its utterance"


async def test_phrases_without_any_word_of_the_model_hold_nobody(worker: VoskProcess) -> None:
    assert json.loads(await worker.ask(EXPECT, 1, json.dumps(["鱻", "龘"]).encode())) == [
        "鱻",
        "龘",
    ]
    assert await worker.ask(HELD, 1) == ""
    assert await worker.ask(FINISH, 1) == ""


async def test_a_model_that_cannot_be_held_hears_freely(
    vosk_test_model: Path, question: bytes
) -> None:
    recogniser = await VoskRecogniser.load(vosk_test_model, model="test", silence_ms=800)
    try:
        held, free = recogniser.begin(("是的", "不对")), recogniser.begin()
        for start in range(0, len(question), 3200):
            piece = question[start : start + 3200]
            await asyncio.gather(held.hear(piece), free.hear(piece))
        assert await held.finish() == await free.finish() != ""
    finally:
        await recogniser.close()
