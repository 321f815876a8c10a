"""What a hall brings to a microphone beside questions, on the real Vosk engine and a real library.

Nothing of it is answered as if it had been asked. The clips are made here, of noises and of the
shared ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from speech.vosk_recognition import VoskRecogniser
from tests.doors import Doors, open_doors
from tests.sounds import RATE, Samples, clips, pcm_of, without_speech
from tests.voice_page import page_of

_MADE = np.random.default_rng(174)


@pytest.fixture(scope="module")
def voices(shared: Path) -> list[Samples]:
    spoken = clips(shared / "speech" / "questions" / "manifest.tsv")[:6]
    return [np.frombuffer(clip.pcm, dtype="<i2") / 32768 for clip in spoken]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("bad-sound")) as opened:
        loading = VoskRecogniser.load(vosk_test_model, model="test", silence_ms=800)
        opened.context.parts.recogniser = opened.run(loading)
        yield opened


def burst(seconds: float, falls: float) -> Samples:
    time = np.arange(int(seconds * RATE)) / RATE
    return _MADE.standard_normal(len(time)) * np.exp(-falls * time) * 0.5


def pause(seconds: float) -> Samples:
    return _MADE.standard_normal(int(seconds * RATE)) * 0.001


def cough() -> Samples:
    return np.concatenate([pause(0.5), burst(0.12, 30), pause(0.15), burst(0.18, 20), pause(0.5)])


def laughter() -> Samples:
    time = np.arange(int(0.11 * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 290 * over * time) / over for over in range(1, 8))
    ha = (tone * 0.1 + _MADE.standard_normal(len(time)) * 0.05) * np.hanning(len(time))
    return np.concatenate([np.concatenate([ha, pause(0.1)]) for _ in range(8)])


def scream() -> Samples:
    time = np.arange(2 * RATE) / RATE
    pitch = 2 * np.pi * np.cumsum(1100 + 120 * np.sin(2 * np.pi * 6 * time)) / RATE
    return np.asarray(sum(np.sin(pitch * over) / over for over in range(1, 6)) * 0.3)


def without_pauses(sound: Samples) -> Samples:
    blocks = sound[: len(sound) // 800 * 800].reshape(-1, 800)
    return np.asarray(blocks[np.abs(blocks).max(axis=1) > 0.02].reshape(-1))


def together(*sounds: Samples) -> Samples:
    mixed = np.zeros(max(map(len, sounds)))
    for sound in sounds:
        mixed[: len(sound)] += sound
    return mixed


def heard(doors: Doors, pcm: bytes) -> dict[str, object]:
    """Return the last message that a sound gets."""
    with page_of(doors) as page:
        page.send(type="start")
        page.sound(pcm)
        page.send(type="stop")
        while (message := page.receive())["type"] not in {"reply", "not_heard", "command", "error"}:
            pass
    return message


def made(name: str, voices: list[Samples]) -> Samples:
    """Return a sound by its name."""
    one, other, third = voices[:3]
    music = np.frombuffer(without_speech(8)["a melody"], dtype="<i2") / 32768
    return {
        "two people talking": lambda: together(one, other),
        "a television": lambda: together(third * 0.15, other * 0.1, music[: len(third)] * 0.15),
        "a cough": cough,
        "laughter": laughter,
        "a child's scream": scream,
        "no Mandarin at all": lambda: one[::-1],
        "another language in the middle": lambda: np.concatenate(
            [one[: len(one) // 2], other[::-1], one[len(one) // 2 :]]
        ),
    }[name]()


@pytest.mark.parametrize(
    "name",
    ["two people talking", "a television", "a cough", "laughter", "a child's scream"]
    + ["no Mandarin at all", "another language in the middle"],
)
def test_what_is_no_question_is_not_answered_as_one(
    doors: Doors, voices: list[Samples], name: str
) -> None:
    message = heard(doors, pcm_of(made(name, voices)))
    assert message["type"] in {"reply", "not_heard"}
    assert message.get("decision") != "answer"


@pytest.mark.parametrize("name", ["a cough", "a child's scream"])
def test_a_noise_before_a_question_does_not_hide_it(
    doors: Doors, voices: list[Samples], name: str
) -> None:
    alone = heard(doors, pcm_of(voices[0]))
    after = heard(doors, pcm_of(np.concatenate([made(name, voices), pause(0.4), voices[0]])))
    assert after["type"] == "reply"
    assert str(after["transcript"])[-5:] == str(alone["transcript"])[-5:]


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        pytest.param(bytes(RATE * 2 * 4), "dead_microphone", id="zeros"),
        pytest.param(b"\x10\x00" * RATE * 4, "dead_microphone", id="a constant"),
        pytest.param(without_speech(2)["quiet white noise"], "too_quiet", id="an empty room"),
        pytest.param(pcm_of(_MADE.standard_normal(RATE * 2) * 3), "too_loud", id="only roaring"),
    ],
)
def test_the_reason_is_told(doors: Doors, sound: bytes, reason: str) -> None:
    message = heard(doors, sound)
    assert message["type"] == "not_heard"
    assert message["reason"] == reason
    assert message["offers_staff"] is (reason == "dead_microphone")


def test_a_dead_microphone_is_told_while_the_button_is_held(doors: Doors) -> None:
    with page_of(doors) as page:
        page.send(type="start")
        page.sound(bytes(RATE * 2 * 4))  # Nobody says stop.
        assert page.until("ended")[-1]["reason"] == "no_sound"
        assert page.receive()["reason"] == "dead_microphone"


def test_ten_minutes_without_a_pause_end_after_half_a_minute(
    doors: Doors, voices: list[Samples]
) -> None:
    talk = pcm_of(without_pauses(np.concatenate(voices)))
    wanted = RATE * 2 * 600
    sound = talk * (wanted // len(talk) + 1)
    with page_of(doors) as page:
        page.send(type="start")
        for start in range(0, wanted, 64_000):
            page.connection.send(sound[start : start + 64_000])
        page.send(type="stop")
        assert page.until("ended")[-1]["reason"] == "too_long"
        assert page.until("reply")[-1]["type"] == "reply"
        page.send(type="ask", text="申请公开要收费吗")
        assert page.until("reply")[-1]["transcript"] == "申请公开要收费吗"
    assert doors.context.places.taken == 0
