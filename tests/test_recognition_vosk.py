"""The real Vosk engine, on the stand-in model and the shared clips."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from services.listening import Listener
from services.voice_places import Door, VoiceLimits, VoicePlaces
from speech.errors import EngineBroken
from speech.recognition import BYTES_PER_SECOND, listen
from speech.vosk_recognition import VoskRecogniser
from speech.vosk_worker import COUNT
from speech.written_text import written_form
from tests.sounds import Clip, clips, error_rate, without_speech

SILENCE_MS = 800
PIECE = BYTES_PER_SECOND // 10


@asynccontextmanager
async def loaded(model: Path) -> AsyncIterator[VoskRecogniser]:
    recogniser = await VoskRecogniser.load(model, model="vosk-model-test-cn", silence_ms=SILENCE_MS)
    yield recogniser
    await recogniser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vosk(vosk_test_model: Path) -> AsyncIterator[VoskRecogniser]:
    async with loaded(vosk_test_model) as recogniser:
        yield recogniser


@pytest_asyncio.fixture(loop_scope="module")
async def fresh_vosk(vosk_test_model: Path) -> AsyncIterator[VoskRecogniser]:
    """One that nobody spoke to, and that may be broken."""
    async with loaded(vosk_test_model) as recogniser:
        yield recogniser


in_one_loop = pytest.mark.asyncio(loop_scope="module")
"""The model is loaded once for most tests, in the loop that they share."""


@pytest.fixture(scope="module")
def questions(shared: Path) -> list[Clip]:
    return clips(shared / "speech" / "questions" / "manifest.tsv")


@in_one_loop
async def test_spoken_questions_are_understood(vosk: VoskRecogniser, questions: list[Clip]) -> None:
    rates = [
        error_rate(written_form(clip.transcript), await listen(vosk, clip.pcm))
        for clip in questions[::5]
    ]
    assert statistics.mean(rates) < 0.12


@in_one_loop
async def test_words_appear_before_the_speaker_has_finished(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    clip = questions[0]
    utterance = vosk.begin()
    shown = []
    for start in range(0, len(clip.pcm) * 2 // 3, PIECE):
        shown.append((await utterance.hear(clip.pcm[start : start + PIECE])).text)
    await utterance.abandon()
    assert shown[0] == ""
    assert len(set(shown)) > 3, "the text grows while somebody speaks"
    assert error_rate(clip.transcript[:6], shown[-1][:6]) < 0.5


@in_one_loop
async def test_partial_words_are_in_written_form(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    utterance = vosk.begin()
    pcm = questions[0].pcm
    for start in range(0, len(pcm), PIECE):
        text = (await utterance.hear(pcm[start : start + PIECE])).text
        assert text == written_form(text)
        assert " " not in text
    await utterance.finish()


@in_one_loop
async def test_speech_ends_after_the_silence_that_was_set_and_not_before(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    clip = questions[0]
    utterance = vosk.begin()
    ended_at = None
    sound = clip.pcm + bytes(3 * BYTES_PER_SECOND)
    for start in range(0, len(sound), PIECE):
        if (await utterance.hear(sound[start : start + PIECE])).ended:
            ended_at = start / BYTES_PER_SECOND
            break
    assert ended_at is not None
    text = await utterance.finish()
    assert error_rate(clip.transcript, text) < 0.3, "nothing was cut off"
    assert ended_at <= clip.seconds + SILENCE_MS / 1000 + 0.3


@in_one_loop
async def test_a_pause_to_think_does_not_end_speech(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    # The engine's own rule ends an utterance after half a second of silence.
    first, second = questions[2], questions[3]
    voice = vosk.voice_activity
    spans = await asyncio.gather(
        *(asyncio.to_thread(voice.voice_in, clip.pcm) for clip in (first, second))
    )
    assert spans[0] is not None
    assert spans[1] is not None
    until = spans[0].end_ms * 32
    since = spans[1].start_ms * 32
    pause = bytes(int(0.6 * BYTES_PER_SECOND))
    utterance = vosk.begin()
    sound = first.pcm[:until] + pause + second.pcm[since:]
    before_second = len(first.pcm[:until] + pause)
    for start in range(0, before_second, PIECE):
        assert not (await utterance.hear(sound[start : start + PIECE])).ended
    await utterance.hear(sound[(before_second + PIECE - 1) // PIECE * PIECE :])
    text = await utterance.finish()
    assert error_rate(written_form(first.transcript) + written_form(second.transcript), text) < 0.3


@pytest.mark.parametrize("name", list(without_speech(0.5)))
@in_one_loop
async def test_what_is_no_speech_gives_no_words(vosk: VoskRecogniser, name: str) -> None:
    utterance = vosk.begin()
    sound = without_speech()[name]
    for start in range(0, len(sound), PIECE):
        heard = await utterance.hear(sound[start : start + PIECE])
        assert heard.text == ""
        assert not heard.ended
    assert await utterance.finish() == ""


@in_one_loop
async def test_the_engine_is_left_alone_while_nobody_speaks(
    fresh_vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    utterance = fresh_vosk.begin()
    for _ in range(40):
        await utterance.hear(bytes(PIECE))
    assert await (await fresh_vosk.process()).ask(COUNT, 0) == "0"
    for start in range(0, len(questions[0].pcm), PIECE):
        await utterance.hear(questions[0].pcm[start : start + PIECE])
    assert error_rate(questions[0].transcript, await utterance.finish()) < 0.15


@in_one_loop
async def test_words_survive_pieces_of_any_length(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    clip = questions[0]
    utterance = vosk.begin()
    # An odd length cuts samples in half; a recogniser that drops the half hears noise.
    for start in range(0, len(clip.pcm), 3_333):
        await utterance.hear(clip.pcm[start : start + 3_333])
    assert error_rate(clip.transcript, await utterance.finish()) < 0.15


@in_one_loop
async def test_an_empty_piece_and_no_sound_at_all_are_no_words(vosk: VoskRecogniser) -> None:
    utterance = vosk.begin()
    assert (await utterance.hear(b"")).text == ""
    assert await utterance.finish() == ""
    assert await vosk.begin().finish() == ""


@in_one_loop
async def test_eight_speakers_at_once_do_not_hear_each_other(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    speakers = questions[:8]
    alone = [await listen(vosk, clip.pcm) for clip in speakers]
    together = await asyncio.gather(*(listen(vosk, clip.pcm) for clip in speakers))
    assert together == alone
    assert len(set(together)) == 8


@in_one_loop
async def test_an_abandoned_utterance_is_over_and_hurts_nobody(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    utterance = vosk.begin()
    hearing = asyncio.create_task(utterance.hear(questions[0].pcm))
    await asyncio.sleep(0)
    hearing.cancel()
    await utterance.abandon()
    with pytest.raises(asyncio.CancelledError):
        await hearing
    with pytest.raises(EngineBroken):
        await utterance.hear(b"\0\0")
    with pytest.raises(EngineBroken):
        await utterance.finish()
    heard = await listen(vosk, questions[1].pcm)
    assert error_rate(questions[1].transcript, heard) < 0.3


@dataclass
class Hall:
    """What somebody speaks to."""

    recogniser: VoskRecogniser
    voice_limits: VoiceLimits
    places: VoicePlaces

    def note_recognised(self, engine: str, seconds: float) -> None:
        """Nobody counts."""


@in_one_loop
async def test_who_pauses_long_is_waited_for_longer(
    vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    limits = VoiceLimits()
    listener = Listener(Hall(vosk, limits, VoicePlaces(limits)), Door.KIOSK)
    parts = []
    for clip in questions[2:5]:
        voice = await asyncio.to_thread(vosk.voice_activity.voice_in, clip.pcm)
        assert voice is not None
        parts.append(clip.pcm[voice.start_ms * 32 : voice.end_ms * 32])
    # The second pause alone would have ended it: the first, which did not, asked for more.
    sound = bytes(int(0.7 * BYTES_PER_SECOND)).join(parts[:2])
    sound += bytes(int(0.88 * BYTES_PER_SECOND)) + parts[2] + bytes(3 * BYTES_PER_SECOND)
    listener.begin()
    for start in range(0, len(sound), PIECE):
        if (await listener.hear(sound[start : start + PIECE])).ended:
            break
    before_last = len(sound) - 3 * BYTES_PER_SECOND
    assert start > before_last, "it was not cut off in the middle"
    assert start < before_last + 2.7 * BYTES_PER_SECOND
    text = await listener.finish()
    spoken = "".join(written_form(clip.transcript) for clip in questions[2:5])
    assert error_rate(spoken, text) < 0.3


@in_one_loop
async def test_whoever_goes_away_is_forgotten_in_the_worker_too(
    fresh_vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    process = await fresh_vosk.process()
    speaking, leaving, finishing = (fresh_vosk.begin() for _ in range(3))
    for utterance in (speaking, leaving, finishing):
        await utterance.hear(questions[0].pcm[: 10 * PIECE])
    assert await process.ask(COUNT, 0) == "3"
    await leaving.abandon()
    await finishing.finish()
    cut_off = asyncio.create_task(speaking.hear(questions[0].pcm[10 * PIECE :]))
    await asyncio.sleep(0)
    cut_off.cancel()
    await speaking.abandon()
    await asyncio.gather(cut_off, return_exceptions=True)
    assert await process.ask(COUNT, 0) == "0"


@pytest.mark.parametrize("missing", ["am/final.mdl", "graph/HCLG.fst", "conf/mfcc.conf"])
async def test_an_incomplete_model_is_refused_before_vosk_sees_it(
    vosk_test_model: Path, tmp_path: Path, missing: str
) -> None:
    shutil.copytree(vosk_test_model, tmp_path / "model")
    (tmp_path / "model" / missing).write_bytes(b"")
    with pytest.raises(EngineBroken, match=missing):
        await VoskRecogniser.load(tmp_path / "model", model="broken", silence_ms=SILENCE_MS)


async def test_a_model_with_a_broken_network_is_refused(
    vosk_test_model: Path, tmp_path: Path
) -> None:
    shutil.copytree(vosk_test_model, tmp_path / "model")
    network = tmp_path / "model" / "am" / "final.mdl"
    network.write_bytes(network.read_bytes()[:100_000])
    with pytest.raises(EngineBroken):
        await VoskRecogniser.load(tmp_path / "model", model="broken", silence_ms=SILENCE_MS)


async def test_a_closed_recogniser_says_so(vosk_test_model: Path, questions: list[Clip]) -> None:
    recogniser = await VoskRecogniser.load(vosk_test_model, model="test", silence_ms=SILENCE_MS)
    utterance = recogniser.begin()
    await recogniser.close()
    with pytest.raises(EngineBroken):
        await utterance.hear(questions[0].pcm)


@in_one_loop
async def test_a_worker_that_died_costs_one_utterance_and_no_more(
    fresh_vosk: VoskRecogniser, questions: list[Clip]
) -> None:
    utterance = fresh_vosk.begin()
    await utterance.hear(questions[0].pcm[:PIECE])
    (await fresh_vosk.process()).kill()
    with pytest.raises(EngineBroken):
        await utterance.hear(questions[0].pcm[PIECE:])
        await utterance.finish()
    await utterance.abandon()
    heard = await listen(fresh_vosk, questions[1].pcm)
    assert error_rate(questions[1].transcript, heard) < 0.3


HEAR_AND_WRITE = """
import asyncio, sys
from pathlib import Path
from speech.recognition import listen
from speech.vosk_recognition import VoskRecogniser
from speech.written_text import written_form
from tests.sounds import wav_pcm

async def main() -> None:
    assert written_form("二十个工作日") == "20个工作日"
    for _ in range(2):
        vosk = await VoskRecogniser.load(Path(sys.argv[1]), model="test", silence_ms=800)
        print(await listen(vosk, wav_pcm(Path(sys.argv[2]))))
        await vosk.close()
    assert written_form("一百二十个工作日") == "120个工作日"
    assert "kaldifst" in sys.modules
    assert "vosk" not in sys.modules

asyncio.run(main())
"""


def test_vosk_and_the_grammars_of_numerals_do_not_break_each_other(
    vosk_test_model: Path, questions: list[Clip]
) -> None:
    # In one process they crash or hang: both carry OpenFst, and its registers are shared.
    done = subprocess.run(
        [sys.executable, "-c", HEAR_AND_WRITE, str(vosk_test_model), str(questions[0].path)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(set(done.stdout.split())) == 1
