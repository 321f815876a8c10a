"""What was measured, beside its target: a table for people and JSON for programs."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One figure."""

    name: str
    value: float
    unit: str
    target: float | None = None
    """The value that should be kept to; None where none was set."""
    at_least: bool = False
    """Whether the value should reach the target rather than stay below it."""
    note: str = ""
    """What the figure depends on: the engine's model, how many samples."""

    @property
    def ratio(self) -> float | None:
        """The value as a factor of the target."""
        return self.value / self.target if self.target else None

    @property
    def kept(self) -> bool | None:
        """Whether the target was kept; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value < self.target


class Skipped(Exception):
    """A measurement cannot be made here; the message says what is missing."""


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of values, which need not be sorted."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as lines of columns."""
    head = ("measured", "value", "target", "ratio", "", "note")
    lines = [head] + [
        (
            row.name,
            f"{_figure(row.value)} {row.unit}".strip(),
            "" if row.target is None else f"{'≥' if row.at_least else '<'} {_figure(row.target)}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            {True: "kept", False: "MISSED", None: ""}[row.kept],
            row.note,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def write(path: Path, rows: Sequence[Row], skipped: dict[str, str]) -> None:
    """Write everything measured as one JSON object."""
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processors": os.cpu_count(),
            "platform": platform.platform(),
            "python": platform.python_version(),
        },
        "rows": [msgspec.to_builtins(row) | {"ratio": row.ratio, "kept": row.kept} for row in rows],
        "skipped": skipped,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result)))


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"
