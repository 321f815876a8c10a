"""What a hall, a telephone or an unpractised speaker does to a recording, made here, seeded.

Nothing is recorded or fetched: babble is other clips mixed, noise is drawn, a room is a decaying
noise to convolve with. The same clip, condition and seed give the same bytes on every machine with
the same NumPy.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np

from bench.voice.sound import (
    Samples,
    band,
    onset,
    pink_noise,
    power,
    resampled,
    scaled,
    stretched,
)
from speech.recognition import SAMPLE_RATE

SEED = 2019
_VOICES_IN_BABBLE = 5
_CLIPPED_START_S = (0.15, 0.30)
_SLOW = 1 / 0.7
_LOUD = 8.0
"""18 dB too much: peaks are cut off at full scale."""
_FAR_LEVEL = 0.1
_FAR_SNR_DB = 20
_TELEPHONE_RATE = 8_000
_MU = 255.0


class Condition(StrEnum):
    """How the question reaches the microphone."""

    CLEAN = "clean"
    NOISE_20 = "noise-20"
    NOISE_15 = "noise-15"
    NOISE_10 = "noise-10"
    REVERBERATION = "reverberation"
    NOISE_15_REVERBERATION = "noise-15-reverberation"
    FAR = "far"
    SLOW = "slow"
    TELEPHONE = "telephone"
    CLIPPED_START = "clipped-start"
    LOUD = "loud"
    ACCENT = "accent"
    """Made by synthesis, not from the recording: bench.voice.accent."""


def chance_for(clip: str, condition: Condition, seed: int = SEED) -> np.random.Generator:
    """Return the generator that belongs to one clip in one condition."""
    return np.random.default_rng([seed, zlib.crc32(clip.encode()), zlib.crc32(condition.encode())])


def altered(
    samples: Samples,
    condition: Condition,
    others: Sequence[Samples],
    chance: np.random.Generator,
) -> Samples:
    """Return a clip as it is heard in a condition; `others` are who talks in the hall.

    ACCENT changes nothing here.
    """
    return _CHANGES[condition](samples, others, chance)


def with_noise(
    samples: Samples, others: Sequence[Samples], decibels: float, chance: np.random.Generator
) -> Samples:
    """Return the clip with babble and pink noise, equally strong, `decibels` below it."""
    noise = _babble(len(samples), others, chance) + pink_noise(len(samples), chance)
    wanted = power(samples) / 10 ** (decibels / 10)
    return _unclipped(samples + scaled(noise, wanted))


def _babble(length: int, others: Sequence[Samples], chance: np.random.Generator) -> Samples:
    """Return several people talking at once, mean square 1."""
    mixed = np.zeros(length)
    for which in chance.choice(len(others), min(_VOICES_IN_BABBLE, len(others)), replace=False):
        voice = others[int(which)]
        voice = np.resize(np.roll(voice, int(chance.integers(len(voice)))), length)
        mixed += scaled(voice, 1.0)
    return scaled(mixed, 1.0)


def _unclipped(samples: Samples) -> Samples:
    loudest = float(np.max(np.abs(samples)))
    return samples / max(1.0, loudest)


def in_room(
    samples: Samples, seconds: float, direct_db: float, chance: np.random.Generator
) -> Samples:
    """Return the clip in a room that takes `seconds` to fall silent by 60 dB.

    `direct_db` is by how much the voice itself is stronger than all that the walls return.
    """
    length = int(seconds * SAMPLE_RATE)
    times = np.arange(length) / SAMPLE_RATE
    tail = chance.standard_normal(length) * 10 ** (-3 * times / seconds)
    tail[: SAMPLE_RATE // 200] = 0  # The nearest wall answers after 5 ms.
    tail *= np.sqrt(10 ** (-direct_db / 10) / np.sum(tail**2))
    tail[0] = 1.0
    size = len(samples) + length - 1
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
    return _unclipped(scaled(heard, power(samples)))


_Change = Callable[[Samples, Sequence[Samples], np.random.Generator], Samples]


def _noisy(decibels: float) -> _Change:
    return lambda samples, others, chance: with_noise(samples, others, decibels, chance)


def _unchanged(samples: Samples, _: Sequence[Samples], __: np.random.Generator) -> Samples:
    return samples


def _hall(samples: Samples, _: Sequence[Samples], chance: np.random.Generator) -> Samples:
    return in_room(samples, 0.6, 3.0, chance)


def _noisy_hall(
    samples: Samples, others: Sequence[Samples], chance: np.random.Generator
) -> Samples:
    return with_noise(_hall(samples, others, chance), others, 15, chance)


def _far(samples: Samples, others: Sequence[Samples], chance: np.random.Generator) -> Samples:
    there = in_room(band(samples, 0, 4_000), 0.6, -3.0, chance)
    noise = scaled(pink_noise(len(there), chance), power(there) / 10 ** (_FAR_SNR_DB / 10))
    return (there + noise) * _FAR_LEVEL


def _slow(samples: Samples, _: Sequence[Samples], __: np.random.Generator) -> Samples:
    return stretched(samples, _SLOW)


def _telephone(samples: Samples, _: Sequence[Samples], __: np.random.Generator) -> Samples:
    narrow = resampled(band(samples, 300, 3_400), SAMPLE_RATE, _TELEPHONE_RATE)
    narrow = np.clip(narrow, -1, 1)
    squeezed = np.sign(narrow) * np.log1p(_MU * np.abs(narrow)) / np.log1p(_MU)
    coded = np.round(squeezed * 127) / 127
    decoded = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU
    return resampled(decoded, _TELEPHONE_RATE, SAMPLE_RATE)


def _clipped_start(samples: Samples, _: Sequence[Samples], chance: np.random.Generator) -> Samples:
    return samples[onset(samples) + int(chance.uniform(*_CLIPPED_START_S) * SAMPLE_RATE) :]


def _loud(samples: Samples, _: Sequence[Samples], __: np.random.Generator) -> Samples:
    return np.clip(samples / max(1e-9, float(np.max(np.abs(samples)))) * _LOUD, -1, 1)


_CHANGES: dict[Condition, _Change] = {
    Condition.CLEAN: _unchanged,
    Condition.NOISE_20: _noisy(20),
    Condition.NOISE_15: _noisy(15),
    Condition.NOISE_10: _noisy(10),
    Condition.REVERBERATION: _hall,
    Condition.NOISE_15_REVERBERATION: _noisy_hall,
    Condition.FAR: _far,
    Condition.SLOW: _slow,
    Condition.TELEPHONE: _telephone,
    Condition.CLIPPED_START: _clipped_start,
    Condition.LOUD: _loud,
    Condition.ACCENT: _unchanged,
}
