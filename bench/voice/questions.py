"""The questions that are asked aloud: a manifest, and each clip in each condition."""

from __future__ import annotations

import csv
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bench.bench_zone import SHARED, Clip
from bench.report import Skipped
from bench.voice.conditions import Condition, altered, chance_for
from bench.voice.hearing import Ear, Hearing
from bench.voice.kept_sound import Speaker, was_said
from bench.voice.sound import from_pcm, to_pcm
from bench.voice.split import Half, half_of

MANIFEST = SHARED / "speech" / "questions" / "manifest.tsv"
IN_FULL = (Condition.CLEAN, Condition.NOISE_15_REVERBERATION, Condition.ACCENT)
"""The conditions with a target, measured with every clip; of the others a fixed sixty will do."""
_LESSER = 60
_BABBLERS = 24


@dataclass(frozen=True)
class Question:
    """One line of a manifest."""

    clip: Clip
    voice: str
    half: Half


def read_manifest(file: Path = MANIFEST) -> list[Question]:
    """Return the questions of a manifest, whose sound lies beside it or in wav/ beside it.

    Raises Skipped where there is no manifest.
    """
    if not file.is_file():
        raise Skipped(f"there is no manifest at {file}")
    folder = file.parent / "wav" if (file.parent / "wav").is_dir() else file.parent
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Question(
                Clip(folder / row["file"], row["qa_id"], row["transcript"]),
                row["voice"],
                half_of(row["qa_id"]),
            )
            for row in csv.DictReader(lines, delimiter="\t")
        ]


def asked_in(condition: Condition, questions: list[Question], *, quick: bool) -> list[Question]:
    """Return the questions that are asked in a condition: all, a fixed sixty, or a fixed ten."""
    most = 10 if quick else len(questions) if condition in IN_FULL else _LESSER
    if most >= len(questions):
        return list(questions)
    chosen = random.Random(2019).sample(range(len(questions)), most)
    return [questions[place] for place in sorted(chosen)]


async def spoken(
    asked: list[Question], every: list[Question], condition: Condition, speaker: Speaker | None
) -> AsyncIterator[tuple[Question, bytes]]:
    """Give each question with its sound in a condition; who talks around it are other clips.

    Only ACCENT needs a speaker.
    """
    babblers = random.Random(2019).sample(every, min(_BABBLERS, len(every)))
    voices = [(babbler, from_pcm(babbler.clip.pcm())) for babbler in babblers]
    for question in asked:
        if condition is Condition.ACCENT:
            if speaker is None:
                raise LookupError("An accent needs a voice.")
            yield question, await speaker.say(question.clip.transcript, accent=True)
            continue
        if condition is Condition.CLEAN:
            yield question, question.clip.pcm()
            continue
        others = [voice for babbler, voice in voices if babbler is not question]
        chance = chance_for(question.clip.file.name, condition)
        yield (
            question,
            to_pcm(altered(from_pcm(question.clip.pcm()), condition, others, chance)),
        )


async def heard_of(
    asked: list[Question],
    every: list[Question],
    condition: Condition,
    ear: Ear,
    speaker: Speaker | None,
    *,
    known_only: bool = False,
) -> list[tuple[Question, Hearing]]:
    """Return each question with what was heard of it in a condition.

    With known_only those that were never heard before are left out.
    """
    if known_only and condition is Condition.ACCENT:
        asked = [one for one in asked if was_said(one.clip.transcript, accent=True)]
    return [
        (question, await ear.hear(pcm))
        async for question, pcm in spoken(asked, every, condition, speaker)
        if not known_only or ear.knows(pcm)
    ]
