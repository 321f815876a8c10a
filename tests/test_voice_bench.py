"""What the voice benchmark does to recordings, and how it counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.voice.accent import accented, accented_syllable
from bench.voice.conditions import Condition, altered, chance_for, in_room, with_noise
from bench.voice.deciding import Outcome
from bench.voice.document_numbers import asked_for, beside
from bench.voice.figures import Group, distance, letters
from bench.voice.hearing import Ear, Hearing
from bench.voice.results import Result, as_tables, wrong_share
from bench.voice.shortened import fallen
from bench.voice.sound import (
    Samples,
    band,
    from_pcm,
    onset,
    power,
    resampled,
    stretched,
    to_pcm,
)
from bench.voice.split import Half, half_of
from search.document_number import find_numbers
from speech.recognition import SAMPLE_RATE, Heard


def _tone(hertz: float, seconds: float = 2.0, loud: float = 0.3) -> Samples:
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return loud * np.sin(2 * np.pi * hertz * times)


def _strongest(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)[int(np.argmax(spectrum))])


@pytest.fixture(scope="module")
def others() -> list[Samples]:
    """Who talks in the hall."""
    return [_tone(hertz, 1.5) for hertz in (210, 330, 440, 550, 660, 770)]


@pytest.mark.parametrize("decibels", [20, 15, 10])
def test_noise_is_as_far_below_the_voice_as_it_says(decibels: float, others: list[Samples]) -> None:
    voice = _tone(1_000, loud=0.1)
    noisy = with_noise(voice, others, decibels, np.random.default_rng(1))
    measured = 10 * np.log10(power(voice) / power(noisy - voice))
    assert measured == pytest.approx(decibels, abs=0.05)


@pytest.mark.parametrize("condition", list(Condition))
def test_a_condition_is_the_same_every_time_and_another_for_another_clip(
    condition: Condition, others: list[Samples]
) -> None:
    voice = _tone(1_000)
    once, again, other = (
        to_pcm(altered(voice, condition, others, chance_for(clip, condition)))
        for clip in ("k000.wav", "k000.wav", "k001.wav")
    )
    assert once == again
    drawn = {
        Condition.NOISE_20, Condition.NOISE_15, Condition.NOISE_10, Condition.REVERBERATION,
        Condition.NOISE_15_REVERBERATION, Condition.FAR, Condition.CLIPPED_START,
    }  # fmt: skip
    assert (once != other) is (condition in drawn)


def test_a_room_goes_on_sounding_and_keeps_the_loudness() -> None:
    click = np.zeros(SAMPLE_RATE)
    click[100] = 0.5
    heard = in_room(click, 0.5, 3.0, np.random.default_rng(1))
    assert len(heard) == SAMPLE_RATE + SAMPLE_RATE // 2 - 1
    assert power(heard[100 : 100 + 4_000]) > 100 * power(heard[100 + 6_000 : 100 + 8_000])
    voice = _tone(500)
    # The level is that of the whole, tail included.
    assert power(in_room(voice, 0.5, 3.0, np.random.default_rng(1))) == pytest.approx(
        power(voice), rel=1e-6
    )


def test_a_telephone_carries_nothing_below_300_or_above_3400_hertz(others: list[Samples]) -> None:
    def heard(hertz: float) -> float:
        chance = chance_for("a", Condition.TELEPHONE)
        return power(altered(_tone(hertz), Condition.TELEPHONE, others, chance))

    assert heard(1_000) > 0.5 * power(_tone(1_000))
    assert heard(100) < 0.01 * heard(1_000)
    assert heard(5_000) < 0.01 * heard(1_000)


def test_a_clipped_start_takes_150_to_300_ms_of_the_voice(others: list[Samples]) -> None:
    silence = np.zeros(SAMPLE_RATE // 2)
    clip = np.concatenate([silence, _tone(1_000)])
    assert onset(clip) == len(silence)
    for name in ("a", "b", "c"):
        chance = chance_for(name, Condition.CLIPPED_START)
        cut = len(clip) - len(altered(clip, Condition.CLIPPED_START, others, chance))
        assert 0.15 <= (cut - len(silence)) / SAMPLE_RATE <= 0.30


def test_loud_is_cut_off_at_full_scale(others: list[Samples]) -> None:
    loud = altered(_tone(1_000), Condition.LOUD, others, chance_for("a", Condition.LOUD))
    assert np.mean(np.abs(loud) == 1.0) > 0.5


def test_slow_speech_lasts_longer_at_the_same_pitch() -> None:
    voice = _tone(440)
    slow = stretched(voice, 1 / 0.7)
    assert len(slow) == pytest.approx(len(voice) / 0.7, abs=1)
    assert _strongest(slow) == pytest.approx(440, abs=3)
    middle = slow[SAMPLE_RATE // 2 : -SAMPLE_RATE // 2]
    assert power(middle) == pytest.approx(power(voice), rel=0.1)


def test_resampling_keeps_what_both_rates_can_carry() -> None:
    assert _strongest(resampled(_tone(440), SAMPLE_RATE, 8_000)) == pytest.approx(880)
    back = resampled(resampled(_tone(440), SAMPLE_RATE, 8_000), 8_000, SAMPLE_RATE)
    assert np.allclose(back, _tone(440), atol=1e-6)
    assert power(band(_tone(6_000), 0, 4_000)) < 1e-6


def test_pcm_comes_back_as_it_was() -> None:
    pcm = np.array([-32768, -1, 0, 1, 32767], dtype="<i2").tobytes()
    assert to_pcm(from_pcm(pcm)) == pcm


@pytest.mark.parametrize(
    ("standard", "there"),
    [
        pytest.param("zhong4", "zong2", id="zh as z, the fourth tone rises"),
        pytest.param("chang2", "cang3", id="ch as c, the second tone is low"),
        pytest.param("shi4", "si2", id="sh as s"),
        pytest.param("nan2", "lan3", id="n as l"),
        pytest.param("jing1", "jin1", id="ing as in"),
        pytest.param("sheng3", "sen4", id="eng as en, the third tone falls"),
        pytest.param("hu2", "fu3", id="hu as fu, for everybody"),
        pytest.param("hui4", "fei2", id="hui as fei, for some"),
        pytest.param("hao3", "hao4", id="h elsewhere stays"),
        pytest.param("er2", "er3", id="no initial"),
        pytest.param("nü3", "lü4", id="nü as lü"),
    ],
)
def test_sichuan_merges_what_it_merges(standard: str, there: str) -> None:
    assert accented_syllable(standard, f_for_hu=True) == there


def test_not_everybody_says_fei_for_hui_and_pauses_stay() -> None:
    said = [("hui4", "hu2"), (",",), ("A",)]
    assert accented(said, f_for_hu=False) == [("hui2", "fu3"), (",",), ("A",)]


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        pytest.param("申请公开", "申请公开", 0, id="the same"),
        pytest.param("申请公开", "深情公开", 2, id="two others"),
        pytest.param("申请公开", "申请公开吗", 1, id="one too many"),
        pytest.param("申请公开", "公开", 2, id="two lost"),
        pytest.param("申请公开", "", 4, id="nothing heard"),
    ],
)
def test_errors_are_counted_character_by_character(said: str, heard: str, errors: int) -> None:
    assert distance(said, heard) == errors


def test_spelling_is_no_mistake_of_hearing() -> None:
    assert letters("２０２１年，申請公開？") == letters("二零二一年申请公开")


def test_the_split_is_kept_and_covers_unknown_questions(shared: Path) -> None:
    lines = (shared / "speech" / "questions" / "manifest.tsv").read_text(encoding="utf-8")
    ids = [line.split("\t")[3] for line in lines.splitlines()[1:]]
    halves = [half_of(qa_id) for qa_id in ids]
    assert halves.count(Half.TUNING) + halves.count(Half.HELD_OUT) == 200
    assert 80 <= halves.count(Half.TUNING) <= 120
    assert half_of("an id of another manifest") in Half


def test_the_document_numbers_are_enough_and_told_apart() -> None:
    numbers = [one.number for one in asked_for()]
    assert len(set(numbers)) >= 60
    assert not set(numbers) & set(beside())
    assert all(find_numbers(number) for number in [*numbers, *beside()])


class _Engine:
    """Hears as many words as it was given pieces, and was begun as often as it says."""

    name, model, streams = "counting", "none", False

    def __init__(self) -> None:
        self.begun = 0

    def begin(self, phrases: object = ()) -> _Engine:
        self.begun += 1
        self.alternatives: tuple[str, ...] = ("别的",)
        return self

    async def hear(self, pcm: bytes) -> Heard:
        return Heard("")

    async def finish(self) -> str:
        return f"第{self.begun}次"

    async def abandon(self) -> None:
        pass

    async def close(self) -> None:
        pass


async def test_an_engine_is_asked_once_about_a_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.voice.hearing.CACHE", tmp_path)
    engine = _Engine()
    ear = Ear(engine)
    first = await ear.hear(b"\0" * 3200)
    assert (first.text, first.alternatives) == ("第1次", ("别的",))
    assert await ear.hear(b"\0" * 3200) == first
    assert engine.begun == 1
    assert ear.knows(b"\0" * 3200) and not ear.knows(b"\0" * 6400)
    assert (await Ear(engine, again=True).hear(b"\0" * 3200)).text == "第2次"
    assert (await Ear(engine, keeps=False).hear(b"\0" * 3200)).text == "第3次"
    assert await ear.hear(b"\0" * 3200) != Hearing("第3次", (), 0.0)


def test_a_figure_may_fall_by_three_points_and_no_more() -> None:
    record = {"a": 0.95, "b": 0.5}
    assert fallen({"a": 0.92, "b": 0.9}, record) == []
    assert len(fallen({"a": 0.919, "b": 0.5}, record)) == 1
    assert len(fallen({"a": 0.95}, record)) == 1


def test_a_group_says_what_spoken_is_of_typed_and_the_table_shows_it() -> None:
    hits = {
        f"{by}{way}, {how}": [0.5, 0.6, share]
        for by in ("", "answer by ")
        for way in ("ours", "characters", "characters+sounds")
        for how, share in (("typed", 0.8), ("spoken", 0.6))
    }
    ends = {Outcome.RIGHT.value: 3, Outcome.WRONG.value: 1}
    group = Group(4, 0.25, hits, ends, 800.0, 1.0, 2.0)
    assert group.ratio() == pytest.approx(0.75)
    assert group.share(Outcome.RIGHT, Outcome.WRONG) == 1.0
    result = Result(engine="vosk", inside={"clean": {"both": group}}, small_talk={"refused": 9})
    tables = as_tables(result)
    assert "| clean | both | 4 | 0.250 |" in tables
    assert "0.750 | ≥ 0.97 |" in tables
    assert wrong_share({Outcome.WRONG.value: 1, Outcome.REFUSED.value: 3}) == 0.25
