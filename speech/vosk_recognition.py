"""Vosk: recognition that shows the words while the person still speaks."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from speech.errors import EngineBroken
from speech.model_folders import takes_phrases, vosk_faults
from speech.recognition import Heard
from speech.samples import WholeSamples, bytes_of, milliseconds
from speech.spoken_parts import SpokenParts
from speech.voice_activity import VoiceActivity
from speech.vosk_process import VoskProcess
from speech.vosk_worker import EXPECT, FINISH, FORGET, HEAR, HELD, UNKNOWN
from speech.written_text import written_form

P = ParamSpec("P")
T = TypeVar("T")

_DIGITS = "零〇洞一幺二两三四五六七拐八九勾叉"
"""What a number may be said with, digit by digit."""

log = logging.getLogger(__name__)

_HEARD_AT_ONCE_MS, _IN_A_CROWD_MS = 200, 400
"""Sound that the engine gets at a time: larger pieces cost less, and hasten the words less."""
_CROWD = 8
"""People to a processor that are a crowd."""
_WATCHED_AT_ONCE_MS = 400
"""Sound that is watched for the end of a voice at a time. A silence is measured by where it is in the
sound: that it began is merely known a little later."""

LONGEST_UTTERANCE_MS = 30_000
"""After this the utterance ends by itself, whoever still speaks."""


class VoskRecogniser:
    """The Vosk engine with one model, shared by everybody who speaks.

    Vosk runs in a process of its own (speech/vosk_worker.py says why). One that dies takes the
    utterances of the moment with it; the next utterance starts another.
    """

    name = "vosk"
    streams = True

    def __init__(
        self,
        model_dir: Path,
        process: VoskProcess,
        voice_activity: VoiceActivity,
        threads: ThreadPoolExecutor,
        *,
        model: str,
        silence_ms: int,
    ) -> None:
        self.model = model
        self.silence_ms = silence_ms
        self.voice_activity = voice_activity
        self._model_dir = model_dir
        self._takes_phrases = takes_phrases(model_dir)
        self._missing: set[str] = set()
        self._process = process
        self._starting = asyncio.Lock()
        self._threads = threads
        self._numbers = itertools.count(1)
        self.speaking: set[int] = set()
        """Numbers of the utterances that are being heard."""
        self._closed = False

    @classmethod
    async def load(cls, model_dir: Path, *, model: str, silence_ms: int) -> VoskRecogniser:
        """Load a model, which takes up to a second.

        `silence_ms` is the silence that ends an utterance, in milliseconds.
        Raises EngineBroken when the folder holds no complete model or Vosk refuses it.
        """
        threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="vosk")
        try:
            voice = await asyncio.get_running_loop().run_in_executor(threads, _prepare, model_dir)
            process = await VoskProcess.start(model_dir)
        except BaseException:
            threads.shutdown(wait=False)
            raise
        return cls(model_dir, process, voice, threads, model=model, silence_ms=silence_ms)

    def begin(self, phrases: Sequence[str] = ()) -> VoskUtterance:
        expected = phrases if self._takes_phrases else ()
        return VoskUtterance(self, next(self._numbers), expected)

    @property
    def heard_at_once_ms(self) -> int:
        """How much sound of each who speaks the engine gets at a time."""
        crowd = len(self.speaking) * _IN_A_CROWD_MS // (_CROWD * (os.cpu_count() or 1))
        return min(_IN_A_CROWD_MS, max(_HEARD_AT_ONCE_MS, crowd))

    def note_missing(self, phrases: Sequence[str]) -> None:
        """Say once of each phrase that the model has no words for it."""
        new = sorted(set(phrases) - self._missing)
        self._missing.update(new)
        if new:
            log.warning("The model has no words for %d of the phrases it may expect", len(new))

    async def rehearse(self, pcm: bytes) -> float:
        """Hear a sound, speech or not; return the seconds that it took."""
        number, process = next(self._numbers), await self.process()
        voice = self.voice_activity.stream()
        began = time.perf_counter()
        # How many may speak is asked: they are a crowd.
        for start in range(0, len(pcm), bytes_of(_IN_A_CROWD_MS)):
            piece = pcm[start : start + bytes_of(_IN_A_CROWD_MS)]
            await self.in_thread(voice.hear, piece)
            # Whether or not that is taken for a voice: it stands for somebody who speaks.
            await process.ask(HEAR, number, piece)
        took = time.perf_counter() - began
        await process.ask(FORGET, number)
        return took

    async def close(self) -> None:
        self._closed = True
        await self._process.close()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)

    async def process(self) -> VoskProcess:
        """Return the running worker, started anew if it died. Raises EngineBroken."""
        async with self._starting:
            if self._closed:
                raise EngineBroken("语音识别已经关闭。")
            if not self._process.alive:
                await self._process.close()
                self._process = await VoskProcess.start(self._model_dir)
            return self._process

    async def in_thread(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what a call returns that would hold up the loop. Raises EngineBroken."""
        if self._closed:
            raise EngineBroken("语音识别已经关闭。")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(call, *arguments, **named))


def _prepare(model_dir: Path) -> VoiceActivity:
    if faults := vosk_faults(model_dir):
        raise EngineBroken(f"{model_dir} 不是完整的 Vosk 模型，缺少：{'、'.join(faults)}。")
    # The grammars of written numbers load with their first use: not in somebody's question.
    written_form("二十")
    return VoiceActivity()


class VoskUtterance:
    """One person speaking once, heard by Vosk."""

    def __init__(
        self, recogniser: VoskRecogniser, number: int, phrases: Sequence[str] = ()
    ) -> None:
        self._recogniser = recogniser
        self._phrases = phrases
        self._silence_ms = recogniser.silence_ms
        self._number = number
        self.alternatives: tuple[str, ...] = ()
        self._voice = recogniser.voice_activity.stream()
        self._spoken = SpokenParts(self._voice)
        self._process: VoskProcess | None = None
        self._whole = WholeSamples()
        self._unheard = b""
        self._unwatched = b""
        self._over = False
        self._settled: list[str] = []
        self._raw = ""
        self._text = ""
        self._heard_ms = 0
        self._new_words_ms = 0
        self._first_word_ms = 0

    async def hear(self, pcm: bytes) -> Heard:
        """Take the next piece of sound.

        Raises EngineBroken when Vosk fails, or when the utterance or the recogniser is over.
        """
        self._raise_if_over()
        if self._process is None:
            self._recogniser.speaking.add(self._number)
            self._process = await self._recogniser.process()
            await self._expect(self._process)
        self._unheard += self._whole.take(pcm)
        # However much came at once, the voice is watched step by step.
        while len(self._unheard) >= (step := bytes_of(self._recogniser.heard_at_once_ms)):
            await self._hear(self._process, step)
        if self._voice.voice is None:
            return Heard("")
        return Heard(self._text, ended=self._ended(), pause_ms=self._voice.silence_ms)

    async def finish(self) -> str:
        """Return the final words. Raises EngineBroken as hear() does."""
        self._raise_if_over()
        self._let_go()
        if self._process is None:
            return ""
        while self._unheard:
            await self._hear(self._process, bytes_of(_HEARD_AT_ONCE_MS))
        if self._unwatched:
            await self._watch()
        held = await self._process.ask(HELD, self._number) if self._phrases else ""
        last = await self._process.ask(FINISH, self._number)
        # Vosk may hear words in music and noise; nobody spoke them.
        if self._voice.voice is None:
            return ""
        self._understand(last, complete=True)
        if expected := expected_words(held, self._raw, self._phrases):
            self.alternatives = (self._text,) if self._text else ()
            return written_form(expected)
        return self._text

    async def abandon(self) -> None:
        if not self._over and self._process is not None and self._process.alive:
            self._process.tell(FORGET, self._number)
        self._let_go()

    def _let_go(self) -> None:
        self._over = True
        self._recogniser.speaking.discard(self._number)

    async def _hear(self, process: VoskProcess, step: int) -> None:
        """Watch for a voice in what came in, and let the engine hear it where there is one."""
        sound, self._unheard = self._unheard[:step], self._unheard[step:]
        self._heard_ms += milliseconds(len(sound))
        self._unwatched += sound
        if not self._voice.goes_on or len(self._unwatched) >= bytes_of(_WATCHED_AT_ONCE_MS):
            await self._watch()
        if spoken := self._spoken.take(sound):
            said = await process.ask(HEAR, self._number, spoken)
            self._understand(said.strip(), complete=said.endswith("\n"))

    async def _watch(self) -> None:
        sound, self._unwatched = self._unwatched, b""
        await self._recogniser.in_thread(self._voice.hear, sound)

    async def _expect(self, process: VoskProcess) -> None:
        if self._phrases:
            named = json.dumps(list(self._phrases)).encode()
            self._recogniser.note_missing(
                json.loads(await process.ask(EXPECT, self._number, named))
            )

    def _raise_if_over(self) -> None:
        if self._over:
            raise EngineBroken("这一句已经结束，请重新开始。")

    def _understand(self, said: str, *, complete: bool) -> None:
        raw = " ".join(filter(None, [*self._settled, said]))
        if complete and said:
            self._settled.append(said)
        if raw == self._raw:
            return
        self._text = written_form(raw)  # Half a millisecond at most: a thread would cost more.
        self._first_word_ms = self._first_word_ms or self._heard_ms
        self._raw, self._new_words_ms = raw, self._heard_ms

    def _ended(self) -> bool:
        """Whether the speaker seems to have finished.

        The engine alone ends after half a second, too soon for people who pause to think, so an
        end needs `silence_ms` without a voice. Where noise hides the silence, or nothing was
        understood, twice as long without a new word ends it too.
        """
        if self._raw:
            too_long = self._heard_ms - self._first_word_ms >= LONGEST_UTTERANCE_MS
            if too_long or self._voice.silence_ms >= self._silence_ms:
                return True
            if self._settled:
                return self._heard_ms - self._new_words_ms >= 2 * self._silence_ms
        return self._voice.silence_ms >= 2 * self._silence_ms


def expected_words(held: str, free: str, phrases: Collection[str]) -> str:
    """Return what one who knows a few phrases alone heard, "" where it was something else.

    Somebody may say anything at any time, and the words of the phrases are then heard in it, in any
    order: only a whole phrase counts, or a number, and neither where it would be a small part of a
    long sentence.
    """
    words = held.split()
    expected = [word for word in words if word != UNKNOWN]
    said, all_said = "".join(expected), free.replace(" ", "").replace(UNKNOWN, "")
    if len(words) - len(expected) > 1 or 2 * len(said) < len(all_said):
        return ""
    is_phrase = said in {phrase.replace(" ", "") for phrase in phrases}
    is_number = all(digit in _DIGITS and digit in phrases for digit in said)
    return " ".join(expected) if is_phrase or is_number else ""
