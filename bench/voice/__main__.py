"""`python -m bench.voice`: how well spoken questions fare, as tables and JSON."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import click
import structlog

from bench import speaking
from bench.bench_zone import RESULTS, Plan, prepare_zone
from bench.engines import vosk, whisper
from bench.report import Skipped
from bench.voice import asking, round_trip
from bench.voice.conditions import Condition
from bench.voice.document_numbers import asked_for, beside
from bench.voice.hearing import Ear, Hearing
from bench.voice.kept_sound import Speaker, speaker
from bench.voice.library import Asked, answers_of, changed, opened
from bench.voice.mouth import Mouth
from bench.voice.questions import MANIFEST, Question, asked_in, heard_of, read_manifest
from bench.voice.results import Numbers, Result, as_tables
from bench.voice.split import Half
from speech.recognition import Recogniser

ENGINES: dict[str, Callable[[], AbstractAsyncContextManager[Recogniser]]] = {
    "whisper": whisper,
    "vosk": vosk,
}
_PARTS = ("questions", "outside", "numbers", "round-trip", "first-audio")
_OF_THE_ZONE = {"questions", "outside", "numbers"}
Heard = list[tuple[Question, Hearing]]
_HALVES = {"tuning": (Half.TUNING,), "held-out": (Half.HELD_OUT,), "both": tuple(Half)}


@click.command()
@click.option("--manifest", type=click.Path(path_type=Path), default=MANIFEST)
@click.option("--engine", type=click.Choice(list(ENGINES)), default="whisper", show_default=True)
@click.option(
    "--condition",
    "conditions",
    type=click.Choice([*(one.value for one in Condition), "all"]),
    multiple=True,
    default=("clean",),
    show_default=True,
)
@click.option("--half", type=click.Choice(list(_HALVES)), default="both", show_default=True)
@click.option(
    "--part",
    "parts",
    type=click.Choice([*_PARTS, "all"]),
    multiple=True,
    default=("questions", "outside"),
    show_default=True,
)
@click.option("--quick", is_flag=True, help="Few samples: to see that it works, not to quote.")
@click.option("--hear-again", is_flag=True, help="Ask the engine anew about sounds it knows.")
@click.option("--known-only", is_flag=True, help="Only clips that were heard in an earlier run.")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS / "voice.json")
def main(
    manifest: Path,
    engine: str,
    conditions: tuple[str, ...],
    half: str,
    parts: tuple[str, ...],
    quick: bool,
    hear_again: bool,
    known_only: bool,
    out: Path,
) -> None:
    """Measure spoken questions, print tables, write JSON."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    chosen = tuple(Condition) if "all" in conditions else tuple(map(Condition, conditions))
    wanted = _PARTS if "all" in parts else parts
    bench = VoiceBench(manifest, chosen, _HALVES[half], quick=quick, known_only=known_only)
    try:
        result = asyncio.run(bench.run(engine, wanted, hear_again=hear_again))
    except Skipped as reason:
        raise click.ClickException(str(reason)) from reason
    print(as_tables(result))
    result.write(out)


class VoiceBench:
    """One run of the benchmark."""

    def __init__(
        self,
        manifest: Path,
        conditions: tuple[Condition, ...],
        halves: tuple[Half, ...],
        *,
        quick: bool,
        known_only: bool = False,
    ) -> None:
        self._questions = read_manifest(manifest)
        self._conditions = conditions
        self._halves = halves
        self._quick = quick
        self._known_only = known_only
        self._result = Result(manifest=manifest.name)

    async def run(self, engine: str, parts: tuple[str, ...], *, hear_again: bool = False) -> Result:
        """Measure these parts with an engine. Raises Skipped where something is missing."""
        result = self._result
        if _OF_THE_ZONE.intersection(parts):
            await prepare_zone()
        async with ENGINES[engine]() as recogniser, self._speaker(parts) as voice:
            result.engine = f"{recogniser.name} {recogniser.model}"
            ear = Ear(recogniser, hear_again)
            if _OF_THE_ZONE.intersection(parts):
                heard = await self._heard(ear, voice, parts)
                async with opened() as zone:
                    await self._ask(zone, heard, Mouth(ear, voice, self._known_only), parts)
            if "round-trip" in parts:
                for name in ("kokoro", "espeak"):
                    count = 10 if self._quick else 200
                    result.round_trips.append(await round_trip.measured(name, ear, count=count))
        if "first-audio" in parts:
            rows = await speaking.measure(Plan(self._quick))
            result.first_audio_ms = {row.name: row.value for row in rows}
        return result

    @asynccontextmanager
    async def _speaker(self, parts: tuple[str, ...]) -> AsyncIterator[Speaker | None]:
        """Load a voice where one is needed."""
        needs = {"outside", "numbers"}.intersection(parts) or Condition.ACCENT in self._conditions
        if not needs:
            yield None
            return
        async with speaker() as voice:
            yield voice

    async def _heard(
        self, ear: Ear, voice: Speaker | None, parts: tuple[str, ...]
    ) -> dict[Condition, Heard]:
        if not {"questions", "outside"}.intersection(parts):
            return {}
        return {
            condition: await heard_of(
                asked_in(condition, self._questions, quick=self._quick),
                self._questions,
                condition,
                ear,
                voice,
                known_only=self._known_only,
            )
            for condition in self._conditions
        }

    async def _ask(
        self, zone: Asked, heard: dict[Condition, Heard], mouth: Mouth, parts: tuple[str, ...]
    ) -> None:
        result = self._result
        if "questions" in parts:
            async with answers_of(zone) as answers:
                for condition, of in heard.items():
                    result.inside[condition] = await asking.inside(zone, answers, of, self._halves)
        if "outside" in parts:
            wordings = [question.clip.transcript for question in self._questions]
            typed = [
                (question, Hearing(question.clip.transcript, (), 0.0))
                for question in self._questions
                if question.half in self._halves
            ]
            async with changed(zone, without=wordings) as lacking:
                result.near_misses["typed"] = await asking.near_misses(lacking, typed)
                for condition, of in heard.items():
                    mine = [one for one in of if one[0].half in self._halves]
                    result.near_misses[condition] = await asking.near_misses(lacking, mine)
                result.small_talk = await asking.small_talk(lacking, mouth, quick=self._quick)
        if "numbers" in parts:
            async with changed(zone, numbered=_numbers_in_library()) as numbered:
                counted = await asking.by_number(numbered, mouth, quick=self._quick)
                result.numbers = Numbers(*counted)


def _numbers_in_library() -> list[str]:
    return [*(one.number for one in asked_for()), *beside()]


if __name__ == "__main__":
    main()
