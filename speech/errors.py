"""What can go wrong with speech.

SpeechError
├── UnreadableAudio     the file or stream is not sound that can be converted
├── SynthesisFailed     the engine gave no sound
├── UnknownVoice
├── EngineBroken        the engine cannot be loaded or has died
├── EngineBusy          too many people wait for the engine; trying again later may help
└── ModelUnavailable    no source has the model, or none that passes its check
"""

from __future__ import annotations

from enum import StrEnum


class SpeechError(Exception):
    """A failure of sound, of an engine or of a model."""

    code = "speech_error"


class AudioFault(StrEnum):
    """What is wrong with a recording; programs switch on it."""

    EMPTY = "empty"
    MISSING = "missing"
    NOT_A_FILE = "not_a_file"
    NOT_AUDIO = "not_audio"
    NO_SOUND = "no_sound"
    TOO_LONG = "too_long"


_FAULT_SENTENCES = {
    AudioFault.EMPTY: "录音是空的，没有声音内容，请重新录制。",
    AudioFault.MISSING: "找不到这个录音文件，请检查路径。",
    AudioFault.NOT_A_FILE: "这个位置不是可以读取的录音文件，请检查路径和权限。",
    AudioFault.NOT_AUDIO: "这个文件不是能识别的录音，请换成 WAV、MP3 或 M4A 格式。",
    AudioFault.NO_SOUND: "这个文件里没有声音，请换一个录音文件。",
    AudioFault.TOO_LONG: "录音太长了，请录短一些，只说要问的问题。",
}


class UnreadableAudio(SpeechError):
    """A recording that cannot be heard; the message is a Chinese sentence a person can act on."""

    code = "unreadable_audio"

    def __init__(self, reason: AudioFault = AudioFault.NOT_AUDIO, detail: str = "") -> None:
        super().__init__(_FAULT_SENTENCES[reason])
        self.reason = reason
        self.detail = detail
        """What the decoder said, for logs; may be empty."""


class SynthesisFailed(SpeechError):
    code = "synthesis_failed"


class UnknownVoice(SpeechError):
    code = "unknown_voice"


class EngineBroken(SpeechError):
    code = "engine_broken"


class EngineBusy(SpeechError):
    code = "engine_busy"


class ModelUnavailable(SpeechError):
    code = "model_unavailable"
