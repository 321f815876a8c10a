"""The benchmark's result: one structure, written as JSON for programs and as tables for people."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from bench.voice.deciding import Outcome
from bench.voice.figures import Group
from bench.voice.round_trip import RoundTrip

GOALS = {"clean": 0.97, "noise-15-reverberation": 0.90, "accent": 0.90}
"""Found among ten when spoken, as a part of found among ten when typed."""
MOST_WRONG = 0.02
NUMBERS_FIRST = 0.98
ROUND_TRIP = 0.04
_ASKED_BACK = (Outcome.WRONG_CHOICE, Outcome.WRONG_CONFIRM)


class Numbers(msgspec.Struct, frozen=True):
    """Documents asked for by their number."""

    asked: int
    first_typed: int
    first_spoken: int
    missed: list[str]


class Result(msgspec.Struct):
    """Everything that was measured in one run."""

    engine: str = ""
    manifest: str = ""
    machine: str = f"{platform.machine()}, {os.cpu_count()} processors"
    inside: dict[str, dict[str, Group]] = {}
    """Questions of the library, by condition and half."""
    near_misses: dict[str, dict[str, dict[str, int]]] = {}
    """How questions end whose entry was taken out, by condition and half."""
    small_talk: dict[str, int] = {}
    numbers: Numbers | None = None
    round_trips: list[RoundTrip] = []
    first_audio_ms: dict[str, float] = {}
    skipped: dict[str, str] = {}

    def write(self, file: Path) -> None:
        """Write the result as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(self)))


def as_tables(result: Result) -> str:
    """Return the result as Markdown."""
    parts = [f"Engine: {result.engine}; machine: {result.machine}."]
    if result.inside:
        parts += [
            _finding(result, "", "the question"),
            _finding(result, "answer by ", "the answer alone"),
            _deciding(result),
        ]
    if result.near_misses or result.small_talk:
        parts.append(_outside(result))
    if result.numbers is not None:
        parts.append(_numbers(result.numbers))
    if result.round_trips:
        parts.append(_round_trips(result.round_trips))
    if result.first_audio_ms:
        rows = [(name, f"{took:.0f} ms") for name, took in result.first_audio_ms.items()]
        parts.append(_table(("first audio", "median"), rows))
    parts += [f"Skipped, {name}: {why}" for name, why in result.skipped.items()]
    return "\n\n".join(parts)


def _finding(result: Result, by: str, named: str) -> str:
    head = (
        f"finding {named}", "half", "n", "CER", "typed @1/3/10", "spoken @1/3/10",
        "spoken ÷ typed @10", "goal", "by characters", "and sounds",
    )  # fmt: skip
    rows = []
    for condition, half, group in _groups(result):
        goal = GOALS.get(condition)
        rows.append(
            (
                condition,
                half,
                str(group.questions),
                f"{group.cer:.3f}",
                _hits(group.hits[f"{by}ours, typed"]),
                _hits(group.hits[f"{by}ours, spoken"]),
                f"{group.ratio(f'{by}ours'):.3f}",
                f"≥ {goal}" if goal else "",
                f"{group.ratio(f'{by}characters'):.3f}",
                f"{group.ratio(f'{by}characters+sounds'):.3f}",
            )
        )
    return _table(head, rows)


def _hits(shares: Sequence[float]) -> str:
    return " / ".join(f"{share:.2f}" for share in shares)


def _deciding(result: Result) -> str:
    head = (
        "condition", "half", "right answer", "right one offered", "right on 是",
        "asked back in vain", "refused", "wrong answer", "as a command", "hearing", "repair", "deciding",
    )  # fmt: skip
    columns = (
        (Outcome.RIGHT,), (Outcome.RIGHT_CHOICE,), (Outcome.RIGHT_CONFIRM,), _ASKED_BACK,
        (Outcome.REFUSED,), (Outcome.WRONG,), (Outcome.COMMAND,),
    )  # fmt: skip
    rows = [
        (
            condition,
            half,
            *(f"{group.share(*outcomes):.1%}" for outcomes in columns),
            f"{group.hearing_ms:.0f} ms",
            f"{group.repair_ms:.1f} ms",
            f"{group.deciding_ms:.1f} ms",
        )
        for condition, half, group in _groups(result)
    ]
    return _table(head, rows)


def _groups(result: Result) -> Iterable[tuple[str, str, Group]]:
    for condition, halves in result.inside.items():
        for half, group in halves.items():
            yield condition, half, group


def _outside(result: Result) -> str:
    head = ("not in the library", "half", "n", "refused", "asked back", "command", "wrong answer")
    kinds = [
        (f"near miss, {condition}", half, ends)
        for condition, halves in result.near_misses.items()
        for half, ends in halves.items()
    ]
    if result.small_talk:
        kinds.append(("small talk", "", result.small_talk))
    rows = [
        (name, half, str(sum(ends.values())), *(f"{share:.1%}" for share in _ends(ends)))
        for name, half, ends in kinds
    ]
    return _table(head, rows) + f"\n\nGoal: wrong answers ≤ {MOST_WRONG:.0%}."


def _ends(ends: dict[str, int]) -> tuple[float, ...]:
    total = sum(ends.values())
    columns = ((Outcome.REFUSED,), _ASKED_BACK, (Outcome.COMMAND,), (Outcome.WRONG,))
    return tuple(sum(ends.get(o.value, 0) for o in column) / total for column in columns)


def wrong_share(ends: dict[str, int]) -> float:
    """Return how many were answered as if there were an answer."""
    return _ends(ends)[-1]


def _numbers(numbers: Numbers) -> str:
    rows = [
        (
            str(numbers.asked),
            f"{numbers.first_typed / numbers.asked:.1%}",
            f"{numbers.first_spoken / numbers.asked:.1%}",
            f"≥ {NUMBERS_FIRST:.0%}",
        )
    ]
    return _table(("document numbers", "first, typed", "first, spoken", "goal"), rows)


def _round_trips(trips: Sequence[RoundTrip]) -> str:
    rows = [
        (
            trip.voice,
            str(trip.sentences),
            f"{trip.error_rate:.3f}",
            f"≤ {ROUND_TRIP}",
            "、".join(trip.places_wrong) or "none",
        )
        for trip in trips
    ]
    head = ("voice", "sentences", "toneless syllables wrong", "goal (Kokoro)", "places misheard")
    return _table(head, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
