"""A pause ends what somebody says sooner or later, by how they speak."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.pauses import LONGEST_MS, Pauses

ENGINE_MS = 900
"""The silence after which the recogniser takes everybody to have finished."""
STEP_MS = 100


def ends_after(pauses: Pauses, text: str, *before: int, speech_ms: int = 2_000) -> int:
    """Return the silence that ends an utterance with some pauses in it, in milliseconds."""
    pauses.begin()
    sound = 0
    for pause in (*before, 10_000):
        for _ in range(speech_ms // STEP_MS):
            sound += STEP_MS
            assert not pauses.has_finished(text, 0, sound, engine_ended=False)
        for silence in range(STEP_MS, pause + 1, STEP_MS):
            sound += STEP_MS
            if pauses.has_finished(text, silence, sound, engine_ended=silence >= ENGINE_MS):
                pauses.end()
                return silence
    raise AssertionError("it never ended")


QUESTION = "申请政府信息公开要收费吗"


@pytest.mark.parametrize(
    ("text", "before", "wanted"),
    [
        pytest.param(QUESTION, [], 900, id="as the recogniser thinks"),
        pytest.param(QUESTION * 2, [200, 200], 900, id="silences between words are no pauses"),
        pytest.param(QUESTION * 2, [800], 1_200, id="who paused nearly as long is given more"),
        pytest.param("我想问一下关于", [], 1_700, id="more must come after 关于"),
        pytest.param("申请公开的，", [], 1_700, id="and after 的"),
        pytest.param("申请公开", [], 1_300, id="four characters in two seconds are slow"),
        pytest.param("", [], 900, id="an engine that tells no words"),
    ],
)
def test_a_pause_ends_speech(text: str, before: Sequence[int], wanted: int) -> None:
    assert ends_after(Pauses(), text, *before) == wanted


def test_who_pauses_ever_longer_is_waited_for_up_to_a_bound() -> None:
    pauses = Pauses()
    found = ends_after(pauses, QUESTION * 5, 800, 1_100, 1_500, 2_000, speech_ms=2_000)
    assert found == LONGEST_MS


def test_the_next_utterance_profits_from_the_ones_before() -> None:
    pauses = Pauses()
    assert ends_after(pauses, QUESTION * 2, 800) == 1_200
    assert ends_after(pauses, QUESTION) == 1_200
    for _ in range(5):
        ends_after(pauses, QUESTION)
    assert ends_after(pauses, QUESTION) == 900, "who speaks fluently now is not kept waiting"


def test_an_engine_that_does_not_tell_pauses_is_believed() -> None:
    pauses = Pauses()
    assert pauses.has_finished("关于", None, 1_000, engine_ended=True)
    assert not pauses.has_finished(QUESTION, None, 1_000, engine_ended=False)


def test_noise_that_hides_the_pause_does_not_keep_speech_open() -> None:
    pauses = Pauses()
    ended = [
        pauses.has_finished("申请公开的", 100, 3_000 + STEP_MS * step, engine_ended=True)
        for step in range(30)
    ]
    assert ended.index(True) * STEP_MS <= LONGEST_MS
