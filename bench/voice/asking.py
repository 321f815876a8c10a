"""Spoken questions asked of the library, beside the same ones typed and beside plainer finding."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence

from bench.voice.deciding import Outcome, asked_aloud
from bench.voice.document_numbers import asked_for
from bench.voice.figures import RANKS, Group, One, Tally, distance, letters
from bench.voice.hearing import Hearing
from bench.voice.library import CHARACTERS, CHARACTERS_AND_SOUNDS, Asked
from bench.voice.mouth import Mouth
from bench.voice.outside import SMALL_TALK
from bench.voice.questions import Question
from bench.voice.split import Half
from services.errors import OpenZoneError

BOTH = "both"
BY_ANSWER = "answer by "
"""Before a way of finding: in the library of answers alone."""
PLAIN_WAYS = {"characters": CHARACTERS, "characters+sounds": CHARACTERS_AND_SOUNDS}


async def inside(
    asked: Asked,
    answers: Asked,
    heard: Iterable[tuple[Question, Hearing]],
    halves: Collection[Half],
) -> dict[str, Group]:
    """Return the figures of questions that are in the library: of each half, and of both.

    `answers` is the library that holds the answers alone.
    """
    tallies: dict[str, Tally] = {}
    for question, hearing in heard:
        if question.half not in halves:
            continue
        one = await _measured(asked, answers, question, hearing)
        for name in (question.half.value, BOTH):
            tallies.setdefault(name, Tally()).ones.append(one)
    return {name: tallies[name].group() for name in (*Half, BOTH) if name in tallies}


async def _measured(asked: Asked, answers: Asked, question: Question, hearing: Hearing) -> One:
    clip = question.clip
    said, was_heard = letters(clip.transcript), letters(hearing.text)
    ranks = {}
    took = {"": 0.0, BY_ANSWER: 0.0}
    for how, text in (("typed", clip.transcript), ("spoken", hearing.text)):
        for library, by in ((asked, ""), (answers, BY_ANSWER)):
            meant, spoken = text, how == "spoken"
            if spoken:
                meant, took[by] = await _meant(library, hearing)
            others = hearing.alternatives if spoken else None
            ranks[f"{by}ours, {how}"] = _place(clip.qa_id, await _found(library, meant, others))
            for way, kinds in PLAIN_WAYS.items():
                found = library.plainly(text, kinds) if text else []
                ranks[f"{by}{way}, {how}"] = _place(clip.qa_id, found)
    judged = await asked_aloud(asked, hearing, clip.qa_id, clip.transcript)
    return One(
        errors=distance(said, was_heard),
        length=len(said),
        ranks=ranks,
        outcome=judged.outcome,
        hearing_s=hearing.seconds,
        repair_s=took[""],
        deciding_s=judged.seconds,
    )


async def _meant(asked: Asked, hearing: Hearing) -> tuple[str, float]:
    """Return what is searched for somebody who says 是 to whatever is asked, and how long it took
    to know, in seconds.
    """
    if not hearing.text:
        return "", 0.0
    began = time.perf_counter()
    repair = await asked.library.repaired(hearing.text, hearing.alternatives, asked.venue.id)
    return repair.meant or repair.text, time.perf_counter() - began


async def _found(asked: Asked, text: str, others: Sequence[str] | None) -> list[str]:
    """Return the ids of what is found; `others` is None for what was typed."""
    spoken = others is not None
    try:
        hits = await asked.library.search(
            text, max(RANKS), asked.venue.id, spoken=spoken, alternatives=others or ()
        )
    except OpenZoneError:
        return []  # Nothing was heard.
    return [hit.external_id for hit in hits]


def _place(wanted: str, found: list[str]) -> int:
    return found.index(wanted) + 1 if wanted in found else 0


async def near_misses(
    asked: Asked, heard: Iterable[tuple[Question, Hearing]]
) -> dict[str, dict[str, int]]:
    """Return how questions end that were taken out of the library `asked`, by half and in all."""
    ends: dict[str, dict[str, int]] = {}
    for question, hearing in heard:
        outcome = (await asked_aloud(asked, hearing, "")).outcome
        for name in (question.half.value, BOTH):
            of = ends.setdefault(name, {})
            of[outcome.value] = of.get(outcome.value, 0) + 1
    return {name: ends[name] for name in (*(half.value for half in Half), BOTH) if name in ends}


async def small_talk(asked: Asked, mouth: Mouth, *, quick: bool) -> dict[str, int]:
    """Return how things end that no zone has an answer to."""
    ends: dict[str, int] = {}
    for text in SMALL_TALK[:: 6 if quick else 1]:
        if not await mouth.may_say(text):
            continue
        hearing = await mouth.said(text)
        outcome = (await asked_aloud(asked, hearing, "")).outcome
        ends[outcome.value] = ends.get(outcome.value, 0) + 1
    return ends


async def by_number(asked: Asked, mouth: Mouth, *, quick: bool) -> tuple[int, int, int, list[str]]:
    """Ask for documents by their numbers, spoken.

    Returns how many were asked for, found first typed as printed, found first spoken, and the
    numbers that were not.
    """
    everything = [one for one in asked_for()[:: 8 if quick else 1] if await mouth.may_say(one.said)]
    typed = found = 0
    missed = []
    for one in everything:
        typed += await _first(asked, Hearing(one.number, (), 0.0), one.number)
        hearing = await mouth.said(one.said)
        if await _first(asked, hearing, one.number):
            found += 1
        else:
            missed.append(f"{one.number} said as {one.said}, heard as {hearing.text}")
    return len(everything), typed, found, missed


async def _first(asked: Asked, hearing: Hearing, number: str) -> bool:
    """Return whether a document comes first, at once or on 是."""
    outcome = (await asked_aloud(asked, hearing, number)).outcome
    return outcome in {Outcome.RIGHT, Outcome.RIGHT_CONFIRM}
