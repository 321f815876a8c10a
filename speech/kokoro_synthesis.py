"""Kokoro-82M on ONNX Runtime: natural Mandarin, the default voice."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speech.errors import EngineBroken, EngineBusy, SynthesisFailed, UnknownVoice
from speech.languages.front_end import FrontEnd
from speech.languages.mandarin import MANDARIN
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE, Sound

SAMPLE_RATE = 24_000
_SILENCE = 0.01
"""Loudness, of 1, below which nothing is heard."""
_MOST_TOKENS = 510
"""The model's window, and the number of styles each voice has, one for each length."""
MOST_WAITING = 32
"""Sentences that may wait for the one model; a longer queue helps nobody."""
LONGEST_TEXT = 1_000
"""Characters; more is no sentence, and would keep everybody else waiting for minutes."""
_PREFERRED = ("zf_xiaoyi", "zf_xiaoxiao", "zf_xiaobei", "zm_yunyang")
"""The first of these that is there is the default voice."""
_PAUSES = tuple(",.!?:;")


@dataclass(frozen=True)
class _Model:
    session: Any
    vocabulary: dict[str, int]
    styles: dict[str, NDArray[np.float32]]


class KokoroSynthesiser:
    """Speaks one sentence at a time on its own thread; the model takes all cores it is given."""

    name = "kokoro"
    takes_time = True

    def __init__(self, model: _Model, front_end: FrontEnd = MANDARIN) -> None:
        self._model = model
        self._front_end = front_end
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kokoro")
        self._waiting = 0
        known = sorted(model.styles)
        preferred = [voice for voice in _PREFERRED if voice in known]
        self.voices: tuple[str, ...] = tuple(dict.fromkeys([*preferred, *known]))

    @classmethod
    async def load(
        cls, model_dir: Path, threads: int = 2, front_end: FrontEnd = MANDARIN
    ) -> KokoroSynthesiser:
        """Load model.onnx, vocab.json and voices/*.bin from a folder, and say a first word.

        Raises EngineBroken when they cannot be loaded.
        """
        synthesiser = cls(await asyncio.to_thread(_load, model_dir, threads), front_end)
        # The dictionaries are read here too, so that the first visitor does not wait for them.
        await synthesiser.speak("好，1个。")
        return synthesiser

    async def speak(
        self, text: str, *, voice: str | None = None, rate: float = DEFAULT_RATE
    ) -> Sound:
        """Return one sentence of ordinary written Chinese, spoken.

        Raises SynthesisFailed for a text without anything to say or longer than LONGEST_TEXT,
        EngineBusy when too many wait, UnknownVoice.
        """
        chosen = voice or self.voices[0]
        if chosen not in self._model.styles:
            raise UnknownVoice(f"没有名为 {chosen} 的声音，可用的有：{'、'.join(self.voices)}。")
        rate = min(FASTEST_RATE, max(SLOWEST_RATE, rate))
        if len(text) > LONGEST_TEXT:
            raise SynthesisFailed("这段文字太长，请分成几句来读。")
        if self._waiting >= MOST_WAITING:
            raise EngineBusy("正在等候朗读的人太多，请稍等片刻再听。")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._spoken, text, chosen, rate)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the sentence being made finish, and the thread go."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def _spoken(self, text: str, voice: str, rate: float) -> Sound:
        parts = [
            self._run(tokens, voice, rate)
            for tokens in _windows(self._symbols(text), self._model.vocabulary)
        ]
        if not parts:
            raise SynthesisFailed("这段文字里没有可以读出来的内容。")
        samples = np.clip(_without_silence(np.concatenate(parts)), -1.0, 1.0)
        return Sound((samples * 32767).astype("<i2").tobytes(), SAMPLE_RATE)

    def _symbols(self, text: str) -> list[str]:
        return self._front_end.kokoro_symbols(self._front_end.spoken_form(text))

    def _run(self, tokens: list[int], voice: str, rate: float) -> NDArray[np.float32]:
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._model.styles[voice][len(tokens) - 1],
            "speed": np.array([rate], dtype=np.float32),
        }
        (audio,) = self._model.session.run(None, inputs)
        return np.asarray(audio, dtype=np.float32).reshape(-1)


def _without_silence(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a sound without most of the silence around it, up to a second of which the model adds.

    Pieces are played one after the other: it would be heard as a gap.
    """
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    if not len(loud):
        return samples
    first = max(0, int(loud[0]) - SAMPLE_RATE // 20)
    return samples[first : int(loud[-1]) + SAMPLE_RATE // 5]


def _windows(said: list[str], vocabulary: dict[str, int]) -> list[list[int]]:
    """Return the tokens of a sentence, in as many windows as the model needs."""
    windows: list[list[int]] = []
    window: list[int] = []
    for written in said:
        space = " " if window and not written.startswith(_PAUSES) and window[-1] != 16 else ""
        tokens = [vocabulary[symbol] for symbol in space + written if symbol in vocabulary]
        if len(window) + len(tokens) > _MOST_TOKENS:
            windows.append(window)
            window = []
        window += tokens[:_MOST_TOKENS]
    if any(not written.startswith(_PAUSES) for written in said):
        windows.append(window)
    return [window for window in windows if window]


def _load(model_dir: Path, threads: int) -> _Model:
    import onnxruntime

    try:
        vocabulary: dict[str, int] = json.loads(
            (model_dir / "vocab.json").read_text(encoding="utf-8")
        )["vocab"]
        styles = {
            path.stem: np.fromfile(path, dtype="<f4").reshape(_MOST_TOKENS, 1, 256)
            for path in sorted((model_dir / "voices").glob("z*.bin"))
        }
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that wait for each other by spinning take a fifth more of the processors, which
        # others need meanwhile, and are no earlier done where others are at work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(model_dir / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime raises classes of its own for a bad file.
        raise EngineBroken(f"Kokoro 模型无法加载：{type(error).__name__}。") from error
    if not styles:
        raise EngineBroken("Kokoro 模型里没有普通话的声音。")
    return _Model(session, vocabulary, styles)
