"""Which questions may be tuned on, and which are only ever reported.

The line is drawn by the hash of the question's id, once, and kept in split.tsv: even first byte of
SHA-256, tuning; odd, held out.
"""

from __future__ import annotations

import csv
import hashlib
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("split.tsv")


class Half(StrEnum):
    """A half of the questions."""

    TUNING = "tuning"
    HELD_OUT = "held-out"


@lru_cache(maxsize=1)
def _kept() -> dict[str, Half]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["qa_id"]: Half(row["half"]) for row in csv.DictReader(file, delimiter="\t")}


def half_of(qa_id: str) -> Half:
    """Return the half of a question; one of another manifest falls by the same rule."""
    first = hashlib.sha256(qa_id.encode()).digest()[0]
    return _kept().get(qa_id, Half.HELD_OUT if first % 2 else Half.TUNING)
