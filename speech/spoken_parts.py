"""Spoken parts: an engine gets the sound while somebody speaks, and not the silence between.

Silence costs an engine as much as speech, and most of the time that a microphone is open nobody
speaks. Nothing that was taken for a voice is lost, nor what came shortly before it.
"""

from __future__ import annotations

from speech.samples import bytes_of
from speech.voice_activity import VoiceStream

SILENCE_HEARD_MS = 600
"""Silence after a voice that is still heard: the engine finds the end of a sentence by it."""
_KEPT_MS = 400
"""Sound that is heard before the piece in which a voice is known: it is known after 100 ms, and its
first sound may be too soft to be one."""


class SpokenParts:
    """Holds back the sound of one stream while nobody speaks."""

    def __init__(self, voice: VoiceStream) -> None:
        """`voice` is given every piece of the stream before this is, as long as it does not go on.

        Pieces are shorter than SILENCE_HEARD_MS.
        """
        self._voice = voice
        self._kept = b""

    def take(self, pcm: bytes) -> bytes:
        """Return what is to be heard now that one more piece of whole samples came."""
        sound = self._kept + pcm
        if self._voice.has_begun and self._voice.silence_ms <= SILENCE_HEARD_MS:
            self._kept = b""
            return sound
        self._kept = sound[-bytes_of(_KEPT_MS) :]
        return b""
