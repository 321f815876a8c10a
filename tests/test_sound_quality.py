"""Dead, too loud, too quiet: what samples alone tell of a sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speech.sound_quality import Fault, SoundQuality
from tests.sounds import RATE, clips, pcm_of, without_speech


def judged(pcm: bytes, piece: int = 3_200) -> SoundQuality:
    quality = SoundQuality()
    for start in range(0, len(pcm), piece):
        quality.hear(pcm[start : start + piece])
    return quality


def louder(pcm: bytes, times: float) -> bytes:
    return pcm_of(np.frombuffer(pcm, dtype="<i2") / 32768 * times)


@pytest.fixture(scope="module")
def spoken(shared: Path) -> list[bytes]:
    folder = shared / "speech"
    found = clips(folder / "human" / "manifest.tsv")
    found += clips(folder / "questions" / "manifest.tsv")[:10]
    return [clip.pcm for clip in found]


def test_real_and_synthetic_speech_is_as_it_should_be(spoken: list[bytes]) -> None:
    assert {judged(pcm).fault for pcm in spoken} == {None}


@pytest.mark.parametrize("level", [0, 12, -32768], ids=["zeros", "a constant", "the lowest value"])
def test_a_microphone_that_gives_nothing_is_dead_after_three_seconds(level: int) -> None:
    sound = np.full(RATE * 3, level, dtype="<i2").tobytes()
    assert judged(sound).fault is Fault.DEAD_MICROPHONE
    assert not judged(sound[: RATE * 2 * 29 // 10]).is_dead


def test_a_quiet_room_is_no_dead_microphone(spoken: list[bytes]) -> None:
    room = without_speech()["quiet white noise"]
    assert not judged(room).is_dead
    assert not judged(bytes(RATE * 8) + spoken[0]).is_dead, "it came alive in the meantime"


def test_speech_that_is_cut_off_at_the_top_is_too_loud(spoken: list[bytes]) -> None:
    assert {judged(louder(pcm, 20)).fault for pcm in spoken} == {Fault.TOO_LOUD}


def test_speech_that_hardly_moves_is_too_quiet(spoken: list[bytes]) -> None:
    assert {judged(louder(pcm, 0.01)).fault for pcm in spoken} == {Fault.TOO_QUIET}


def test_pieces_of_any_length_give_the_same_judgement(spoken: list[bytes]) -> None:
    loud = louder(spoken[0], 20)
    assert judged(loud, 333).fault is judged(loud, 64_000).fault is Fault.TOO_LOUD
    assert judged(b"").fault is None
