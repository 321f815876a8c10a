"""What every reader makes of a file: lines of text, before anybody asks what they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

_SPACES = re.compile(r"[^\S\n]+")
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


@dataclass(frozen=True)
class Line:
    """One paragraph, heading, list item or table row."""

    text: str
    level: int = 0
    """The rank the format itself gives to a heading, 1 the highest; 0 for anything else."""


@dataclass(frozen=True)
class SourceText:
    """The lines of one file, with what the format says beside them."""

    name: str
    """The file's name without its extension."""
    lines: tuple[Line, ...]
    named: dict[str, str] = field(default_factory=dict)
    """What the file says of itself by name: title, agency, document_number, signed_on,
    published_on, effective_on, validity, category."""


class Unreadable(Exception):
    """A file or row that cannot be taken in; the message is a Chinese sentence for its owner."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        """Counts from 1; None where the trouble is with the file as a whole."""


def version_date(name: str) -> date | None:
    """Return the date that a file's name ends with, as in 慈善法(2023-12-29)."""
    match = re.search(r"[(（_ -](\d{4})-(\d\d)-(\d\d)[)）]?$", name)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def clean(text: str) -> str:
    """Return text in NFC without control characters; line breaks are kept as newlines.

    Runs of other white space, the full-width one included, become a single space.
    """
    text = unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text))
    kept = "".join(
        "" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} and c not in "\n\t" else c
        for c in text
    )
    return "\n".join(_SPACES.sub(" ", line).strip() for line in kept.split("\n"))


def clean_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return cleaned lines, one for each line of text that is not empty."""
    return tuple(
        Line(piece, line.level) for line in lines for piece in clean(line.text).split("\n") if piece
    )
