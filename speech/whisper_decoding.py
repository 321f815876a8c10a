"""What whisper writes for a piece of sound, and what it would have written otherwise.

`WhisperModel.transcribe` gives one text. The beam search behind it ends with several, which cost
nothing more: they are asked of the model directly, for what fits into its window of 30 s.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

SAMPLES_A_WINDOW = 30 * 16_000
_BEAM = 3
_LANGUAGE = "zh"
_TOKENS_PER_SECOND = 12
"""Nobody speaks faster; a model that writes more is in a loop, and costs time."""
_LEAST_LOG_PROBABILITY = -1.0
_LIKELY_NO_SPEECH = 0.6
_HIGHEST_COMPRESSION = 2.4
"""The limits OpenAI's own transcription uses; a text that compresses better is a loop."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text for a piece of sound, as the model writes it."""

    text: str
    log_probability: float
    """Of a token, on average."""
    no_speech: float
    """How likely the sound holds no speech, 0 to 1."""

    @property
    def is_believed(self) -> bool:
        """Whether somebody is likely to have said something like it."""
        return (
            self.log_probability >= _LEAST_LOG_PROBABILITY
            and not (self.no_speech > _LIKELY_NO_SPEECH and self.log_probability < -0.5)
            and _compression(self.text) <= _HIGHEST_COMPRESSION
        )


def hypotheses(engine: WhisperModel, samples: NDArray[np.float32]) -> list[list[Hypothesis]]:
    """Return the texts for each stretch of a sound, the likeliest first; none are empty lists.

    `samples` are 16 kHz mono, -1 to 1. A sound longer than the model's window has
    one text a stretch.
    """
    if len(samples) > SAMPLES_A_WINDOW:
        return [[one] for one in _long(engine, samples)]
    return [_of_window(engine, samples)]


def _of_window(engine: WhisperModel, samples: NDArray[np.float32]) -> list[Hypothesis]:
    from faster_whisper.audio import pad_or_trim

    tokeniser, suppressed = _spelling(engine)
    features = engine.feature_extractor(samples)
    window = engine.feature_extractor.nb_max_frames
    prompt = engine.get_prompt(tokeniser, [], without_timestamps=True)
    found = engine.model.generate(
        engine.encode(pad_or_trim(features[:, :-1], window)),
        [prompt],
        beam_size=_BEAM,
        num_hypotheses=_BEAM,
        max_length=len(prompt) + _most_tokens(samples),
        return_scores=True,
        return_no_speech_prob=True,
        suppress_tokens=suppressed,
    )[0]
    return [
        # The model's score is the mean over the tokens; the end of the text counts as one more.
        Hypothesis(
            tokeniser.decode(ids).strip(), score * len(ids) / (len(ids) + 1), found.no_speech_prob
        )
        for ids, score in zip(found.sequences_ids, found.scores, strict=True)
    ]


def _spelling(engine: WhisperModel) -> tuple[Tokenizer, list[int]]:
    """Return what turns tokens into text, and the tokens that no text is to hold."""
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import get_suppressed_tokens

    tokeniser = Tokenizer(
        engine.hf_tokenizer, engine.model.is_multilingual, task="transcribe", language=_LANGUAGE
    )
    return tokeniser, list(get_suppressed_tokens(tokeniser, [-1]) or ())


def _long(engine: WhisperModel, samples: NDArray[np.float32]) -> Iterator[Hypothesis]:
    segments, _ = engine.transcribe(
        samples,
        language=_LANGUAGE,
        beam_size=_BEAM,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
        max_new_tokens=_most_tokens(samples),
    )
    for segment in segments:
        yield Hypothesis(segment.text, segment.avg_logprob, segment.no_speech_prob)


def _most_tokens(samples: NDArray[np.float32]) -> int:
    return 20 + _TOKENS_PER_SECOND * len(samples) // 16_000


def _compression(text: str) -> float:
    """Return how many times shorter a text becomes when it is compressed."""
    return len(text.encode()) / len(zlib.compress(text.encode()))
