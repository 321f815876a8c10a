"""Recordings of every kind, good and bad. The files are made here, with real encoders."""

from __future__ import annotations

import gc
import io
import os
import struct
import wave
import zipfile
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from speech.audio import read_recording
from speech.errors import AudioFault, UnreadableAudio
from tests.sounds import RATE

SECONDS = 2.0
TONE_HZ = 440


def tone(rate: int, seconds: float = SECONDS) -> NDArray[np.float64]:
    return 0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(int(rate * seconds)) / rate)


def wav_file(
    rate: int = RATE, channels: int = 1, width: int = 2, seconds: float = SECONDS
) -> bytes:
    samples = np.repeat(tone(rate, seconds), channels)
    if width == 1:
        frames = ((samples + 1) * 127.5).astype("u1").tobytes()
    elif width == 2:
        frames = (samples * 32767).astype("<i2").tobytes()
    else:
        frames = (samples * (2**31 - 1)).astype("<i4").tobytes()
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(frames)
    return file.getvalue()


def float_wav() -> bytes:
    data = tone(RATE).astype("<f4").tobytes()
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, RATE, RATE * 4, 4, 32)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encoded(container: str, codec: str, rate: int, layout: str = "stereo") -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.layout = layout
        channels = 2 if layout == "stereo" else 1
        samples = np.repeat((tone(rate) * 32767).astype("<i2"), channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        fifo = av.AudioFifo()
        for converted in resampler.resample(frame):
            fifo.write(converted)
        while piece := fifo.read(stream.frame_size or 1024, partial=True):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()


def loudest_hertz(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, "<i2").astype(float)
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples))


SOUND: dict[str, Callable[[], bytes]] = {
    "16 kHz mono, as recognisers want it": wav_file,
    "8-bit": lambda: wav_file(width=1),
    "32-bit": lambda: wav_file(width=4),
    "32-bit float": float_wav,
    "stereo": lambda: wav_file(channels=2),
    "six channels": lambda: wav_file(channels=6),
    "48 kHz stereo": lambda: wav_file(48_000, channels=2),
    "telephone, 8 kHz": lambda: wav_file(8_000),
    "MP3": lambda: encoded("mp3", "libmp3lame", 44_100),
    "AAC in MP4, as telephones record": lambda: encoded("ipod", "aac", 44_100),
    "AAC alone": lambda: encoded("adts", "aac", 44_100),
    "Opus in Ogg": lambda: encoded("ogg", "libopus", 48_000),
    "Opus in WebM, as browsers record": lambda: encoded("webm", "libopus", 48_000),
    "FLAC": lambda: encoded("flac", "flac", 48_000),
}


@pytest.mark.parametrize("kind", SOUND)
def test_sound_of_every_kind_is_converted(kind: str, tmp_path: Path) -> None:
    content = SOUND[kind]()
    (tmp_path / "recording").write_bytes(content)
    pcm = read_recording(tmp_path / "recording")
    assert pcm == read_recording(content)
    # Lossy codecs add a little at either end.
    assert abs(len(pcm) / 2 / RATE - SECONDS) < 0.1
    assert abs(loudest_hertz(pcm) - TONE_HZ) < 3


def test_what_needs_no_conversion_comes_out_as_it_went_in() -> None:
    pcm = read_recording(wav_file())
    assert pcm == (tone(RATE) * 32767).astype("<i2").tobytes()


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        pytest.param(wav_file()[: 44 + RATE], 0.5, id="WAV cut after half a second"),
        pytest.param(wav_file()[: 44 + RATE + 1], 0.5, id="WAV cut inside a sample"),
        pytest.param(
            SOUND["MP3"]()[: len(SOUND["MP3"]()) // 2], SECONDS / 2, id="MP3 cut in the middle"
        ),
    ],
)
def test_of_a_recording_cut_short_the_beginning_is_heard(content: bytes, seconds: float) -> None:
    assert abs(len(read_recording(content)) / 2 / RATE - seconds) < 0.15


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    return file.getvalue()


def _silent_film() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "u1"), format="rgb24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", AudioFault.EMPTY, id="an empty file"),
        pytest.param(wav_file(seconds=0), AudioFault.EMPTY, id="a WAV without samples"),
        pytest.param(wav_file()[:20], AudioFault.NOT_AUDIO, id="a WAV cut in its head"),
        pytest.param("请问公积金怎么提取\n".encode() * 99, AudioFault.NOT_AUDIO, id="a text"),
        pytest.param(_zip(), AudioFault.NOT_AUDIO, id="an archive"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(500), AudioFault.NOT_AUDIO, id="a picture"),
        pytest.param(bytes(5000), AudioFault.NOT_AUDIO, id="zeros without a head"),
        pytest.param(b"\0", AudioFault.NOT_AUDIO, id="one byte"),
        pytest.param(_silent_film(), AudioFault.NO_SOUND, id="a film without sound"),
    ],
)
def test_what_is_no_recording_is_refused_with_its_reason(
    content: bytes, reason: AudioFault
) -> None:
    with pytest.raises(UnreadableAudio) as refused:
        read_recording(content)
    assert refused.value.reason == reason
    assert any("\u4e00" <= char <= "\u9fff" for char in str(refused.value))


def test_random_bytes_are_refused_or_harmless() -> None:
    # Some decoders find a frame in anything; then there must be hardly any sound in it.
    noise = np.random.default_rng(7).bytes(200_000)
    try:
        assert len(read_recording(noise)) < RATE
    except UnreadableAudio as refused:
        assert refused.reason in (AudioFault.NOT_AUDIO, AudioFault.EMPTY)


def test_a_recording_that_is_too_long_is_refused_at_the_limit(tmp_path: Path) -> None:
    # A header that promises an hour, and the hour itself as a hole in the file.
    hour = 3600 * RATE * 2
    path = tmp_path / "hour.wav"
    with path.open("wb") as file:
        file.write(wav_file(seconds=0)[:40] + struct.pack("<I", hour))
        file.truncate(44 + hour)
    with pytest.raises(UnreadableAudio) as refused:
        read_recording(path)
    assert refused.value.reason == AudioFault.TOO_LONG


def test_the_limit_can_be_set() -> None:
    assert read_recording(wav_file(), longest_s=2.0)
    with pytest.raises(UnreadableAudio) as refused:
        read_recording(wav_file(), longest_s=1.9)
    assert refused.value.reason == AudioFault.TOO_LONG


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("missing.wav", AudioFault.MISSING, id="no such file"),
        pytest.param(".", AudioFault.NOT_A_FILE, id="a folder"),
        pytest.param("pipe", AudioFault.NOT_A_FILE, id="a pipe nobody writes to"),
        pytest.param("a\0b", AudioFault.NOT_A_FILE, id="a name no file can have"),
    ],
)
def test_what_is_no_file_is_refused(tmp_path: Path, path: str, reason: AudioFault) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableAudio) as refused:
        read_recording(tmp_path / path)
    assert refused.value.reason == reason


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(wav_file())
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{tmp_path}/secret.wav\n"
    (tmp_path / "list.m3u8").write_text(playlist + "#EXT-X-ENDLIST\n")
    (tmp_path / "list.txt").write_text(f"ffconcat version 1.0\nfile {tmp_path}/secret.wav\n")
    for name in ("list.m3u8", "list.txt"):
        with pytest.raises(UnreadableAudio):
            read_recording(tmp_path / name)


def test_no_file_stays_open(tmp_path: Path) -> None:
    (tmp_path / "good.wav").write_bytes(wav_file())
    (tmp_path / "bad.wav").write_bytes(b"bad" * 100)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        read_recording(tmp_path / "good.wav")
        with pytest.raises(UnreadableAudio):
            read_recording(tmp_path / "bad.wav")
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before
