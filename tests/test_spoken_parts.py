"""What an engine gets to hear of a stream, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.recognition import BYTES_PER_SECOND
from speech.spoken_parts import SILENCE_HEARD_MS, SpokenParts
from speech.voice_activity import VoiceActivity
from tests.sounds import Clip, clips, without_speech

PIECE = BYTES_PER_SECOND // 5


@pytest.fixture(scope="module")
def voice_activity() -> VoiceActivity:
    return VoiceActivity()


@pytest.fixture(scope="module")
def people(shared: Path) -> list[Clip]:
    return clips(shared / "speech" / "human" / "manifest.tsv")


def heard(voice_activity: VoiceActivity, sound: bytes) -> bytes:
    voice = voice_activity.stream()
    spoken = SpokenParts(voice)
    passed = b""
    for start in range(0, len(sound), PIECE):
        piece = sound[start : start + PIECE]
        voice.hear(piece)
        passed += spoken.take(piece)
    return passed


def test_everything_that_was_spoken_is_heard_and_little_else(
    voice_activity: VoiceActivity, people: list[Clip]
) -> None:
    for clip in people:
        voice = voice_activity.voice_in(clip.pcm)
        assert voice is not None
        # 200 ms before the first sound that is known for a voice, too.
        words = clip.pcm[max(0, voice.start_ms - 200) * 32 : voice.end_ms * 32]
        passed = heard(voice_activity, bytes(5 * BYTES_PER_SECOND) + clip.pcm + bytes(320_000))
        assert words in passed, clip.path.name
        assert len(passed) < len(clip.pcm) + 1.7 * BYTES_PER_SECOND


def test_both_sides_of_a_long_pause_are_heard(
    voice_activity: VoiceActivity, people: list[Clip]
) -> None:
    one, other = (
        clip.pcm[voice.start_ms * 32 : voice.end_ms * 32]
        for clip in people[:2]
        if (voice := voice_activity.voice_in(clip.pcm))
    )
    pause = bytes(3 * BYTES_PER_SECOND)
    passed = heard(voice_activity, one + pause + other)
    assert passed.startswith(one)
    assert passed.endswith(other)
    between = len(passed) - len(one) - len(other)
    assert SILENCE_HEARD_MS * 32 <= between < BYTES_PER_SECOND * 2


@pytest.mark.parametrize("name", ["digital silence", "quiet white noise", "mains hum"])
def test_a_room_in_which_nobody_speaks_is_not_heard(
    voice_activity: VoiceActivity, name: str
) -> None:
    assert heard(voice_activity, without_speech(5)[name]) == b""
