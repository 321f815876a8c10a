"""Whether a person speaks, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.recognition import BYTES_PER_SECOND
from speech.voice_activity import VoiceActivity
from speech.voice_recording import LONGEST_MS, VoiceRecording
from tests.sounds import Clip, clips, without_speech


@pytest.fixture(scope="module")
def voice_activity() -> VoiceActivity:
    return VoiceActivity()


@pytest.fixture(scope="module")
def everybody(shared: Path) -> list[Clip]:
    speech = shared / "speech"
    people = clips(speech / "human" / "manifest.tsv")
    return [*people, *clips(speech / "questions" / "manifest.tsv")]


def test_every_speaker_is_noticed(voice_activity: VoiceActivity, everybody: list[Clip]) -> None:
    unnoticed = [clip.path.name for clip in everybody if not voice_activity.voice_in(clip.pcm)]
    assert unnoticed == []


@pytest.mark.parametrize("name", list(without_speech(0.5)))
def test_what_is_no_speech_is_not_taken_for_it(voice_activity: VoiceActivity, name: str) -> None:
    assert voice_activity.voice_in(without_speech(10)[name]) is None


def test_silence_is_cut_off_both_ends(voice_activity: VoiceActivity, everybody: list[Clip]) -> None:
    clip = everybody[0]
    alone = voice_activity.voice_in(clip.pcm)
    padded = voice_activity.voice_in(bytes(2 * BYTES_PER_SECOND) + clip.pcm + bytes(64_000))
    assert alone is not None
    assert padded is not None
    assert padded.start_ms == pytest.approx(alone.start_ms + 2000, abs=100)
    assert padded.end_ms == pytest.approx(alone.end_ms + 2000, abs=100)


@pytest.mark.parametrize("size", [1, 777, 1024, 32_000])
def test_pieces_of_any_length_tell_the_same(
    voice_activity: VoiceActivity, everybody: list[Clip], size: int
) -> None:
    pcm = everybody[0].pcm[: BYTES_PER_SECOND if size == 1 else None]
    stream = voice_activity.stream()
    for start in range(0, len(pcm), size):
        stream.hear(pcm[start : start + size])
    assert stream.voice == voice_activity.voice_in(pcm)


def test_streams_do_not_disturb_each_other(
    voice_activity: VoiceActivity, everybody: list[Clip]
) -> None:
    speaking, silent = voice_activity.stream(), voice_activity.stream()
    pcm = everybody[0].pcm
    for start in range(0, len(pcm), 3200):
        speaking.hear(pcm[start : start + 3200])
        silent.hear(bytes(3200))
    assert speaking.voice == voice_activity.voice_in(pcm)
    assert silent.voice is None


def test_a_click_long_before_the_question_is_not_its_beginning(
    voice_activity: VoiceActivity, everybody: list[Clip]
) -> None:
    clip = everybody[4]
    voice = voice_activity.voice_in(clip.pcm)
    assert voice is not None
    # A tenth of a second of a word, and then five seconds of nothing.
    snippet = clip.pcm[voice.start_ms * 32 : voice.start_ms * 32 + 3200]
    sound = snippet + bytes(5 * BYTES_PER_SECOND) + clip.pcm
    found = voice_activity.voice_in(sound)
    assert found is not None
    assert found.start_ms > 5000


def test_a_recording_keeps_the_question_and_not_the_silence_before(
    voice_activity: VoiceActivity, everybody: list[Clip]
) -> None:
    clip = everybody[0]
    recording = VoiceRecording(voice_activity)
    for _ in range(30):
        recording.hear(bytes(BYTES_PER_SECOND))
    assert recording.spoken() == b""
    recording.hear(clip.pcm)
    spoken = recording.spoken()
    assert len(spoken) <= len(clip.pcm) + 2 * BYTES_PER_SECOND
    middle = clip.pcm[len(clip.pcm) // 2 :][:6400]
    assert middle in spoken, "what was said is kept bit by bit"


def test_a_recording_is_full_after_its_longest_time(
    voice_activity: VoiceActivity, everybody: list[Clip]
) -> None:
    recording = VoiceRecording(voice_activity)
    recording.hear(everybody[2].pcm * 10)
    assert recording.ended(silence_ms=100_000)
    assert len(recording.spoken()) <= (LONGEST_MS + 1000) * BYTES_PER_SECOND // 1000
