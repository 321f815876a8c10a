"""What we say, heard back: official sentences and place names, by each voice."""

from __future__ import annotations

import asyncio
import random
import re
from pathlib import Path

import msgspec
import numpy as np

from bench.bench_zone import corpus
from bench.engines import synthesiser
from bench.voice.figures import distance
from bench.voice.hearing import Ear
from bench.voice.sound import from_pcm, resampled, to_pcm
from speech.pronunciation import syllables
from speech.reading_text import spoken_form
from speech.recognition import SAMPLE_RATE
from speech.synthesis import Sound, Synthesiser

PLACES = (
    "重庆", "涪陵", "綦江", "北碚", "长寿", "秀山", "垫江", "大足", "潼南", "忠县", "黔江", "酉阳",
    "石柱", "彭水", "万盛",
)  # fmt: skip
_CARRIERS = ("这件事可以到{}的政务服务大厅办理。", "请问去{}应该怎么走？")
_SENTENCE = re.compile(r"(?<=[。；！？\n])[^。；！？\n#*|]{12,45}[。；！？]")
"""A whole one: from the end of another, or of a line."""


class RoundTrip(msgspec.Struct, frozen=True):
    """How one voice is understood."""

    voice: str
    sentences: int
    error_rate: float
    """Toneless syllables wrong, of all that were said."""
    places_wrong: dict[str, str]
    """What was heard of the carriers of a place that was heard wrong in one of them at least."""


def official_sentences(count: int) -> list[str]:
    """Return sentences of laws and regulations, always the same ones. Raises Skipped."""
    laws = next(path for path in corpus() if path.name == "laws")
    files = sorted(Path(laws).rglob("*.md"))
    chance = random.Random(2019)
    chance.shuffle(files)
    chosen: list[str] = []
    for file in files:
        found = _SENTENCE.findall(file.read_text(encoding="utf-8"))
        if found:
            chosen.append(chance.choice(found).strip())
        if len(chosen) == count:
            break
    return chosen


async def measured(name: str, ear: Ear, *, count: int) -> RoundTrip:
    """Return how a voice, espeak or kokoro, is heard. Raises Skipped where it cannot be had."""
    async with synthesiser(name) as voice:
        wrong = said = 0
        sentences = await asyncio.to_thread(official_sentences, count)
        for sentence in sentences:
            spoken, heard = await _back(voice, ear, sentence)
            wrong += distance(spoken, heard)
            said += len(spoken)
        misheard: dict[str, str] = {}
        for place in PLACES:
            for carrier in _CARRIERS:
                _, heard = await _back(voice, ear, carrier.format(place))
                if " ".join(_toneless(place)) not in " ".join(heard):
                    misheard[place] = " ".join(heard)
    return RoundTrip(name, len(sentences), wrong / said, misheard)


async def _back(voice: Synthesiser, ear: Ear, sentence: str) -> tuple[list[str], list[str]]:
    """Return the syllables of a sentence and of what is heard when it is spoken."""
    hearing = await ear.hear(_at_16_khz(await voice.speak(sentence)))
    return _toneless(sentence), _toneless(hearing.text)


def _toneless(text: str) -> list[str]:
    return [syllable.rstrip("12345") for syllable in syllables(spoken_form(text))]


def _at_16_khz(sound: Sound) -> bytes:
    samples = resampled(from_pcm(sound.pcm), sound.sample_rate, SAMPLE_RATE)
    # Engines wait for silence before they believe that a sentence is over.
    return to_pcm(np.concatenate([samples, np.zeros(SAMPLE_RATE // 2)]))
