"""Voice recording: the part of a stream in which somebody speaks, kept while it comes in."""

from __future__ import annotations

import threading

from speech.samples import WholeSamples, bytes_of, milliseconds
from speech.voice_activity import VoiceActivity

LONGEST_MS = 30_000
"""As much as whisper hears at once."""
_MARGIN_MS = 600
"""Kept before and after the voice: consonants begin softly, and whisper hears better with a lead."""


class VoiceRecording:
    """Keeps what is said, from shortly before the first voice; a silent hour takes no memory.

    Blocks for about 0.5 ms for each 100 ms of sound.
    """

    def __init__(self, voice_activity: VoiceActivity) -> None:
        self._stream = voice_activity.stream()
        self._whole = WholeSamples()
        # A caller that was cancelled leaves its call running in a thread; the next one waits.
        self._lock = threading.Lock()
        self._pcm = bytearray()
        self._forgotten = 0

    def hear(self, pcm: bytes) -> None:
        """Take the next piece of sound, of any length; what is beyond the longest is not kept."""
        with self._lock:
            whole = self._whole.take(pcm)
            step = bytes_of(1000)
            for start in range(0, len(whole), step):
                self._keep(whole[start : start + step])

    def ended(self, silence_ms: int) -> bool:
        """Whether the speaker seems to have finished, or has filled the recording."""
        with self._lock:
            if self._stream.voice is None:
                return False
            return self._is_full() or self._stream.silence_ms >= silence_ms

    @property
    def pause_ms(self) -> int | None:
        """How long nobody has spoken; None while nobody has."""
        with self._lock:
            return None if self._stream.voice is None else self._stream.silence_ms

    def spoken(self) -> bytes:
        """Return the sound from the first voice to the last, b"" when nobody spoke."""
        with self._lock:
            voice = self._stream.voice
            if voice is None:
                return b""
            start = bytes_of(max(0, voice.start_ms - _MARGIN_MS)) - self._forgotten
            end = bytes_of(voice.end_ms + _MARGIN_MS) - self._forgotten
            return bytes(self._pcm[max(0, start) : end])

    def _keep(self, pcm: bytes) -> None:
        if self._is_full():
            return
        self._stream.hear(pcm)
        self._pcm += pcm
        if self._stream.voice is None:
            self._forget_silence()

    def _is_full(self) -> bool:
        return milliseconds(len(self._pcm)) >= LONGEST_MS

    def _forget_silence(self) -> None:
        surplus = len(self._pcm) - bytes_of(2 * _MARGIN_MS + 1000)
        if surplus > bytes_of(1000):
            del self._pcm[:surplus]
            self._forgotten += surplus
