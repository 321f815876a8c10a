"""pyttsx3 with the real espeak-ng: the voice that always works, and comes back when it hangs."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import espeakng_loader
import pytest
import pytest_asyncio
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from speech.errors import SynthesisFailed, UnknownVoice
from speech.languages.mandarin import MANDARIN, as_espeak_spells
from speech.pronunciation import numbered_pinyin
from speech.pyttsx3_synthesis import Pyttsx3Synthesiser
from speech.pyttsx3_worker import _espeak, say_into

SENTENCE = "您好，这里是重庆市的政务公开专区。"


@pytest_asyncio.fixture
async def synthesiser() -> AsyncIterator[Pyttsx3Synthesiser]:
    synthesiser = Pyttsx3Synthesiser(speaking_s=5.0)
    yield synthesiser
    await synthesiser.close()


async def test_a_sentence_is_spoken(synthesiser: Pyttsx3Synthesiser) -> None:
    sound = await synthesiser.speak(SENTENCE)
    assert sound.sample_rate == 22_050, "the header is read, not assumed"
    assert 2 < sound.seconds < 8
    assert any(sound.pcm)


async def test_slower_takes_longer(synthesiser: Pyttsx3Synthesiser) -> None:
    usual = await synthesiser.speak(SENTENCE)
    slower = await synthesiser.speak(SENTENCE, rate=0.7)
    assert slower.seconds > usual.seconds * 1.2


def test_trap_one_the_voice_speaks_mandarin_and_does_not_spell(tmp_path: Path) -> None:
    engine = _espeak(MANDARIN.espeak_voice)
    # The engine takes up what it was set to only when it next runs.
    say_into(engine, "hao3", str(tmp_path / "said.wav"))
    assert str(engine.getProperty("voice")).lower().endswith(MANDARIN.espeak_voice)


def test_every_syllable_is_read_as_mandarin_and_not_as_english() -> None:
    espeak = ctypes.CDLL(espeakng_loader.get_library_path())
    espeak.espeak_Initialize(1, 0, espeakng_loader.get_data_path().encode(), 0)
    assert espeak.espeak_SetVoiceByName(MANDARIN.espeak_voice.encode()) == 0
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    english = []
    for syllable in every_syllable():
        written = ctypes.c_char_p(as_espeak_spells(syllable).encode())
        phonemes = espeak.espeak_TextToPhonemes(ctypes.byref(written), 1, 0) or b""
        if b"(en)" in phonemes:
            english.append(syllable)
    assert english == []


def every_syllable() -> set[str]:
    """Return every syllable that pypinyin gives to some character, with its tone digit."""
    readings = (
        reading
        for code in PINYIN_DICT
        for reading in lazy_pinyin(
            chr(code), style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True
        )
    )
    return {reading for reading in readings if reading[-1].isdigit()}


def test_trap_two_the_engine_is_told_how_chongqing_sounds() -> None:
    assert numbered_pinyin("重庆").split() == ["chong2", "qing4"]


async def test_trap_three_a_hung_worker_is_replaced(synthesiser: Pyttsx3Synthesiser) -> None:
    before = await synthesiser.speak(SENTENCE)
    hung = synthesiser.worker_pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    assert len((await synthesiser.speak(SENTENCE)).pcm) == pytest.approx(len(before.pcm), rel=0.05)
    assert synthesiser.worker_pid != hung
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)


async def test_a_killed_worker_is_replaced(synthesiser: Pyttsx3Synthesiser) -> None:
    await synthesiser.speak("第一句。")
    assert synthesiser.worker_pid is not None
    os.kill(synthesiser.worker_pid, signal.SIGKILL)
    assert (await synthesiser.speak("第二句。")).seconds > 0.5


async def test_many_at_once_come_out_whole(synthesiser: Pyttsx3Synthesiser) -> None:
    alone = [len((await synthesiser.speak(f"第{n}号窗口")).pcm) for n in "一二三四"]
    together = await asyncio.gather(*(synthesiser.speak(f"第{n}号窗口") for n in "一二三四"))
    assert [len(sound.pcm) for sound in together] == pytest.approx(alone, rel=0.05)


async def test_a_listener_who_leaves_does_not_shift_the_replies(
    synthesiser: Pyttsx3Synthesiser,
) -> None:
    short = await synthesiser.speak("好。")
    leaving = asyncio.create_task(synthesiser.speak(SENTENCE * 3))
    await asyncio.sleep(0.005)
    leaving.cancel()
    assert len((await synthesiser.speak("好。")).pcm) == pytest.approx(len(short.pcm), rel=0.05)


async def test_the_worker_ends_with_its_synthesiser() -> None:
    synthesiser = Pyttsx3Synthesiser()
    await synthesiser.speak("再见。")
    pid = synthesiser.worker_pid
    assert pid is not None
    await synthesiser.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_worker_ends_when_the_program_dies() -> None:
    dying = """
import asyncio, os
from speech.pyttsx3_synthesis import Pyttsx3Synthesiser

async def speak_and_die():
    synthesiser = Pyttsx3Synthesiser()
    await synthesiser.speak("再见。")
    print(synthesiser.worker_pid, flush=True)
    os._exit(1)

asyncio.run(speak_and_die())
"""
    program = subprocess.run([sys.executable, "-c", dying], stdout=subprocess.PIPE, check=False)
    worker = int(program.stdout)
    give_up = time.monotonic() + 20
    while is_running(worker):
        assert time.monotonic() < give_up, "the worker outlived its program"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Tell whether a process runs; a zombie, which nobody has taken notice of yet, does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_what_cannot_be_spoken_is_said_so(synthesiser: Pyttsx3Synthesiser) -> None:
    with pytest.raises(SynthesisFailed):
        await synthesiser.speak("😀")
    with pytest.raises(UnknownVoice):
        await synthesiser.speak("您好", voice="nobody")
