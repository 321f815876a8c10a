"""Sound as arrays: 16 kHz mono, float64 between -1 and 1, one array an utterance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.recognition import SAMPLE_RATE

Samples = NDArray[np.float64]


def from_pcm(pcm: bytes) -> Samples:
    """Return 16-bit PCM as samples."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768


def to_pcm(samples: Samples) -> bytes:
    """Return samples as 16-bit PCM; what is louder than full scale is clipped."""
    return np.round(np.clip(samples, -1.0, 32767 / 32768) * 32768).astype("<i2").tobytes()


def power(samples: Samples) -> float:
    """Return the mean square."""
    return float(np.mean(samples**2)) if len(samples) else 0.0


def scaled(samples: Samples, wanted: float) -> Samples:
    """Return the sound at another mean square."""
    factor: float = (wanted / max(power(samples), 1e-12)) ** 0.5
    return samples * factor


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """Return the sound at another sampling rate in hertz, by cutting or padding its spectrum."""
    length = round(len(samples) * wanted / rate)
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(length // 2 + 1, dtype=np.complex128)
    shared = min(len(spectrum), len(kept))
    kept[:shared] = spectrum[:shared]
    return np.fft.irfft(kept, length) * (length / len(samples))


def band(samples: Samples, lowest: float, highest: float) -> Samples:
    """Return only what lies between two frequencies in hertz, with edges a tenth wide."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    rising = np.clip((hertz - 0.9 * lowest) / (0.1 * lowest), 0, 1) if lowest else 1.0
    falling = np.clip((1.1 * highest - hertz) / (0.1 * highest), 0, 1)
    return np.fft.irfft(spectrum * rising * falling, len(samples))


def pink_noise(length: int, chance: np.random.Generator) -> Samples:
    """Return noise whose power falls by 3 dB an octave, mean square 1."""
    spectrum = np.fft.rfft(chance.standard_normal(length))
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 20.0)
    noise = np.fft.irfft(spectrum / np.sqrt(hertz), length)
    return scaled(noise, 1.0)


def onset(samples: Samples) -> int:
    """Return the sample at which the voice begins: the first 10 ms within 30 dB of the loudest."""
    frame = SAMPLE_RATE // 100
    count = len(samples) // frame
    loud = np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1)
    return int(np.argmax(loud > loud.max() * 1e-3)) * frame


def stretched(samples: Samples, factor: float) -> Samples:
    """Return the sound lasting `factor` times as long at the same pitch (WSOLA).

    Frames of 40 ms are laid half over each other; each is taken from where, within 10 ms, it goes
    on best from the one before.
    """
    frame, search = SAMPLE_RATE // 25, SAMPLE_RATE // 100
    half = frame // 2
    window = np.hanning(frame + 1)[:frame]
    padded = np.concatenate([np.zeros(search), samples, np.zeros(2 * frame + 2 * search)])
    count = max(1, round(len(samples) * factor / half))
    out = np.zeros((count + 1) * half + frame)
    position = search
    for step in range(count):
        ideal = search + int(step * half / factor)
        if step:
            goes_on = padded[position + half : position + half + half]
            around = padded[ideal - search : ideal + search + half]
            if len(goes_on) == half and len(around) == 2 * search + half:
                ideal += int(np.argmax(np.correlate(around, goes_on, "valid"))) - search
        position = min(ideal, len(padded) - 2 * frame)
        out[step * half : step * half + frame] += window * padded[position : position + frame]
    return out[: round(len(samples) * factor)]
