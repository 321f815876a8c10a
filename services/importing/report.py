"""What an import reports back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Failure:
    """A file or row that was not taken in."""

    path: str
    line: int | None
    """Counts from 1; None where the whole file is meant."""
    reason: str
    """A Chinese sentence for the owner of the file."""


@dataclass
class ImportReport:
    """How an import went. Documents count one each, and so do the rows of question libraries."""

    imported: int = 0
    """New ones, and ones whose content changed."""
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
