"""One document to read on a phone, an entry of the question library, and the gazette."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.sessions import open_to_all
from miniprogram_api.mp.sounds import Spoken, spoken
from miniprogram_api.mp.venues_scanned import venue_of
from models.gazette_issue import GazetteIssue
from models.index_change import Subject
from models.ledger_count import Counted
from services import documents, gazette_issues, ledger, question_entries, reading
from services.documents import ShownDocument
from services.projection import owner_of
from services.reading import Block, Layout
from services.replies import Source
from services.spoken_owners import Said
from services.text_finding import LONGEST_SOUGHT

_LARGEST_ID = 2**31 - 1


class TextRun(msgspec.Struct, frozen=True):
    """Text of one kind: sought or not."""

    text: str
    hit: int
    """Which of the places found it belongs to, counted from 1, 0 for none."""


class TextPiece(msgspec.Struct, frozen=True):
    """A sentence, or what stands between two."""

    name: str
    """Goes into the address of its sound, "" for what is not read aloud."""
    runs: list[TextRun]


class TextBlock(msgspec.Struct, frozen=True):
    """A paragraph or a heading."""

    position: int
    """-1 for the title."""
    level: int
    """0 for text, 1 and up for headings, without a gap."""
    article: str
    pieces: list[TextPiece]

    @classmethod
    def of(cls, block: Block) -> TextBlock:
        """Return a block as phones get it."""
        pieces = [
            TextPiece(piece.name, [TextRun(run.text, run.hit) for run in piece.runs])
            for piece in block.pieces
        ]
        return cls(block.position, block.level, block.article, pieces)


class ContentsEntry(msgspec.Struct, frozen=True):
    """One line of the contents list."""

    position: int
    """Of the block that it leads to."""
    text: str
    level: int


class ReadDocument(msgspec.Struct, frozen=True):
    """A document laid out for reading."""

    id: int
    title: str
    agency: str
    document_number: str
    signed_on: date | None
    published_on: date | None
    effective_on: date | None
    expires_on: date | None
    validity: str
    addressees: str
    attachments: tuple[str, ...]
    file: str
    """The address of the original on this server, "" where there is none."""
    version: str
    """Of the text that is shown. Sounds of another version are refused."""
    sound: str
    """The address of the sound of a sentence: its name goes in the place of {name}; ?rate= may be
    added. "" where nothing speaks."""
    heading: TextBlock
    blocks: list[TextBlock]
    contents: list[ContentsEntry]
    hits: int
    """How many places were found (?find=)."""
    position: int | None
    """The block that ?at= names, None where there is no such place."""

    @classmethod
    def of(
        cls, shown: ShownDocument, layout: Layout, *, position: int | None, speaks: bool
    ) -> ReadDocument:
        """Return a document as phones get it."""
        sound = f"/mp/v1/documents/{shown.id}/speech/{{name}}.mp3?version={shown.version}"
        return cls(
            id=shown.id,
            title=shown.title,
            agency=shown.agency,
            document_number=shown.document_number,
            signed_on=shown.signed_on,
            published_on=shown.published_on,
            effective_on=shown.effective_on,
            expires_on=shown.expires_on,
            validity=shown.validity.label,
            addressees=shown.addressees,
            attachments=shown.attachments,
            file=f"/documents/{shown.id}/file" if shown.file_id is not None else "",
            version=shown.version,
            sound=sound if speaks else "",
            heading=TextBlock.of(layout.title),
            blocks=[TextBlock.of(block) for block in layout.blocks],
            contents=[
                ContentsEntry(int(line.anchor[1:]), line.text, line.level)
                for line in layout.contents
            ],
            hits=layout.hits,
            position=position,
        )


class ReadEntry(msgspec.Struct, frozen=True):
    """An entry of the question library."""

    id: int
    external_id: str
    question: str
    answer: str
    source: Source
    spoken: list[Spoken]


class GazetteInList(msgspec.Struct, frozen=True):
    """An issue of the gazette."""

    id: int
    gazette: str
    year: int
    number: int
    issued_on: date


class GazettesReply(msgspec.Struct, frozen=True):
    """The issues of the gazette, the newest first."""

    issues: list[GazetteInList]


class GazetteLine(msgspec.Struct, frozen=True):
    """One line of an issue's contents."""

    title: str
    page: int | None
    document_number: str
    document_id: int | None
    """The document to read, None where the library has it not."""


class GazetteSection(msgspec.Struct, frozen=True):
    """Lines under one heading."""

    name: str
    lines: list[GazetteLine]


class GazetteReply(msgspec.Struct, frozen=True):
    """An issue with its contents."""

    issue: GazetteInList
    sections: list[GazetteSection]


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(document, "/documents/<document_id:int>", name="document")
    routes.add_route(entry, "/entries/<entry_id:int>", name="entry")
    routes.add_route(issues, "/gazettes", name="gazettes")
    routes.add_route(issue, "/gazettes/<issue_id:int>", name="gazette")


@open_to_all
async def document(request: Request, document_id: int) -> HTTPResponse:
    """Show a document; ?find= marks a text in it, ?at= names an article, a heading, a paragraph."""
    shown = await documents.show(str(document_id))
    sought = request.args.get("find", "").strip()[:LONGEST_SOUGHT]
    layout = reading.lay_out(shown, sought)
    if not sought:
        ledger.note(Counted.READING, (await venue_of(request)).id)
    position = reading.position_of(shown, request.args.get("at", ""))
    speaks = request.app.ctx.speech.speaks
    return json(ReadDocument.of(shown, layout, position=position, speaks=speaks))


@open_to_all
async def entry(request: Request, entry_id: int) -> HTTPResponse:
    """Show an entry of the question library, to read and to hear."""
    context = request.app.ctx
    revision = context.library.revision.number
    row = await question_entries.find(min(entry_id, _LARGEST_ID))
    said = Said(owner_of(Subject.QUESTION, row.id), revision)
    source = Source(
        title=row.source_title or row.library,
        document_number=row.document_number,
        article=row.article,
        agency=row.agency,
        date=row.dated_on.isoformat() if row.dated_on else "",
        validity=row.validity.label,
    )
    sounds = spoken(context.speech, row.answer, said)
    return json(ReadEntry(row.id, row.external_id, row.question, row.answer, source, sounds))


@open_to_all
async def issues(request: Request) -> HTTPResponse:
    """List the issues of the gazette."""
    rows = await gazette_issues.published((await venue_of(request)).id)
    return json(GazettesReply([_in_list(row) for row in rows]))


@open_to_all
async def issue(_request: Request, issue_id: int) -> HTTPResponse:
    """Show what is in an issue."""
    shown = await gazette_issues.show(min(issue_id, _LARGEST_ID))
    sections = [
        GazetteSection(
            name,
            [
                GazetteLine(
                    line.title,
                    line.page,
                    line.document_number,
                    line.document.id if line.document is not None else None,
                )
                for line in lines
            ],
        )
        for name, lines in groupby(shown.entries, key=lambda line: line.section)
    ]
    return json(GazetteReply(_in_list(shown.row), sections))


def _in_list(row: GazetteIssue) -> GazetteInList:
    return GazetteInList(row.id, row.gazette, row.year, row.number, row.issued_on)
