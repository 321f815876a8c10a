"""Audio: recordings of any common kind made into what recognisers take."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from speech.errors import AudioFault, UnreadableAudio
from speech.recognition import BYTES_PER_SECOND, SAMPLE_RATE

LONGEST_RECORDING_S = 600
"""Ten minutes: longer than any question, short enough that one file cannot occupy a machine."""

# Playlists and concatenations make FFmpeg open other files and addresses, so only kinds of file
# that carry their own sound may be tried.
_FORMATS = (
    "wav,w64,aiff,au,caf,flac,mp3,aac,ogg,amr,amrnb,amrwb,asf,ac3,ape,wv,tta,"
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,flv,latm,loas"
)


def read_recording(
    recording: Path | str | bytes, *, longest_s: float = LONGEST_RECORDING_S
) -> bytes:
    """Return the sound of a file, or of a file's bytes, as 16 kHz, 16-bit, mono PCM.

    Takes WAV of any width, rate and number of channels, MP3, AAC, Opus, FLAC and whatever else
    FFmpeg decodes; of a file that was cut short, the sound there is. It decodes for as long as the
    recording lasts: call it in a thread.

    Raises UnreadableAudio, whose `reason` says what is wrong. A recording longer than `longest_s`
    seconds is refused after decoding that much and no more.
    """
    if isinstance(recording, bytes):
        return _decode(io.BytesIO(recording), longest_s)
    path = Path(recording)
    # A pipe or a device would never end.
    if path.exists() and not path.is_file():
        raise UnreadableAudio(AudioFault.NOT_A_FILE)
    try:
        with path.open("rb") as file:
            return _decode(file, longest_s)
    except FileNotFoundError:
        raise UnreadableAudio(AudioFault.MISSING) from None
    except (OSError, ValueError) as error:
        raise UnreadableAudio(AudioFault.NOT_A_FILE, str(error)) from None


def _decode(file: BinaryIO, longest_s: float) -> bytes:
    if not file.read(1):
        raise UnreadableAudio(AudioFault.EMPTY)
    file.seek(0)
    longest = int(longest_s * BYTES_PER_SECOND)
    pcm = bytearray()
    try:
        container = av.open(file, mode="r", options={"format_whitelist": _FORMATS})
    except (av.error.FFmpegError, ValueError, EOFError) as error:
        raise UnreadableAudio(AudioFault.NOT_AUDIO, str(error)) from None
    with container:
        try:
            for piece in _pieces(container):
                pcm += piece
                if len(pcm) > longest:
                    raise UnreadableAudio(AudioFault.TOO_LONG, f"longer than {longest_s:g} s")
        except (av.error.FFmpegError, EOFError, ValueError) as error:
            # A recording that was cut off is worth hearing up to the cut.
            if not pcm:
                raise UnreadableAudio(AudioFault.NOT_AUDIO, str(error)) from None
    if not pcm:
        raise UnreadableAudio(AudioFault.EMPTY)
    return bytes(pcm)


def _pieces(container: InputContainer) -> Iterator[bytes]:
    if not container.streams.audio:
        raise UnreadableAudio(AudioFault.NO_SOUND)
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    for frame in container.decode(container.streams.audio[0]):
        for converted in resampler.resample(frame):
            yield _bytes_of(converted)
    for converted in resampler.resample(None):
        yield _bytes_of(converted)


def _bytes_of(frame: AudioFrame) -> bytes:
    return frame.to_ndarray().tobytes()
