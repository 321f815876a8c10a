"""Sounds for tests: what is no speech, the shared clips, and how far a text is from another."""

from __future__ import annotations

import csv
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Clip:
    """A recording and the words in it."""

    pcm: bytes
    transcript: str
    path: Path

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / RATE


def clips(manifest: Path) -> list[Clip]:
    """Return the clips that a manifest.tsv of the shared material lists."""
    folder = manifest.parent / "wav"
    folder = folder if folder.is_dir() else manifest.parent
    with manifest.open(encoding="utf-8") as rows:
        return [
            Clip(wav_pcm(folder / row["file"]), row["transcript"], folder / row["file"])
            for row in csv.DictReader(rows, delimiter="\t")
        ]


def wav_pcm(path: Path) -> bytes:
    """Return the samples of a 16 kHz mono 16-bit WAV file."""
    with wave.open(str(path), "rb") as file:
        return file.readframes(file.getnframes())


def pcm_of(samples: Samples) -> bytes:
    """Return samples between -1 and 1 as 16-bit PCM."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def without_speech(seconds: float = 6) -> dict[str, bytes]:
    """Return sounds that hold no word: silence, noises, tones and music, by their names."""
    random = np.random.default_rng(20251123)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    white = random.standard_normal(count)
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.maximum(1, np.sqrt(np.arange(len(spectrum)))), count)
    beat = random.standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / 800)
    sounds = {
        "digital silence": np.zeros(count),
        "quiet white noise": white * 0.005,
        "loud white noise": white * 0.3,
        "pink noise": pink / np.abs(pink).max() * 0.5,
        "mains hum": 0.5 * np.sin(2 * np.pi * 50 * time) + 0.2 * np.sin(2 * np.pi * 150 * time),
        "one tone": 0.5 * np.sin(2 * np.pi * 440 * time),
        "a chord": 0.2 * sum(np.sin(2 * np.pi * note * time) for note in (262, 330, 392)),
        "a rising tone": 0.5 * np.sin(2 * np.pi * (100 * time + 150 * time**2)),
        "drums": np.tile(beat, int(seconds * 2) + 1)[:count] * 0.5,
        "a melody": _melody([262, 294, 330, 349, 392, 440, 494, 523], count),
        "a low melody": _melody([131, 147, 165, 175, 196, 220, 247, 262], count),
    }
    return {name: pcm_of(np.asarray(samples)) for name, samples in sounds.items()}


def _melody(notes: list[int], count: int) -> Samples:
    time = np.arange(int(0.35 * RATE)) / RATE
    played = [
        sum(np.sin(2 * np.pi * note * over * time) / over for over in range(1, 7))
        * np.exp(-3 * time)
        for note in notes
    ]
    tune = np.concatenate(played)
    return np.asarray(np.tile(tune, count // len(tune) + 1)[:count] * 0.3)


def error_rate(spoken: str, heard: str) -> float:
    """Return the character error rate, punctuation aside."""
    wanted = [char for char in spoken if char.isalnum()]
    got = [char for char in heard if char.isalnum()]
    distances = list(range(len(got) + 1))
    for row, want in enumerate(wanted, 1):
        before, distances[0] = distances[0], row
        for column, have in enumerate(got, 1):
            change = before + (want != have)
            before = distances[column]
            distances[column] = min(before + 1, distances[column - 1] + 1, change)
    return distances[-1] / max(1, len(wanted))
