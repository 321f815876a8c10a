"""Documents for staff: the list with its filters, one document with its versions, what changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from sanic import Blueprint, HTTPResponse, Request

from models.category import Category
from models.document import Document, Validity
from models.index_change import Subject
from models.publishable import Publication
from models.staff import Staff
from models.venue import Venue
from models.version import Version
from server.console.document_facts import changed_facts, facts_of
from server.console.pages import PageOfList, show
from server.console.staff_door import staff
from server.sending_files import send_file
from services import audit, publication, staff_documents, stored_files
from services.access import Actor, Permission
from services.audit import Action
from services.differences import ParagraphChange, differences, without_unchanged
from services.document_content import DocumentContent
from services.errors import NotFound
from services.staff_documents import Standing, Wanted

E = TypeVar("E", bound=Enum)
_LONGEST_WORDS = 200


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(documents, "/documents", name="documents")
    routes.add_route(document, "/documents/<document_id:int>", name="document")
    routes.add_route(compare, "/documents/<document_id:int>/differences", name="differences")
    routes.add_route(
        original, "/documents/<document_id:int>/versions/<number:int>/file", name="original"
    )


@staff(Permission.LOOK)
async def documents(request: Request, actor: Actor) -> HTTPResponse:
    """Show a page of the documents that the address asks for."""
    wanted = _wanted(request)
    counted = await staff_documents.by_category(actor, wanted)
    total = sum(counted.values())
    part = PageOfList.of(request, counted[wanted.category] if wanted.category else total)
    venues = await _venues_in_sight(actor)
    return show(
        request,
        actor,
        "console/documents.html",
        wanted=wanted,
        part=part,
        documents=await staff_documents.find(actor, wanted, offset=part.offset, most=part.size),
        categories=[(category, counted[category]) for category in Category],
        total=total,
        places={venue.id: venue.place for venue in venues},
        standings=[("", "全部"), *((one.value, one.label) for one in Standing)],
        validities=[("", "全部"), *((one.value, one.label) for one in Validity)],
        venues=[("", "全部"), *((str(venue.id), venue.place) for venue in venues)],
    )


@staff(Permission.LOOK)
async def document(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Show one document with all its versions."""
    row = await document_row(actor, document_id)
    versions = await publication.versions_of(actor, Subject.DOCUMENT, document_id)
    shown = await _content_shown(row, versions)
    return show(
        request,
        actor,
        "console/document.html",
        document=row,
        facts=facts_of(shown),
        paragraphs=shown.paragraphs,
        versions=versions,
        opened=next((version for version in versions if version.state.is_open), None),
        people=await people_of(versions),
        place=await _place(row),
        replacement=await Document.get_or_none(id=row.replaced_by_id or 0),
        may_write=actor.may(Permission.WRITE_DOCUMENTS) and works_on(actor, row),
        may_review=actor.may(Permission.REVIEW) and works_on(actor, row),
        is_published=row.publication is Publication.PUBLISHED,
    )


@staff(Permission.LOOK)
async def compare(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Show what changed between two versions, ?from=1&to=2."""
    row = await document_row(actor, document_id)
    versions = await publication.versions_of(actor, Subject.DOCUMENT, document_id)
    numbered = {str(version.number): version for version in versions}
    before = numbered.get(request.args.get("from", ""))
    after = numbered.get(request.args.get("to", ""))
    if before is None or after is None:
        raise NotFound("There are no such versions.", sentence="没有找到要对照的两稿。")
    changes = await compared(before, after)
    return show(
        request, actor, "console/document_differences.html",
        document=row, before=before, after=after, versions=versions, changes=changes,
    )  # fmt: skip


@staff(Permission.LOOK)
async def original(
    request: Request, actor: Actor, document_id: int, number: int
) -> HTTPResponse | None:
    """Send the original of a version."""
    row = await document_row(actor, document_id)
    versions = await publication.versions_of(actor, Subject.DOCUMENT, document_id)
    version = next((one for one in versions if one.number == number), None)
    if version is None or version.file_id is None:
        raise NotFound("This version has no file.", sentence="这一稿没有原件。")
    file = await stored_files.find(version.file_id)
    await audit.record_alone(
        actor, Action.FILE_DOWNLOADED, f"document:{document_id}", venue_id=row.venue_id,
        version=number,
    )  # fmt: skip
    await send_file(request, file, version.file_name)
    return None


@dataclass(frozen=True)
class Compared:
    """What differs between two versions."""

    facts: list[tuple[str, str, str]]
    """Name, before, after."""
    paragraphs: list[ParagraphChange]
    has_other_file: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.facts or self.has_other_file) and all(
            change.skipped for change in self.paragraphs
        )


async def compared(before: Version, after: Version) -> Compared:
    """Return what differs between two versions of one document."""
    old, new = document_content_of(before), document_content_of(after)
    return await compared_contents(old, new, has_other_file=before.file_id != after.file_id)


async def compared_contents(
    old: DocumentContent, new: DocumentContent, *, has_other_file: bool = False
) -> Compared:
    """Return what differs between two contents; the work is done on a thread."""

    def work() -> list[ParagraphChange]:
        texts = ([p.text for p in content.paragraphs] for content in (old, new))
        return without_unchanged(differences(*texts))

    return Compared(changed_facts(old, new), await asyncio.to_thread(work), has_other_file)


async def document_row(actor: Actor, document_id: int) -> Document:
    """Return a document as staff see it. Raises NotFound."""
    row = await publication.subject_row(actor, Subject.DOCUMENT, document_id)
    assert isinstance(row, Document), "The subject is a document"
    return row


def document_content_of(version: Version) -> DocumentContent:
    """Return what a version of a document says."""
    content = publication.content_of(version)
    assert isinstance(content, DocumentContent), "The version is a document's"
    return content


def works_on(actor: Actor, row: Document) -> bool:
    """Return whether a document is theirs to change or to check."""
    return actor.works_on(row.venue_id, row.responsible_agency_id)


async def people_of(versions: list[Version]) -> dict[int | None, str]:
    """Return the names of those who wrote, submitted, checked or retired versions."""
    ids = {
        person
        for version in versions
        for person in (
            version.written_by_id,
            version.submitted_by_id,
            version.reviewed_by_id,
            version.retired_by_id,
        )
        if person is not None
    }
    names: dict[int | None, str] = {None: "系统"}
    for person in await Staff.filter(id__in=list(ids)).only("id", "display_name") if ids else []:
        names[person.id] = person.display_name
    return names


async def _content_shown(row: Document, versions: list[Version]) -> DocumentContent:
    """Return what the public sees, or the newest version of what it does not see."""
    if row.publication is Publication.UNPUBLISHED and versions:
        return document_content_of(versions[0])
    return DocumentContent.of_row(row, await row.paragraphs.all().order_by("position"))


async def _place(row: Document) -> str:
    if row.venue_id is None:
        return "所有专区"
    return (await Venue.get(id=row.venue_id)).place


async def _venues_in_sight(actor: Actor) -> list[Venue]:
    venues = await Venue.all().order_by("id")
    return [venue for venue in venues if actor.venue_ids is None or venue.id in actor.venue_ids]


def _wanted(request: Request) -> Wanted:
    venue = request.args.get("venue", "")
    return Wanted(
        words=request.args.get("words", "").strip()[:_LONGEST_WORDS],
        standing=_member(Standing, request.args.get("state", "")),
        category=_member(Category, request.args.get("category", "")),
        agency=request.args.get("agency", "").strip()[:_LONGEST_WORDS],
        validity=_member(Validity, request.args.get("validity", "")),
        venue_id=int(venue) if venue.isascii() and venue.isdigit() and len(venue) < 10 else None,
    )


def _member(kind: type[E], value: str) -> E | None:
    return next((member for member in kind if member.value == value), None)
