"""The recogniser that hears what it was told to, and the reading of whole recordings."""

from __future__ import annotations

import pytest

from speech.errors import EngineBroken
from speech.recognition import BYTES_PER_SECOND, listen
from speech.scripted_recognition import ScriptedRecogniser
from tests.sounds import without_speech

SOUND = without_speech(2)["one tone"]
SILENCE = bytes(BYTES_PER_SECOND)


async def test_transcripts_come_in_turn() -> None:
    recogniser = ScriptedRecogniser(["社保卡怎么办", "谢谢"])
    assert await listen(recogniser, SOUND) == "社保卡怎么办"
    assert await listen(recogniser, SOUND) == "谢谢"
    assert await listen(recogniser, SOUND) == "社保卡怎么办"


async def test_silence_stays_silence() -> None:
    assert await listen(ScriptedRecogniser(["社保卡怎么办"]), SILENCE) == ""


async def test_words_appear_one_after_the_other_and_speech_ends() -> None:
    utterance = ScriptedRecogniser(["社保卡怎么办"]).begin()
    shown = [(await utterance.hear(SOUND[start : start + 6400])).text for start in (0, 6400, 12800)]
    assert shown == ["社", "社保", "社保卡"]
    assert not (await utterance.hear(SILENCE[:6400])).ended
    assert (await utterance.hear(SILENCE)).ended
    assert await utterance.finish() == "社保卡怎么办"


async def test_what_is_divided_by_pauses_is_joined_with_one_mark() -> None:
    recogniser = ScriptedRecogniser(["请问一下", "公积金怎么提取？", "谢谢"])
    sound = (SOUND + SILENCE) * 3
    assert await listen(recogniser, sound) == "请问一下，公积金怎么提取？谢谢"


async def test_an_utterance_is_used_once() -> None:
    utterance = ScriptedRecogniser(["谢谢"]).begin()
    await utterance.finish()
    with pytest.raises(EngineBroken):
        await utterance.hear(SOUND)
    with pytest.raises(EngineBroken):
        await utterance.finish()
    abandoned = ScriptedRecogniser(["谢谢"]).begin()
    await abandoned.abandon()
    with pytest.raises(EngineBroken):
        await abandoned.finish()


async def test_it_tells_what_else_may_have_been_said_once_the_sentence_is_over() -> None:
    utterance = ScriptedRecogniser(["社保卡"], alternatives=["設保卡"]).begin()
    await utterance.hear(SOUND)
    assert utterance.alternatives == ()
    await utterance.finish()
    assert utterance.alternatives == ("设保卡",)
