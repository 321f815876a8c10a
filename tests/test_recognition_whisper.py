"""The real whisper-base, on people, on synthetic voices and on what is no speech."""

from __future__ import annotations

import asyncio
import shutil
import statistics
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import opencc
import pytest
import pytest_asyncio

from speech.errors import EngineBroken, EngineBusy
from speech.model_catalogue import WHISPER
from speech.model_store import ModelStore
from speech.recognition import BYTES_PER_SECOND, listen
from speech.whisper_recognition import MOST_WAITING, WhisperRecogniser
from speech.written_text import written_form
from tests.sounds import Clip, clips, error_rate, pcm_of, without_speech

SILENCE_MS = 800
PIECE = BYTES_PER_SECOND // 10


@pytest.fixture(scope="module")
def whisper_dir(model_store: ModelStore) -> Path:
    return model_store.obtain(WHISPER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whisper(whisper_dir: Path) -> AsyncIterator[WhisperRecogniser]:
    recogniser = await WhisperRecogniser.load(whisper_dir, model=WHISPER, silence_ms=SILENCE_MS)
    yield recogniser
    await recogniser.close()


in_one_loop = pytest.mark.asyncio(loop_scope="module")
"""The model is loaded once for all tests, in the loop that they share."""


@pytest.fixture(scope="module")
def people(shared: Path) -> list[Clip]:
    return clips(shared / "speech" / "human" / "manifest.tsv")


@pytest.fixture(scope="module")
def questions(shared: Path) -> list[Clip]:
    return clips(shared / "speech" / "questions" / "manifest.tsv")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def heard(
    whisper: WhisperRecogniser, people: list[Clip], questions: list[Clip]
) -> dict[str, list[tuple[Clip, str]]]:
    """What people and synthetic voices said, with what was heard."""
    said = {"people": people, "questions": questions[::20]}
    return {
        who: [(clip, await listen(whisper, clip.pcm)) for clip in spoken]
        for who, spoken in said.items()
    }


@in_one_loop
@pytest.mark.parametrize(("who", "most"), [("people", 0.15), ("questions", 0.25)])
async def test_speech_is_understood(
    heard: dict[str, list[tuple[Clip, str]]], who: str, most: float
) -> None:
    rates = [error_rate(written_form(clip.transcript), text) for clip, text in heard[who]]
    assert statistics.mean(rates) < most


@in_one_loop
async def test_what_whisper_writes_in_traditional_characters_comes_out_simplified(
    heard: dict[str, list[tuple[Clip, str]]],
) -> None:
    simplify = opencc.OpenCC("t2s")
    for _, text in [*heard["people"], *heard["questions"]]:
        assert text == simplify.convert(text)
        assert text == text.strip()


@pytest.mark.parametrize("name", list(without_speech(0.5)))
@in_one_loop
async def test_what_is_no_speech_gives_no_words(whisper: WhisperRecogniser, name: str) -> None:
    # Whisper itself writes captions on nearly all of these.
    utterance = whisper.begin()
    sound = without_speech()[name]
    for start in range(0, len(sound), PIECE):
        assert not (await utterance.hear(sound[start : start + PIECE])).ended
    assert await utterance.finish() == ""


@in_one_loop
async def test_words_come_with_the_end_and_not_before(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    # Whisper needs the whole utterance, so nothing can be shown while somebody speaks.
    utterance = whisper.begin()
    for start in range(0, len(people[0].pcm), PIECE):
        assert (await utterance.hear(people[0].pcm[start : start + PIECE])).text == ""
    assert await utterance.finish() != ""
    assert not whisper.streams


@in_one_loop
async def test_speech_ends_after_the_silence_that_was_set(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    clip = people[0]
    voice = await asyncio.to_thread(whisper.voice_activity.voice_in, clip.pcm)
    assert voice is not None
    utterance = whisper.begin()
    ended_ms = 0
    sound = clip.pcm + bytes(3 * BYTES_PER_SECOND)
    for start in range(0, len(sound), PIECE):
        if (await utterance.hear(sound[start : start + PIECE])).ended:
            ended_ms = (start + PIECE) * 1000 // BYTES_PER_SECOND
            break
    await utterance.abandon()
    assert voice.end_ms + SILENCE_MS - 100 <= ended_ms <= voice.end_ms + SILENCE_MS + 200


@in_one_loop
async def test_a_minute_of_silence_before_the_question_does_no_harm(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    clip = people[1]
    utterance = whisper.begin()
    for _ in range(60):
        assert not (await utterance.hear(bytes(BYTES_PER_SECOND))).ended
    await utterance.hear(clip.pcm)
    assert error_rate(written_form(clip.transcript), await utterance.finish()) < 0.25


@in_one_loop
async def test_somebody_who_never_stops_is_ended_after_half_a_minute(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    utterance = whisper.begin()
    talk = b"".join(clip.pcm[BYTES_PER_SECOND:-BYTES_PER_SECOND] for clip in people) * 3
    assert len(talk) > 40 * BYTES_PER_SECOND
    ended_s = 0.0
    for start in range(0, len(talk), PIECE):
        if (await utterance.hear(talk[start : start + PIECE])).ended:
            ended_s = start / BYTES_PER_SECOND
            break
    await utterance.abandon()
    assert 0 < ended_s <= 31


@in_one_loop
async def test_words_survive_pieces_of_any_length(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    whole = whisper.begin()
    await whole.hear(people[1].pcm)
    cut = whisper.begin()
    for start in range(0, len(people[1].pcm), 3_333):
        await cut.hear(people[1].pcm[start : start + 3_333])
    assert await cut.finish() == await whole.finish() != ""


@in_one_loop
async def test_eight_speakers_at_once_do_not_hear_each_other(
    whisper: WhisperRecogniser, people: list[Clip], questions: list[Clip]
) -> None:
    speakers = [*people, *questions[:4]]
    together = await asyncio.gather(*(listen(whisper, clip.pcm) for clip in speakers))
    for clip, heard in zip(speakers, together, strict=True):
        rates = [error_rate(written_form(other.transcript), heard) for other in speakers]
        assert min(rates) == error_rate(written_form(clip.transcript), heard)


@in_one_loop
async def test_more_speakers_than_can_wait_are_told_so(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    waiting = [asyncio.create_task(whisper.transcribe(people[0].pcm)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(EngineBusy):
        await whisper.transcribe(people[0].pcm)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    # Those who gave up have left the queue, and no work of theirs goes on.
    assert await whisper.transcribe(people[0].pcm) != ""


@in_one_loop
async def test_an_abandoned_utterance_is_over_and_hurts_nobody(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    utterance = whisper.begin()
    await utterance.hear(people[0].pcm)
    await utterance.abandon()
    with pytest.raises(EngineBroken):
        await utterance.hear(b"\0\0")
    with pytest.raises(EngineBroken):
        await utterance.finish()
    assert await listen(whisper, people[1].pcm) != ""


@in_one_loop
async def test_speech_in_noise_is_still_found(
    whisper: WhisperRecogniser, people: list[Clip]
) -> None:
    clip = people[2]
    samples = np.frombuffer(clip.pcm, "<i2") / 32768
    noise = np.random.default_rng(5).standard_normal(len(samples))
    noisy = samples + noise * np.sqrt(np.mean(samples**2)) * 10 ** (-15 / 20)
    heard = await listen(whisper, pcm_of(noisy))
    assert error_rate(written_form(clip.transcript), heard) < 0.35


@pytest.mark.parametrize("missing", ["model.bin", "tokenizer.json", "config.json"])
async def test_an_incomplete_model_is_refused(
    whisper_dir: Path, tmp_path: Path, missing: str
) -> None:
    shutil.copytree(
        whisper_dir, tmp_path, ignore=shutil.ignore_patterns(missing), dirs_exist_ok=True
    )
    with pytest.raises(EngineBroken, match=missing):
        await WhisperRecogniser.load(tmp_path, model="broken", silence_ms=SILENCE_MS)


async def test_a_broken_model_is_refused(whisper_dir: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(whisper_dir / name, tmp_path / name)
    (tmp_path / "model.bin").write_bytes(b"no model" * 1000)
    with pytest.raises(EngineBroken):
        await WhisperRecogniser.load(tmp_path, model="broken", silence_ms=SILENCE_MS)


@in_one_loop
async def test_it_tells_what_else_it_may_have_heard(
    whisper: WhisperRecogniser, questions: list[Clip]
) -> None:
    utterance = whisper.begin()
    await utterance.hear(questions[0].pcm)
    text = await utterance.finish()
    assert utterance.alternatives
    assert text not in utterance.alternatives
    assert len(set(utterance.alternatives)) == len(utterance.alternatives)
    assert all(error_rate(text, other) < 0.5 for other in utterance.alternatives)
