"""Prepared speech: made once, found again, bounded, and never kept where it must not be."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import numpy as np
import pytest

from speech.audio import read_recording
from speech.mp3 import BIT_RATE, mp3_of
from speech.prepared import MOST_WORTH_S, PreparedSpeech
from speech.recognition import BYTES_PER_SECOND
from speech.silent_synthesis import SilentSynthesiser
from speech.synthesis import Sound


class CountingSynthesiser(SilentSynthesiser):
    """Counts how often it was asked, and takes its time."""

    def __init__(self) -> None:
        self.asked = 0

    async def speak(self, text: str, *, voice: str | None = None, rate: float = 1.0) -> Sound:
        self.asked += 1
        await asyncio.sleep(0)
        return await super().speak(text, voice=voice, rate=rate)


@pytest.fixture
def engine() -> CountingSynthesiser:
    return CountingSynthesiser()


async def test_what_was_said_is_found_again_after_a_restart(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    said = await PreparedSpeech(tmp_path, engine, 10**7).speak("您好")
    after = PreparedSpeech(tmp_path, engine, 10**7)
    assert after.is_prepared("您好")
    assert await after.speak("您好") == said
    assert engine.asked == 1


async def test_rate_and_voice_and_text_are_different_sounds(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    await speech.speak("您好")
    assert not speech.is_prepared("您好", rate=0.8)
    assert not speech.is_prepared("您好", voice="another")
    assert not speech.is_prepared("你好")


async def test_two_at_once_are_made_once(tmp_path: Path, engine: CountingSynthesiser) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    sounds = await asyncio.gather(*(speech.speak("同一句话") for _ in range(5)))
    assert engine.asked == 1
    assert len(set(sounds)) == 1


async def test_who_is_slow_to_look_does_not_have_it_made_again(
    tmp_path: Path, engine: CountingSynthesiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two threads that look finds nothing, and says so only when the other's is made."""
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    looked: list[int] = []

    def read_late(path: Path) -> Sound | None:
        looked.append(len(looked))
        known = PreparedSpeech._read(speech, path)
        if len(looked) == 2:
            time.sleep(0.3)
        return known

    monkeypatch.setattr(speech, "_read", read_late)
    await asyncio.gather(speech.speak("同一句话"), speech.speak("同一句话"))
    assert engine.asked == 1


async def test_a_listener_who_leaves_takes_nothing_from_the_others(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    leaving = asyncio.create_task(speech.speak("同一句话"))
    staying = asyncio.create_task(speech.speak("同一句话"))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).seconds > 0


async def test_words_that_are_not_kept_leave_no_file(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    await PreparedSpeech(tmp_path, engine, 10**7).speak("身份证号码", keep=False)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_spoilt_file_is_made_again(tmp_path: Path, engine: CountingSynthesiser) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    said = await speech.speak("您好")
    for spoilt in (b"", b"RIFF", said.wav()[:-100], Sound(b"", said.sample_rate).wav()):
        engine.asked = 0
        for file in tmp_path.rglob("*.wav"):
            file.write_bytes(spoilt)
        assert await speech.speak("您好") == said
        assert engine.asked == 1


async def test_a_disk_that_cannot_be_written_silences_nobody(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path / "gone", engine, 10**7)
    (tmp_path / "gone").rmdir()
    (tmp_path / "gone").write_bytes(b"a file in the way")
    assert (await speech.speak("您好")).seconds > 0
    assert not speech.is_prepared("您好")


async def test_what_was_left_unfinished_counts_and_goes(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 200_000)
    left = tmp_path / "ab" / "tmp0"
    left.parent.mkdir()
    left.write_bytes(bytes(300_000))
    await speech.speak("您好")
    assert not left.exists()


async def test_the_disk_never_holds_more_than_the_limit(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 200_000)
    for number in range(40):
        await speech.speak(f"第{number}句话要说的内容")
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.wav")) <= 200_000
    assert speech.is_prepared("第39句话要说的内容")
    assert not speech.is_prepared("第0句话要说的内容")


async def test_what_is_asked_most_stays_though_others_were_asked_later(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 200_000)
    for _ in range(4):
        await speech.speak("居住证在哪里办理")
    # Another process, or this one after a restart, knows of it.
    after = PreparedSpeech(tmp_path, engine, 200_000)
    for number in range(40):
        await after.speak(f"第{number}句话要说的内容")
    assert after.is_prepared("居住证在哪里办理")
    assert not after.is_prepared("第0句话要说的内容")


async def test_what_was_asked_often_long_ago_makes_room(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 200_000)
    for _ in range(4):
        await speech.speak("去年的问题")
    [kept] = tmp_path.rglob("*.wav")
    long_ago = kept.stat().st_mtime - MOST_WORTH_S
    os.utime(kept, (long_ago, long_ago))
    for number in range(40):
        await speech.speak(f"第{number}句话要说的内容")
    assert not speech.is_prepared("去年的问题")


async def test_what_no_notice_says_any_more_is_forgotten(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    for owner in ("notice:1", "notice:2", "question:1"):
        await speech.speak("同一句话", owner=owner)
    await speech.forget_all_but("notice", {2})
    assert not speech.is_prepared("同一句话", owner="notice:1")
    assert speech.is_prepared("同一句话", owner="notice:2")
    assert speech.is_prepared("同一句话", owner="question:1")


async def test_an_owner_is_forgotten_with_every_voice_and_rate_and_nobody_else(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    for owner in ("document:1", "document:12", ""):
        for rate in (0.8, 1.0):
            await speech.speak("同一句话", rate=rate, owner=owner)
    assert engine.asked == 6
    await speech.forget("document:1", "question:1")
    assert not speech.is_prepared("同一句话", owner="document:1")
    assert not speech.is_prepared("同一句话", rate=0.8, owner="document:1")
    assert speech.is_prepared("同一句话", owner="document:12")
    assert speech.is_prepared("同一句话")
    await speech.forget_everything()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_what_is_being_made_when_it_is_forgotten_is_heard_and_not_kept(
    tmp_path: Path,
) -> None:
    class Waiting(SilentSynthesiser):
        may_finish = asyncio.Event()

        async def speak(self, text: str, *, voice: str | None = None, rate: float = 1.0) -> Sound:
            await self.may_finish.wait()
            return await super().speak(text, voice=voice, rate=rate)

    engine = Waiting()
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    speaking = asyncio.create_task(speech.speak("撤下的话", owner="question:3"))
    other = asyncio.create_task(speech.speak("留下的话", owner="question:4"))
    async with asyncio.timeout(10):
        while len(speech._making) < 2:  # noqa: ASYNC110 - nothing else tells.
            await asyncio.sleep(0.01)
    await speech.forget("question:3")
    engine.may_finish.set()
    assert (await speaking).pcm
    assert (await other).pcm
    assert not speech.is_prepared("撤下的话", owner="question:3")
    assert speech.is_prepared("留下的话", owner="question:4")


@pytest.mark.parametrize("owner", ["../x", "document:1/..", "DOCUMENT:1", "a:b"])
async def test_an_owner_is_no_way_out_of_the_folder(
    tmp_path: Path, engine: CountingSynthesiser, owner: str
) -> None:
    with pytest.raises(ValueError, match="owner"):
        await PreparedSpeech(tmp_path, engine, 10**7).speak("您好", owner=owner)


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 24_000])
def test_mp3_lasts_as_long_as_what_it_was_made_of(sample_rate: int) -> None:
    tone = np.sin(np.arange(3 * sample_rate) * 2 * np.pi * 440 / sample_rate) * 9000
    mp3 = mp3_of(Sound(tone.astype("<i2").tobytes(), sample_rate))
    assert len(read_recording(mp3)) / BYTES_PER_SECOND == pytest.approx(3, abs=0.2)
    assert len(mp3) < 3 * BIT_RATE / 8 * 1.2
    assert mp3_of(Sound(b"", sample_rate))


async def test_mp3_is_kept_beside_its_sound_and_forgotten_with_it(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    first, second = await asyncio.gather(
        *(speech.speak_mp3("同一句话", owner="document:3") for _ in range(2))
    )
    assert first == second == await speech.speak_mp3("同一句话", owner="document:3")
    assert engine.asked == 1
    assert sorted(path.suffix for path in (tmp_path / "document-3").iterdir()) == [".mp3", ".wav"]
    await speech.forget("document:3")
    assert not (tmp_path / "document-3").exists()


async def test_mp3_for_one_person_leaves_no_trace(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    assert await speech.speak_mp3("您的问题已经答复。", keep=False)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_mp3_that_is_being_made_is_forgotten_too(
    tmp_path: Path, engine: CountingSynthesiser
) -> None:
    speech = PreparedSpeech(tmp_path, engine, 10**7)
    making = asyncio.create_task(speech.speak_mp3("同一句话", owner="document:3"))
    while engine.asked == 0:  # noqa: ASYNC110 - it is over in a moment.
        await asyncio.sleep(0)
    await speech.forget("document:3")
    assert await making
    assert not list(tmp_path.glob("document-3/*"))
