"""Vosk: recognition that shows the words while the person still speaks."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from speech.errors import EngineBroken
from speech.model_folders import vosk_faults
from speech.recognition import SAMPLE_RATE, Heard
from speech.samples import WholeSamples, milliseconds
from speech.voice_activity import VoiceActivity, VoiceStream
from speech.written_text import written_form

if TYPE_CHECKING:
    import vosk

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_UTTERANCE_MS = 30_000
"""After this the utterance ends by itself, whoever still speaks."""


class VoskRecogniser:
    """The Vosk engine with one model, shared by everybody who speaks.

    A model may be shared between threads, a KaldiRecognizer may not (alphacep/vosk-api#1651), so
    each utterance owns one and all its calls go through one lock.
    """

    name = "vosk"
    streams = True

    def __init__(
        self,
        engine: vosk.Model,
        voice_activity: VoiceActivity,
        threads: ThreadPoolExecutor,
        *,
        model: str,
        silence_ms: int,
    ) -> None:
        self.model = model
        self.silence_ms = silence_ms
        self.engine = engine
        self.voice_activity = voice_activity
        self.threads = threads

    @classmethod
    async def load(cls, model_dir: Path, *, model: str, silence_ms: int) -> VoskRecogniser:
        """Load a model, which takes up to a second, in a thread.

        `silence_ms` is the silence that ends an utterance, in milliseconds.
        Raises EngineBroken when the folder holds no complete model or Vosk refuses it.
        """
        threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="vosk")
        loop = asyncio.get_running_loop()
        try:
            engine, voice = await loop.run_in_executor(threads, _load, model_dir)
        except BaseException:
            threads.shutdown(wait=False)
            raise
        return cls(engine, voice, threads, model=model, silence_ms=silence_ms)

    def begin(self) -> VoskUtterance:
        return VoskUtterance(self)

    async def close(self) -> None:
        await asyncio.to_thread(self.threads.shutdown, wait=True, cancel_futures=True)


def _load(model_dir: Path) -> tuple[vosk.Model, VoiceActivity]:
    if faults := vosk_faults(model_dir):
        raise EngineBroken(f"{model_dir} 不是完整的 Vosk 模型，缺少：{'、'.join(faults)}。")
    try:
        import vosk

        vosk.SetLogLevel(-1)
        # The grammars of written numbers load with their first use: not in somebody's question.
        written_form("二十")
        return vosk.Model(str(model_dir)), VoiceActivity()
    except EngineBroken:
        raise
    except Exception as error:
        # Vosk raises nothing narrower than Exception, and OSError when its library is missing.
        raise EngineBroken(f"Vosk 无法加载 {model_dir}：{error}") from error


class VoskUtterance:
    """One person speaking once, heard by Vosk."""

    def __init__(self, recogniser: VoskRecogniser) -> None:
        self._threads = recogniser.threads
        # Making a KaldiRecognizer takes milliseconds, so that too is left to the thread.
        self._ear: _Ear | None = _Ear(recogniser)

    async def hear(self, pcm: bytes) -> Heard:
        """Take the next piece of sound.

        Raises EngineBroken when Vosk fails, or when the utterance or the recogniser is over.
        """
        return await self._call(self._ear_or_raise().hear, pcm)

    async def finish(self) -> str:
        """Return the final words. Raises EngineBroken as hear() does."""
        ear = self._ear_or_raise()
        self._ear = None
        return await self._call(ear.finish)

    async def abandon(self) -> None:
        # A call that still runs in a thread holds the ear itself and lets go when it returns.
        self._ear = None

    def _ear_or_raise(self) -> _Ear:
        if self._ear is None:
            raise EngineBroken("这一句已经结束，请重新开始。")
        return self._ear

    async def _call(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, partial(call, *arguments, **named))
        except RuntimeError as error:
            raise EngineBroken("语音识别已经关闭。") from error


class _Ear:
    """The engine's state for one utterance. Blocks: only threads of the recogniser call it."""

    def __init__(self, recogniser: VoskRecogniser) -> None:
        self._engine = recogniser.engine
        self._silence_ms = recogniser.silence_ms
        self._voice: VoiceStream = recogniser.voice_activity.stream()
        # A caller that was cancelled leaves its call running in the thread; the next one waits.
        self._lock = threading.Lock()
        self._whole = WholeSamples()
        self._kaldi: vosk.KaldiRecognizer | None = None
        self._settled: list[str] = []
        self._raw = ""
        self._text = ""
        self._heard_ms = 0
        self._new_words_ms = 0
        self._first_word_ms: int | None = None

    def hear(self, pcm: bytes) -> Heard:
        with self._lock:
            whole = self._whole.take(pcm)
            if whole:
                self._voice.hear(whole)
                self._heard_ms += milliseconds(len(whole))
                self._understand(self._decode(whole))
            if self._voice.voice is None:
                return Heard("")
            return Heard(self._text, ended=self._ended())

    def finish(self) -> str:
        with self._lock:
            if self._kaldi is None or self._voice.voice is None:
                return ""
            last = str(json.loads(self._kaldi.FinalResult())["text"])
            self._kaldi = None
            self._understand(" ".join([*self._settled, last]))
            return self._text

    def _decode(self, whole: bytes) -> str:
        import vosk

        if self._kaldi is None:
            self._kaldi = vosk.KaldiRecognizer(self._engine, SAMPLE_RATE)
        try:
            if self._kaldi.AcceptWaveform(whole):
                self._settled.append(str(json.loads(self._kaldi.Result())["text"]))
                return " ".join(self._settled)
            now = str(json.loads(self._kaldi.PartialResult())["partial"])
            return " ".join([*self._settled, now])
        except Exception as error:
            # Vosk raises nothing narrower.
            raise EngineBroken(f"Vosk 识别出错：{error}") from error

    def _understand(self, raw: str) -> None:
        raw = raw.strip()
        if raw == self._raw:
            return
        self._raw, self._text = raw, written_form(raw)
        self._new_words_ms = self._heard_ms
        if self._first_word_ms is None:
            self._first_word_ms = self._heard_ms

    def _ended(self) -> bool:
        """Whether the speaker seems to have finished.

        The engine alone ends after half a second, too soon for people who pause to think, so an
        end needs `silence_ms` without a voice. Where noise hides the silence, or nothing was
        understood, twice as long without a new word ends it too.
        """
        long_enough = self._heard_ms - (self._first_word_ms or 0) >= LONGEST_UTTERANCE_MS
        if self._raw and (long_enough or self._voice.silence_ms >= self._silence_ms):
            return True
        if self._raw and self._settled:
            return self._heard_ms - self._new_words_ms >= 2 * self._silence_ms
        return self._voice.silence_ms >= 2 * self._silence_ms
