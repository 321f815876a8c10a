"""The reading area of the sample: what is on display, and an issue of an invented gazette."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import msgspec

from models.display_item import DisplayItem, DisplayKind
from models.gazette_issue import GazetteIssue
from services import display_items, documents, gazette_issues
from services.access import Actor
from services.errors import NotFound


class SampleItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing on display."""

    kind: DisplayKind
    title: str
    document: str
    """Its number, "" where none is read."""
    replace_every_days: int


class SampleIssue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An issue of the gazette; contents as staff type them."""

    gazette: str
    year: int
    number: int
    issued_on: date
    contents: list[str]


class SampleReadingArea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    on_display: list[SampleItem]
    gazette: SampleIssue


async def add_sample_reading_area(file: Path, actor: Actor, *, today: date) -> None:
    """Fill the reading area, unless somebody has put anything into it."""
    if await DisplayItem.exists() or await GazetteIssue.exists():
        return
    text = await asyncio.to_thread(file.read_bytes)
    sample = msgspec.json.decode(text, type=SampleReadingArea)
    for position, item in enumerate(sample.on_display):
        wanted = display_items.Wanted(
            kind=item.kind,
            title=item.title,
            venue_id=None,
            document_id=await _numbered(item.document),
            replace_every_days=item.replace_every_days,
            position=position,
        )
        await display_items.put_up(actor, wanted, today=today)
    issue = sample.gazette
    lines, _ = gazette_issues.read_lines("\n".join(issue.contents))
    kept = await gazette_issues.create(
        actor,
        gazette_issues.Wanted(
            issue.gazette, issue.year, issue.number, issue.issued_on, None, tuple(lines)
        ),
    )
    await gazette_issues.publish(actor, kept.id, edits=kept.edits)


async def _numbered(number: str) -> int | None:
    """Return the document with a number, None where it was left out or not imported."""
    try:
        return (await documents.published(number)).id if number else None
    except NotFound:
        return None
