"""What can go wrong with speech.

SpeechError
├── UnreadableAudio     the file or stream is not sound that can be converted
├── SynthesisFailed     the engine gave no sound
├── UnknownVoice
├── EngineBroken        the engine cannot be loaded or has died
└── ModelUnavailable    no source has the model, or none that passes its check
"""

from __future__ import annotations


class SpeechError(Exception):
    """A failure of sound, of an engine or of a model."""

    code = "speech_error"


class UnreadableAudio(SpeechError):
    code = "unreadable_audio"


class SynthesisFailed(SpeechError):
    code = "synthesis_failed"


class UnknownVoice(SpeechError):
    code = "unknown_voice"


class EngineBroken(SpeechError):
    code = "engine_broken"


class ModelUnavailable(SpeechError):
    code = "model_unavailable"
