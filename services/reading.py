"""A document laid out for reading: its contents list, its sentences, what was sought in it.

A sentence is named by its paragraph and its place there, so that the sound of one is found without
reading the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.document import Document, Paragraph
from services import documents
from services.documents import ShownDocument
from services.errors import Conflict, NotFound
from services.text_finding import Sought
from speech.reading_text import sentence_spans

_SENTENCE = re.compile(r"(title|\d{1,6})-(\d{1,5})")
_TITLE = "title"
_LONGEST_CONTENTS_LINE = 60


class ReplacedMeanwhile(Conflict):
    """A later version was published while somebody was listening to the one before."""

    code = "replaced_meanwhile"
    sentence = "这份文件刚刚更新过，请刷新页面，从新的内容接着读。"


@dataclass(frozen=True)
class Run:
    """Text of one kind: sought or not."""

    text: str
    hit: int
    """Which of the places found it belongs to, counted from 1, 0 for none."""
    begins_hit: bool


@dataclass(frozen=True)
class Piece:
    """A sentence, or what stands between two."""

    name: str
    """What its sound is asked for by, "" for what is not read aloud."""
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph or a heading."""

    position: int
    level: int
    article: str
    pieces: tuple[Piece, ...]

    @property
    def anchor(self) -> str:
        return f"p{self.position}"

    @property
    def place(self) -> str:
        """What leads back here: the article, which a new version still has, else the paragraph."""
        return self.article or self.anchor


@dataclass(frozen=True)
class ContentsLine:
    """One line of the contents list."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Layout:
    """What a page shows of a document."""

    title: Block
    blocks: tuple[Block, ...]
    contents: tuple[ContentsLine, ...]
    hits: int
    """How many places were found."""


def lay_out(document: ShownDocument, sought: str = "") -> Layout:
    """Return a document as it is read, with every place of a sought text marked."""
    finding = _Marking(Sought(sought))
    title = finding.block(_TITLE, document.title, position=-1, level=1, article="")
    steps = _HeadingSteps()
    blocks = tuple(
        finding.block(
            str(p.position),
            p.text,
            position=p.position,
            level=steps.level(p.level),
            article=p.article,
        )
        for p in document.outline
    )
    return Layout(title, blocks, tuple(_contents(document.outline, blocks)), finding.hits)


def position_of(document: ShownDocument, place: str) -> int | None:
    """Return the paragraph that an article, a heading or an anchor names, None for no such place."""
    place = place.strip()
    anchor = re.fullmatch(r"p(\d{1,6})", place)
    if anchor is not None:
        wanted = int(anchor[1])
        return wanted if any(p.position == wanted for p in document.outline) else None
    for is_named in _NAMINGS if place else ():
        for paragraph in document.outline:
            if is_named(paragraph, place):
                return paragraph.position
    return None


def _is_in_article(paragraph: Paragraph, place: str) -> bool:
    return paragraph.article == place


def _is_heading(paragraph: Paragraph, place: str) -> bool:
    return paragraph.level > 0 and paragraph.text.strip() == place


def _is_below(paragraph: Paragraph, place: str) -> bool:
    return paragraph.heading_path.rpartition(" / ")[2] == place


_NAMINGS = (_is_in_article, _is_heading, _is_below)
"""What a place may be named by, the likeliest first."""


async def sentence(document_id: int, name: str, *, version: str) -> str:
    """Return the text of a sentence of a published document.

    Raises NotFound, Withdrawn, and ReplacedMeanwhile where another version than the one that is
    being read is published by now.
    """
    document = await require_version(document_id, version)
    named = _SENTENCE.fullmatch(name)
    if named is None:
        raise NotFound("There is no such sentence.")
    text = document.title
    if named[1] != _TITLE:
        paragraph = await Paragraph.get_or_none(document_id=document_id, position=int(named[1]))
        text = paragraph.text if paragraph is not None else ""
    spans = sentence_spans(text)
    if int(named[2]) >= len(spans):
        raise NotFound("There is no such sentence.")
    first, last = spans[int(named[2])]
    return text[first:last]


async def require_version(document_id: int, version: str) -> Document:
    """Return a document of which a version is published still. Raises as sentence does."""
    document = await documents.published(str(document_id))
    if documents.version_of(document) != version:
        raise ReplacedMeanwhile("This version is not published any more.")
    return document


class _Marking:
    """Cuts paragraphs into sentences and places found, counting the latter through the document."""

    def __init__(self, sought: Sought) -> None:
        self._sought = sought
        self.hits = 0

    def block(self, name: str, text: str, *, position: int, level: int, article: str) -> Block:
        found = self._sought.places_in(text)
        pieces = tuple(
            Piece(
                f"{name}-{number}" if number is not None else "",
                tuple(self._runs(text, first, last, found)),
            )
            for first, last, number in _pieces(text)
        )
        self.hits += len(found)
        return Block(position, level, article, pieces)

    def _runs(
        self, text: str, first: int, last: int, found: Sequence[tuple[int, int]]
    ) -> Iterator[Run]:
        edges = {first, last}
        edges.update(e for place in found for e in place if first < e < last)
        for start, end in pairwise(sorted(edges)):
            hit = next((n for n, (a, b) in enumerate(found, start=1) if a <= start < b), 0)
            begins = hit > 0 and found[hit - 1][0] == start
            yield Run(text[start:end], self.hits + hit if hit else 0, begins)


def _pieces(text: str) -> Iterator[tuple[int, int, int | None]]:
    """Yield the sentences of a text with their numbers, and what stands between them without."""
    at = 0
    for number, (first, last) in enumerate(sentence_spans(text)):
        if first > at:
            yield at, first, None
        yield first, last, number
        at = last
    if at < len(text):
        yield at, len(text), None


_ARTICLE_LEVEL = 9
"""Below every heading."""


def _contents(outline: Sequence[Paragraph], blocks: Sequence[Block]) -> Iterator[ContentsLine]:
    article = ""
    for paragraph, block in zip(outline, blocks, strict=True):
        if block.level > 0:
            yield ContentsLine(block.anchor, paragraph.text[:_LONGEST_CONTENTS_LINE], block.level)
        elif paragraph.article and paragraph.article != article:
            yield ContentsLine(block.anchor, paragraph.article, _ARTICLE_LEVEL)
        article = paragraph.article


class _HeadingSteps:
    """Headings as steps without a gap: a document that begins at the second level, or leaves one
    out, would be a riddle for those who find their way by headings.
    """

    def __init__(self) -> None:
        self._above: list[int] = []

    def level(self, written: int) -> int:
        """Return the step of the next heading, 0 for text."""
        if written == 0:
            return 0
        while self._above and self._above[-1] >= written:
            self._above.pop()
        self._above.append(written)
        return len(self._above)
