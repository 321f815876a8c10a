"""The real Kokoro model: it says what is written, and is understood when heard back."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from pypinyin import lazy_pinyin

from speech.errors import EngineBroken, EngineBusy, SynthesisFailed, UnknownVoice
from speech.kokoro_synthesis import LONGEST_TEXT, MOST_WAITING, KokoroSynthesiser
from speech.mandarin_symbols import symbols
from speech.model_catalogue import KOKORO, WHISPER
from speech.model_store import ModelStore
from speech.pronunciation import Word, letters, words
from speech.reading_text import sentences, spoken_form
from speech.recognition import listen
from speech.synthesis import Sound
from speech.whisper_recognition import WhisperRecogniser
from tests.sounds import error_rate

SENTENCES = (
    "公民可以向行政机关申请公开政府信息。",
    "重庆市綦江区的居民可以到办事处领取申请表。",
    "行政机关应当在20个工作日内予以答复。",
    "60—79周岁的老人，每人每月补贴50元。",
)


@pytest.fixture(scope="module")
def kokoro_dir(model_store: ModelStore) -> Path:
    return model_store.obtain(KOKORO)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kokoro(kokoro_dir: Path) -> AsyncIterator[KokoroSynthesiser]:
    synthesiser = await KokoroSynthesiser.load(kokoro_dir)
    yield synthesiser
    await synthesiser.close()


in_one_loop = pytest.mark.asyncio(loop_scope="module")
"""The model is loaded once for all tests, in the loop that they share."""


def heard_pcm(sound: Sound) -> bytes:
    """Return a sound at the 16 kHz that recognisers take."""
    samples = np.frombuffer(sound.pcm, dtype="<i2")
    count = int(len(samples) * 16_000 / sound.sample_rate)
    places = np.arange(count) * (sound.sample_rate / 16_000)
    return np.interp(places, np.arange(len(samples)), samples).astype("<i2").tobytes()


def toneless(text: str) -> str:
    """Return one character a syllable, the same for the same sound whatever its tone."""
    return "".join(
        _characters.setdefault(syllable, chr(0x4E00 + len(_characters)))
        for syllable in lazy_pinyin(re.sub(r"\W", "", spoken_form(text)))
    )


_characters: dict[str, str] = {}


@in_one_loop
@pytest.mark.parametrize(
    "spoken", [SENTENCES[1:3], pytest.param(SENTENCES, marks=pytest.mark.soak)], ids=["two", "all"]
)
async def test_what_is_spoken_is_understood(
    kokoro: KokoroSynthesiser, model_store: ModelStore, spoken: tuple[str, ...]
) -> None:
    whisper = await WhisperRecogniser.load(
        model_store.obtain(WHISPER), model=WHISPER, silence_ms=900
    )
    try:
        rates = [
            error_rate(toneless(said), toneless(await listen(whisper, heard_pcm(sound))))
            for said in spoken
            for sound in [await kokoro.speak(said)]
        ]
    finally:
        await whisper.close()
    assert sum(rates) / len(rates) < 0.10


@in_one_loop
async def test_the_sound_is_loud_enough_whole_and_of_natural_length(
    kokoro: KokoroSynthesiser,
) -> None:
    sound = await kokoro.speak(SENTENCES[0])
    samples = np.abs(np.frombuffer(sound.pcm, dtype="<i2").astype(int))
    assert sound.sample_rate == 24_000
    assert 3 < sound.seconds < 9
    assert 3_000 < samples.max() <= 32_767


@in_one_loop
async def test_no_silence_is_heard_between_two_pieces(kokoro: KokoroSynthesiser) -> None:
    sound = await kokoro.speak("您好，")
    assert 0.4 < sound.seconds < 1.2, "the model itself gives nearly two seconds"


@in_one_loop
@pytest.mark.soak
async def test_slower_takes_longer(kokoro: KokoroSynthesiser) -> None:
    usual = await kokoro.speak("请您稍等一下。")
    slower = await kokoro.speak("请您稍等一下。", rate=0.7)
    assert slower.seconds > usual.seconds * 1.2


@in_one_loop
@pytest.mark.soak
async def test_every_voice_speaks_and_sounds_different(
    kokoro: KokoroSynthesiser,
) -> None:
    said = {await kokoro.speak("您好。", voice=voice) for voice in kokoro.voices}
    assert len(said) == 7


@in_one_loop
async def test_a_voice_that_is_hard_to_understand_is_not_offered(
    kokoro: KokoroSynthesiser,
) -> None:
    assert len(kokoro.voices) == 7
    assert "zf_xiaoni" not in kokoro.voices
    with pytest.raises(UnknownVoice):
        await kokoro.speak("您好。", voice="zf_xiaoni")


@in_one_loop
@pytest.mark.soak
async def test_a_text_beyond_the_window_of_the_model_is_spoken_whole(
    kokoro: KokoroSynthesiser,
) -> None:
    sound = await kokoro.speak("公开政府信息，" * 20)
    assert 120 / sound.seconds < 8, "nobody speaks as many syllables in a second"


@in_one_loop
async def test_what_cannot_be_spoken_is_said_so(kokoro: KokoroSynthesiser) -> None:
    for nothing in ("", "😀", "。。", "长" * (LONGEST_TEXT + 1)):
        with pytest.raises(SynthesisFailed):
            await kokoro.speak(nothing)


@in_one_loop
async def test_a_queue_too_long_is_refused_and_those_who_leave_free_their_place(
    kokoro: KokoroSynthesiser,
) -> None:
    waiting = [asyncio.create_task(kokoro.speak("好。")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(EngineBusy):
        await kokoro.speak("好。")
    for task in waiting[1:]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert (await kokoro.speak("好。")).seconds > 0


@in_one_loop
async def test_a_broken_model_is_said_to_be_broken(kokoro_dir: Path, tmp_path: Path) -> None:
    shutil.copy(kokoro_dir / "vocab.json", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(EngineBroken):
        await KokoroSynthesiser.load(tmp_path)


def test_chongqing_reaches_the_engine_as_chong_and_not_as_zhong() -> None:
    assert symbols(words("重庆")[0]) == symbols(("chong2", "qing4"))
    assert symbols(("chong2", "qing4")) != symbols(("zhong4", "qing4"))


SYLLABLES: list[Word] = [
    (syllable,)
    for syllable in "zhong1 chi2 shi4 zi3 ri4 lü4 lüe4 nü3 yuan2 er2 xiong2 wo3 yi5 jiu3 gui4 dun4".split()
]


@pytest.mark.parametrize("word", SYLLABLES)
def test_syllables_are_written_as_misaki_writes_them(word: Word) -> None:
    from misaki.zh import ZHG2P

    assert symbols(word) == ZHG2P.py2ipa(word[0]).replace("\u032f", "")


def test_the_model_knows_every_symbol(kokoro_dir: Path) -> None:
    known = set(json.loads((kokoro_dir / "vocab.json").read_text(encoding="utf-8"))["vocab"])
    said = [(letter,) for letter in letters()] + SYLLABLES + words("，。！？")
    assert not {symbol for word in said for symbol in symbols(word)} - known


def test_the_pieces_of_a_long_text_fit_the_engine() -> None:
    assert all(len(piece) < LONGEST_TEXT for piece in sentences("第一百条，" * 20_000))
