"""A document as it is to be printed: what stands in it, whatever the kind of file.

Letters, forms, receipts and reports are laid out as one of these. services/printed_pdf.py and
services/printed_word.py make the files.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

_UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Setting(StrEnum):
    """How a paragraph is set."""

    BODY = "body"
    """First line two characters in, as in official letters."""
    FLUSH = "flush"
    """Without indent: whom a letter is to, lines of a receipt."""
    HEADING = "heading"
    CENTRED = "centred"
    RIGHT = "right"
    SIGN = "sign"
    """A name that is read from afar, in the middle."""
    SMALL = "small"
    """Notes at the foot."""


class Paragraph(msgspec.Struct, frozen=True):
    """Some text. Line breaks in it stay."""

    text: str
    setting: Setting = Setting.BODY


class Merged(msgspec.Struct, frozen=True):
    """Cells of a table that are one, from the first to the last, counted from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of cells. Every row has as many; of merged ones the first cell's text counts."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    """How wide the columns are to each other; () for all the same."""
    header_rows: int = 0
    """How many rows are headings, printed again on each page."""
    merged: tuple[Merged, ...] = ()
    centred: bool = False


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture in the middle of the line, such as a QR code."""

    png: bytes
    width_mm: float
    description: str
    """What it shows, for who cannot see it."""


class PageBreak(msgspec.Struct, frozen=True):
    """What follows begins on a new page."""


Block = Paragraph | Table | Picture | PageBreak


class PrintedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document from its title to its seal."""

    title: str
    blocks: tuple[Block, ...] = ()
    issuer: str = ""
    """The agency, above the title; "" for documents without a head."""
    number: str = ""
    """文号, below the title."""
    sealed_by: str = ""
    """Who signs, above the day: the seal goes over it."""
    dated: str = ""
    large: bool = False
    """In large print (Article 43: help for who reads with difficulty)."""
    landscape: bool = False
    shows_title: bool = True
    """Whether the title is printed; it names the file besides."""


def paragraphs(text: str, setting: Setting = Setting.BODY) -> tuple[Paragraph, ...]:
    """Return the lines of a text that have something in them, each a paragraph."""
    return tuple(Paragraph(line.strip(), setting) for line in text.splitlines() if line.strip())


def printable(text: str) -> str:
    """Return a text without characters that no kind of file takes: pasted control characters."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
