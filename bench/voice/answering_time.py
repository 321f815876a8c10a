"""Spoken questions: from the end of speech to the text of the answer."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bench.bench_zone import Clip, Plan, clips, open_zone
from bench.engines import vosk, whisper
from bench.report import Row
from services.library import Library
from speech.recognition import BYTES_PER_SECOND, Recogniser

ABOUT_FIVE_SECONDS = (4.5, 5.5)


async def measure(plan: Plan) -> list[Row]:
    """Return the median time from the last piece of sound to the reply, for each recogniser."""
    shortest, longest = ABOUT_FIVE_SECONDS
    some = [clip for clip in clips() if shortest <= clip.seconds <= longest]
    some = random.Random(2019).sample(some, min(len(some), plan.times(30, 6)))
    engines: list[tuple[str, float, Callable[[], AbstractAsyncContextManager[Recogniser]]]] = [
        ("Vosk", 300, vosk),
        ("whisper", 1500, whisper),
    ]
    rows = []
    async with open_zone() as library:
        for name, target, load in engines:
            async with load() as recogniser:
                await _ask_aloud(recogniser, library, some[0])  # The first one warms it up.
                took = [await _ask_aloud(recogniser, library, clip) for clip in some]
                note = f"{recogniser.model}, {len(some)} questions of about 5 s"
            rows.append(
                Row(f"voice ask, {name}, p50", statistics.median(took), "ms", target, note=note)
            )
    return rows


async def _ask_aloud(recogniser: Recogniser, library: Library, clip: Clip) -> float:
    """Return the milliseconds from the last tenth of a second that was needed to the reply.

    The sound is given as fast as it is taken: every piece before the last is then worked off when
    the speech ends, as it is when a person speaks and the engine keeps up. The silence by which the
    end is known is the speaker's time and is not counted.
    """
    utterance = recogniser.begin()
    pcm = clip.pcm()
    step = BYTES_PER_SECOND // 10
    began = time.perf_counter()
    for start in range(0, len(pcm), step):
        began = time.perf_counter()
        if (await utterance.hear(pcm[start : start + step])).ended:
            break
    said = await utterance.finish()
    if said:
        await library.ask(said)
    return (time.perf_counter() - began) * 1000
