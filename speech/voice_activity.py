"""Voice activity: whether a person speaks, and when. The silero model that faster-whisper ships."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from speech.errors import EngineBroken
from speech.recognition import SAMPLE_RATE
from speech.samples import WholeSamples, milliseconds

if TYPE_CHECKING:
    import onnxruntime

WINDOW = 512
"""Samples the model judges at a time: 32 ms."""
WINDOW_MS = WINDOW * 1000 // SAMPLE_RATE
_CONTEXT = 64
"""Samples of the window before that the model wants to see again."""
_STATE_SHAPE = (1, 1, 128)

VOICE_BEGINS = 0.5
"""Probability from which a window is voice; the model's own recommendation."""
VOICE_GOES_ON = 0.35
"""Probability down to which a window still belongs to the voice before it."""
LEAST_VOICE_MS = 160
"""Shorter than any word that could be a question: a click, a cough."""
_LEAST_RUN = 3
"""Windows in a row before anything counts: music and noise give single ones."""
_JUST_NOW_MS = 100
_FORGET_AFTER_MS = 1000
"""A sound too short for a word, with so much silence after it, was not the beginning."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Where somebody speaks in a recording, in milliseconds from its beginning."""

    start_ms: int
    end_ms: int
    voiced_ms: int
    """How much of that is voice and not pause."""


class VoiceActivity:
    """The voice model, loaded; its session may run in many threads at once, streams may not."""

    def __init__(self) -> None:
        """Load the model; call it in a thread. Raises EngineBroken when it cannot be loaded."""
        try:
            import faster_whisper
            import onnxruntime

            model = next(Path(faster_whisper.__file__).parent.glob("assets/silero_vad*.onnx"))
            options = onnxruntime.SessionOptions()
            options.inter_op_num_threads = options.intra_op_num_threads = 1
            options.enable_cpu_mem_arena = False
            options.log_severity_level = 4
            self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
                str(model), providers=["CPUExecutionProvider"], sess_options=options
            )
        except Exception as error:
            # onnxruntime raises classes of its own, derived from Exception alone.
            raise EngineBroken(f"人声检测模型无法加载：{error}") from error

    def stream(self) -> VoiceStream:
        """Start watching one stream of sound."""
        return VoiceStream(self._session)

    def voice_in(self, pcm: bytes) -> Voice | None:
        """Return where somebody speaks in a whole recording, None when nobody does."""
        stream = self.stream()
        stream.hear(pcm)
        return stream.voice


class VoiceStream:
    """Voice activity of one stream, piece by piece. Blocks for about 0.1 ms a window."""

    def __init__(self, session: Any) -> None:
        self._session = session
        # A caller that was cancelled leaves its call running in a thread; the next one waits.
        self._lock = threading.Lock()
        self._whole = WholeSamples()
        self._rest = np.zeros(_CONTEXT, dtype=np.float32)
        """What the model wants to see again, and samples that are no whole window yet."""
        self._h = self._c = np.zeros(_STATE_SHAPE, dtype=np.float32)
        self._windows = 0
        self._run_start = -1
        self._first = -1
        self._last = -1
        self._voiced = 0
        self._longest_run = 0

    def hear(self, pcm: bytes) -> None:
        """Take the next piece of sound, of any length."""
        with self._lock:
            self._hear(pcm)

    def _hear(self, pcm: bytes) -> None:
        samples = np.frombuffer(self._whole.take(pcm), dtype="<i2").astype(np.float32) / 32768
        joined = np.concatenate([self._rest, samples])
        count = (len(joined) - _CONTEXT) // WINDOW
        self._rest = joined[count * WINDOW :]
        if count:
            for probability in self._probabilities(joined[: count * WINDOW + _CONTEXT]):
                self._judge(probability)

    @property
    def heard_ms(self) -> int:
        """How much sound came in so far, up to the last whole window."""
        return self._windows * WINDOW_MS

    @property
    def has_begun(self) -> bool:
        """Whether there was anything like a voice so far, however short."""
        return self._last >= 0

    @property
    def goes_on(self) -> bool:
        """Whether somebody was speaking just now."""
        return self.has_begun and self.silence_ms < _JUST_NOW_MS

    @property
    def voice(self) -> Voice | None:
        """Where somebody spoke so far; None while there was nothing long enough to be a word."""
        if self._longest_run * WINDOW_MS < LEAST_VOICE_MS:
            return None
        return Voice(
            start_ms=self._first * WINDOW_MS,
            end_ms=(self._last + 1) * WINDOW_MS,
            voiced_ms=self._voiced * WINDOW_MS,
        )

    @property
    def silence_ms(self) -> int:
        """How long nobody has spoken, since the last voice or from the beginning."""
        return (self._windows - 1 - self._last) * WINDOW_MS + milliseconds(
            2 * (len(self._rest) - _CONTEXT)
        )

    def _probabilities(self, samples: NDArray[np.float32]) -> list[float]:
        """Return the probability of each window of the samples, before which is the context."""
        windows = np.ascontiguousarray(sliding_window_view(samples, _CONTEXT + WINDOW)[::WINDOW])
        found, self._h, self._c = self._session.run(
            None, {"input": windows, "h": self._h, "c": self._c}
        )
        return [float(probability) for probability in np.ravel(found)]

    def _judge(self, probability: float) -> None:
        speaking = self._run_start >= 0
        if probability >= (VOICE_GOES_ON if speaking else VOICE_BEGINS):
            if not speaking:
                self._run_start = self._windows
            self._count(self._windows - self._run_start + 1)
        else:
            self._run_start = -1
        self._windows += 1

    def _count(self, run: int) -> None:
        if run < _LEAST_RUN:
            return
        pause_ms = (self._run_start - self._last) * WINDOW_MS
        forget = self.voice is None and pause_ms > _FORGET_AFTER_MS
        if self._first < 0 or forget:
            self._first, self._voiced = self._run_start, 0
        self._voiced += _LEAST_RUN if run == _LEAST_RUN else 1
        self._last = self._windows
        self._longest_run = max(self._longest_run, run)
