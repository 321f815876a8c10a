"""Whisper: recognition of whole utterances, through faster-whisper, behind voice activity."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numpy as np

from speech.errors import EngineBroken, EngineBusy
from speech.invented_words import without_invented_words
from speech.model_folders import whisper_faults
from speech.recognition import Heard
from speech.voice_activity import VoiceActivity
from speech.voice_recording import VoiceRecording
from speech.whisper_decoding import Hypothesis, hypotheses
from speech.written_text import written_form

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

P = ParamSpec("P")
T = TypeVar("T")

MOST_WAITING = 16
"""People who may wait for one model; at about a second each, a longer queue helps nobody."""


class WhisperRecogniser:
    """A whisper model shared by everybody who speaks; it transcribes one utterance at a time."""

    name = "whisper"
    streams = False

    def __init__(
        self,
        engine: WhisperModel,
        voice_activity: VoiceActivity,
        *,
        model: str,
        silence_ms: int,
    ) -> None:
        self.model = model
        self.silence_ms = silence_ms
        self.voice_activity = voice_activity
        self._engine = engine
        self._engine_thread = ThreadPoolExecutor(1, thread_name_prefix="whisper")
        # Watching for voice must not wait behind somebody else's transcription.
        self.voice_threads = ThreadPoolExecutor(
            min(4, os.cpu_count() or 1), thread_name_prefix="voice-activity"
        )
        self._waiting = 0

    @classmethod
    async def load(
        cls, model_dir: Path, *, model: str, silence_ms: int, threads: int = 2
    ) -> WhisperRecogniser:
        """Load a model, which takes about a second, in a thread.

        `silence_ms` is the silence that ends an utterance, in milliseconds; `threads` is the number
        of processor cores that one transcription may use.
        Raises EngineBroken when the folder holds no complete model or it cannot be loaded.
        """
        engine, voice = await asyncio.to_thread(_load, model_dir, threads)
        return cls(engine, voice, model=model, silence_ms=silence_ms)

    def begin(self, phrases: Sequence[str] = ()) -> WhisperUtterance:
        return WhisperUtterance(self)

    async def rehearse(self, pcm: bytes) -> float:
        """Transcribe a sound, speech or not; return the seconds that it took."""
        began = time.perf_counter()
        await self.transcribe(pcm)
        return time.perf_counter() - began

    async def close(self) -> None:
        for threads in (self.voice_threads, self._engine_thread):
            await asyncio.to_thread(threads.shutdown, wait=True, cancel_futures=True)

    async def transcribe(self, pcm: bytes) -> tuple[str, ...]:
        """Return the words of one utterance that is known to hold speech, and after them what else
        they may have been.

        A caller that is cancelled while it waits leaves the queue; one that is cancelled while the
        engine works waits for it, so that no work is left running. Raises EngineBusy when too many
        wait, EngineBroken when the engine fails.
        """
        if self._waiting >= MOST_WAITING:
            raise EngineBusy("正在等候识别的人太多，请稍等片刻再说。")
        self._waiting += 1
        try:
            job = self._engine_thread.submit(_transcribe, self._engine, pcm)
            try:
                return await asyncio.wrap_future(job)
            except asyncio.CancelledError:
                if not job.cancel():
                    await asyncio.to_thread(job.exception)
                raise
        except RuntimeError as error:
            raise EngineBroken(f"whisper 识别出错：{error}") from error
        finally:
            self._waiting -= 1


def _load(model_dir: Path, threads: int) -> tuple[WhisperModel, VoiceActivity]:
    if faults := whisper_faults(model_dir):
        raise EngineBroken(f"{model_dir} 不是完整的 whisper 模型，缺少：{'、'.join(faults)}。")
    try:
        from faster_whisper import WhisperModel

        # The grammars of written numbers load with their first use: not in somebody's question.
        written_form("二十")
        engine = WhisperModel(
            str(model_dir),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            num_workers=1,
            local_files_only=True,
        )
    except Exception as error:
        # CTranslate2 and the tokenizers raise RuntimeError, ValueError or bare Exception.
        raise EngineBroken(f"whisper 无法加载 {model_dir}：{error}") from error
    return engine, VoiceActivity()


def _transcribe(engine: WhisperModel, pcm: bytes) -> tuple[str, ...]:
    """Return the texts that may have been said, the likeliest first; the first may be ""."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)
    stretches = hypotheses(engine, samples)
    texts = [_written(best[0] for best in stretches)]
    if len(stretches) == 1 and texts[0]:
        texts += [_written([other]) for other in stretches[0][1:]]
    return tuple(dict.fromkeys(texts))


def _written(said: Iterable[Hypothesis]) -> str:
    believed = "".join(one.text for one in said if one.is_believed)
    return without_invented_words(written_form(believed))


class WhisperUtterance:
    """One person speaking once: kept until the end of speech, then transcribed as a whole."""

    def __init__(self, recogniser: WhisperRecogniser) -> None:
        self._recogniser = recogniser
        self.alternatives: tuple[str, ...] = ()
        self._recording: VoiceRecording | None = VoiceRecording(recogniser.voice_activity)

    async def hear(self, pcm: bytes) -> Heard:
        """Take the next piece of sound; the text stays empty until finish().

        Raises EngineBroken when the utterance or the recogniser is over.
        """
        recording = self._recording_or_raise()
        await self._in_thread(recording.hear, pcm)
        return Heard(
            "", ended=recording.ended(self._recogniser.silence_ms), pause_ms=recording.pause_ms
        )

    async def finish(self) -> str:
        """Return the final words. Raises EngineBusy, or EngineBroken as hear() does."""
        recording = self._recording_or_raise()
        self._recording = None
        spoken = await self._in_thread(recording.spoken)
        if not spoken:
            return ""
        text, *others = await self._recogniser.transcribe(spoken)
        self.alternatives = tuple(filter(None, others))
        return text

    async def abandon(self) -> None:
        self._recording = None

    def _recording_or_raise(self) -> VoiceRecording:
        if self._recording is None:
            raise EngineBroken("这一句已经结束，请重新开始。")
        return self._recording

    async def _in_thread(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        threads = self._recogniser.voice_threads
        try:
            return await loop.run_in_executor(threads, partial(call, *arguments, **named))
        except RuntimeError as error:
            raise EngineBroken("语音识别已经关闭。") from error
