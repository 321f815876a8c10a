"""The benchmark in a minute: Vosk on forty short clips, quiet and in a noisy hall, 1,000 questions.

`python -m bench.voice.shortened` prints the figures beside the recorded ones and fails where one
fell; `--record` keeps them as the new record. The tests run the same code.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec
import structlog

from bench.bench_zone import SHARED, prepare_zone, settings_in
from bench.engines import vosk_for_tests
from bench.voice import asking
from bench.voice.conditions import Condition
from bench.voice.deciding import Outcome
from bench.voice.figures import Group
from bench.voice.hearing import Ear
from bench.voice.library import answers_of, changed, opened
from bench.voice.questions import Question, heard_of, read_manifest
from bench.voice.results import wrong_share
from bench.voice.split import Half

RECORDED = Path(__file__).with_name("recorded.json")
CONDITIONS = (Condition.CLEAN, Condition.NOISE_15_REVERBERATION)
MOST_FALLEN = 0.03
"""How far a figure may fall below the recorded one: three points."""
_CLIPS = 40
_ENTRIES = 1_000
_SHORT_S = 4.5
_ROUNDING = 1e-6


def chosen(questions: list[Question]) -> list[Question]:
    """Return the clips of the shortened benchmark, always the same ones."""
    short = [question for question in questions if question.clip.seconds <= _SHORT_S]
    return random.Random(2019).sample(short, min(_CLIPS, len(short)))


async def measured(folder: Path) -> dict[str, float]:
    """Return each figure, the higher the better; a zone is made in the folder.

    Raises Skipped where the shared material is not there.
    """
    questions = read_manifest()
    some = chosen(questions)
    zone = settings_in(folder)
    await prepare_zone(zone, [_library(folder, {question.clip.qa_id for question in questions})])
    figures: dict[str, float] = {}
    async with vosk_for_tests() as recogniser:
        ear = Ear(recogniser, keeps=False)
        heard = {
            condition: await heard_of(some, questions, condition, ear, None)
            for condition in CONDITIONS
        }
    async with opened(zone) as asked, answers_of(asked) as answers:
        for condition, of in heard.items():
            both = (await asking.inside(asked, answers, of, tuple(Half)))[asking.BOTH]
            figures |= {f"{condition}, {name}": v for name, v in _figures(both).items()}
        wordings = [question.clip.transcript for question in questions]
        async with changed(asked, without=wordings) as lacking:
            for condition, of in heard.items():
                ends = (await asking.near_misses(lacking, of))[asking.BOTH]
                figures[f"{condition}, near misses not answered"] = 1 - wrong_share(ends)
    return figures


def _library(folder: Path, wanted: set[str]) -> Path:
    """Write a table of those library questions and of others, a thousand together."""
    whole = SHARED / "corpus" / "policy-qa.tsv"
    head, *rows = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    asked = [row for row in rows if row.partition("\t")[0] in wanted]
    others = [row for row in rows if row.partition("\t")[0] not in wanted]
    table = folder / whole.name
    table.write_text("".join((head, *asked, *others[: _ENTRIES - len(asked)])), encoding="utf-8")
    return table


def _figures(group: Group) -> dict[str, float]:
    return {
        "characters heard": 1 - group.cer,
        "question found first": group.hits["ours, spoken"][0],
        "question found among ten": group.hits["ours, spoken"][-1],
        "answer alone found among ten": group.hits["answer by ours, spoken"][-1],
        "answered, offered or confirmed right": group.share(
            Outcome.RIGHT, Outcome.RIGHT_CHOICE, Outcome.RIGHT_CONFIRM
        ),
        "not answered wrong": 1 - group.share(Outcome.WRONG),
    }


def recorded() -> dict[str, float]:
    """Return the figures that are kept in the repository."""
    return msgspec.json.decode(RECORDED.read_bytes(), type=dict[str, float])


def fallen(figures: Mapping[str, float], record: Mapping[str, float]) -> list[str]:
    """Return a line for each recorded figure that is missing or fell by more than three points."""
    return [
        f"{name}: {figures.get(name)}, recorded {kept:.3f}"
        for name, kept in record.items()
        if name not in figures or figures[name] < kept - MOST_FALLEN - _ROUNDING
    ]


@click.command()
@click.option("--record", is_flag=True, help="Keep these figures as what must be reached.")
def main(record: bool) -> None:
    """Run the shortened benchmark."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measured(Path(folder)))
    before = recorded() if RECORDED.is_file() else {}
    for name, value in figures.items():
        print(f"{name}: {value:.3f} (recorded {before.get(name, float('nan')):.3f})")
    if record:
        rounded = {name: round(value, 4) for name, value in figures.items()}
        RECORDED.write_bytes(msgspec.json.format(msgspec.json.encode(rounded)) + b"\n")
    elif lines := fallen(figures, before):
        sys.exit("\n".join(("Fallen:", *lines)))


if __name__ == "__main__":
    main()
