"""What the search index holds of a document or of a library entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from models.document import Document, Paragraph
from models.index_change import Subject
from models.question_entry import QuestionEntry
from search.document_number import find_numbers
from search.entry import Entry, EntryKind
from services.replies import Answer, Finding, Source

_LONGEST_PASSAGE = 600
"""Characters; a longer run of paragraphs is found, quoted and read in parts."""
_LEAD = 300


def owner_of(subject: Subject, row_id: int) -> str:
    """Return the name under which the index keeps the entries of a row."""
    return f"{subject.value}:{row_id}"


def keeper_of(row: Document | QuestionEntry) -> str:
    """Return the zone that keeps a row, as the index has it: "" for everybody's."""
    return "" if row.venue_id is None else str(row.venue_id)


def question_entries(row: QuestionEntry) -> list[Entry]:
    """Return one entry for each way of asking a library question."""
    answer = Answer(
        kind="qa",
        id=row.id,
        external_id=row.external_id,
        title=row.question,
        text=row.answer,
        score=0.0,
        source=Source(
            title=row.source_title or row.library,
            document_number=row.document_number,
            article=row.article,
            agency=row.agency,
            date=row.dated_on.isoformat() if row.dated_on else "",
            validity=row.validity.label,
        ),
    )
    payload = msgspec.json.encode(Finding(answer, row.short_answer)).decode()
    owner = owner_of(Subject.QUESTION, row.id)
    return [
        Entry(owner, EntryKind.QUESTION, wording, row.answer, payload, keeper=keeper_of(row))
        for wording in dict.fromkeys((row.question, *row.variants))
    ]


def document_entries(row: Document, paragraphs: Sequence[Paragraph]) -> list[Entry]:
    """Return the head of a document and its passages, by article or by heading."""
    owner = owner_of(Subject.DOCUMENT, row.id)
    number = next(iter(find_numbers(row.document_number)), None)
    lead = next((p.text for p in paragraphs if p.level == 0), row.title)
    head = f"{row.title} {row.document_number} {row.agency}"
    entries = [
        Entry(
            owner,
            EntryKind.DOCUMENT,
            head,
            "",
            _payload(row, "", row.title, lead[:_LEAD]),
            number,
            keeper_of(row),
        )
    ]
    # A scan has no text of its own, and is found by its title and number alone.
    for article, heading_path, text in _passages(paragraphs) if row.is_searchable else ():
        last_heading = heading_path.rpartition(" / ")[2]
        place = article or last_heading
        title = f"{row.title} {place}".strip()
        context = f"{row.title}\n{heading_path}"
        payload = _payload(row, place, title, text)
        entries.append(
            Entry(owner, EntryKind.PASSAGE, text, context, payload, keeper=keeper_of(row))
        )
    return entries


def _payload(row: Document, place: str, title: str, text: str) -> str:
    answer = Answer(
        kind="document",
        id=row.id,
        external_id=row.external_id,
        title=title,
        text=text,
        score=0.0,
        source=Source(
            title=row.title,
            document_number=row.document_number,
            article=place,
            agency=row.agency,
            date=_dated(row),
            validity=row.validity.label,
        ),
    )
    return msgspec.json.encode(Finding(answer)).decode()


def _dated(row: Document) -> str:
    day = row.published_on or row.signed_on or row.effective_on
    return day.isoformat() if day else ""


def _passages(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, str, str]]:
    """Yield article, heading path and text of each passage, in order."""
    texts = [p for p in paragraphs if p.level == 0]
    for (article, heading_path), group in groupby(texts, key=lambda p: (p.article, p.heading_path)):
        part = ""
        for paragraph in group:
            if part and len(part) + len(paragraph.text) > _LONGEST_PASSAGE:
                yield article, heading_path, part
                part = ""
            part = f"{part}\n{paragraph.text}" if part else paragraph.text
        if part:
            yield article, heading_path, part
