"""The zone that is measured: the sample zone, 715 laws and 3,000 questions, in a database."""

from __future__ import annotations

import csv
import hashlib
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench.report import Skipped
from models.database import close_database, open_database
from server.cli.recording import command_line
from server.parts import assemble, dismantle
from server.settings import Settings, read_settings
from services.importing import import_paths
from services.library import Library
from speech.recognition import SAMPLE_RATE

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "bench" / "results"
SAMPLES = ROOT / "samples" / "zone"


@dataclass(frozen=True)
class Plan:
    """How thoroughly to measure."""

    quick: bool

    def times(self, thorough: int, quick: int) -> int:
        """Return how many samples to take."""
        return quick if self.quick else thorough


@dataclass(frozen=True)
class Clip:
    """A recorded question."""

    file: Path
    qa_id: str
    transcript: str

    @property
    def seconds(self) -> float:
        with wave.open(str(self.file), "rb") as recording:
            return recording.getnframes() / recording.getframerate()

    def pcm(self) -> bytes:
        """Return the sound, 16 kHz mono 16-bit."""
        with wave.open(str(self.file), "rb") as recording:
            assert recording.getframerate() == SAMPLE_RATE
            return recording.readframes(recording.getnframes())


def settings() -> Settings:
    """Return the installation's settings, with a data folder of the measurements' own."""
    return settings_in(RESULTS / "zone")


def settings_in(data_dir: Path) -> Settings:
    """Return the installation's settings with another data folder and its own database there."""
    return replace(
        read_settings(),
        data_dir=data_dir,
        database_url=f"sqlite://{data_dir / 'openzone.sqlite3'}",
    )


def corpus() -> list[Path]:
    """Return what to import; raises Skipped where the shared material is not there."""
    laws, questions = SHARED / "corpus" / "laws", SHARED / "corpus" / "policy-qa.tsv"
    if not (laws.is_dir() and questions.is_file()):
        raise Skipped("the 715 laws and 3,000 questions are not on this machine")
    return [SAMPLES / "documents", SAMPLES / "questions.csv", laws, questions]


async def prepare_zone(zone: Settings | None = None, files: Sequence[Path] | None = None) -> None:
    """Import the corpus, or these files; where they were imported before, this does nothing.

    Raises Skipped where the shared material is not there.
    """
    files, zone = files or corpus(), zone or settings()
    zone.data_dir.mkdir(parents=True, exist_ok=True)
    prepared, state = zone.data_dir / "prepared", _state_of(files)
    if prepared.is_file() and prepared.read_text() == state:
        return
    await open_database(zone.database_url)
    try:
        report = await import_paths(list(files), await command_line(zone), now=datetime.now(UTC))
    finally:
        await close_database()
    if report.failed:
        raise Skipped(f"{len(report.failed)} files were not imported: {report.failed[0]}")
    prepared.write_text(state)


def _state_of(paths: Sequence[Path]) -> str:
    """Return what tells whether anything in these files or folders may have changed."""
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,))]
    known = sorted(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


@asynccontextmanager
async def open_zone(zone: Settings | None = None) -> AsyncIterator[Library]:
    """Open the library on the prepared zone."""
    parts = await assemble(zone or settings(), hearing=False, speaking=False)
    try:
        yield parts.library
    finally:
        await dismantle(parts)


def typed_questions() -> list[str]:
    """Return the questions of both libraries, the sample zone's with their variants."""
    corpus()
    with (SHARED / "corpus" / "policy-qa.tsv").open(encoding="utf-8", newline="") as file:
        questions = [row["question"] for row in csv.DictReader(file, delimiter="\t")]
    with (SAMPLES / "questions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            questions += [row["question"], *row["variants"].split("|")]
    return questions


def clips() -> list[Clip]:
    """Return the 200 recorded questions; raises Skipped where they are not there."""
    folder = SHARED / "speech" / "questions"
    if not (folder / "manifest.tsv").is_file():
        raise Skipped("the recorded questions are not on this machine")
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return [
            Clip(folder / "wav" / row["file"], row["qa_id"], row["transcript"])
            for row in csv.DictReader(file, delimiter="\t")
        ]
