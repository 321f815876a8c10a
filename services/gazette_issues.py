"""Issues of the government gazette (政府公报) with their contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from models.document import Document
from models.gazette_issue import GazetteEntry, GazetteIssue
from models.publishable import Publication
from services import audit, documents, venues
from services.access import Actor, Permission
from services.audit import Action
from services.errors import Conflict, EditedMeanwhile, NotFound, WrongState

MOST_ENTRIES = 500
_LONGEST = {"section": 100, "title": 500, "number": 200}
_NO_ISSUE = "没有找到这一期公报。"


@dataclass(frozen=True)
class Line:
    """One line of an issue's contents, as staff type it: 栏目 | 标题 | 页码 | 文号."""

    section: str
    title: str
    page: int | None = None
    document_number: str = ""

    def written(self) -> str:
        """Return it as it is typed."""
        page = "" if self.page is None else str(self.page)
        return f"{self.section} | {self.title} | {page} | {self.document_number}".rstrip(" |")


@dataclass(frozen=True)
class Wanted:
    """What staff say of an issue."""

    gazette: str
    year: int
    number: int
    issued_on: date
    venue_id: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the contents, as it is shown."""

    section: str
    title: str
    page: int | None
    document_number: str
    document: Document | None
    """Where the library has it, and the public sees it."""


@dataclass(frozen=True)
class Issue:
    """An issue with its contents, in order."""

    row: GazetteIssue
    entries: tuple[Entry, ...]


def read_lines(text: str) -> tuple[list[Line], list[str]]:
    """Return the lines of a contents list, and a sentence for each that cannot be read."""
    lines: list[Line] = []
    problems: list[str] = []
    for number, typed in enumerate(text.splitlines(), start=1):
        if not typed.strip():
            continue
        section, title, page, document_number, *rest = [
            *(part.strip() for part in typed.replace("｜", "|").split("|")), "", "", "",
        ]  # fmt: skip
        if any(rest[:-3]) or not title:
            problems.append(
                f"第 {number} 行请写成“栏目 | 标题 | 页码 | 文号”，页码和文号可以空着。"
            )
        elif page and not (page.isascii() and page.isdigit() and len(page) < 6):
            problems.append(f"第 {number} 行的页码请填数字。")
        elif not _fits(section, title, document_number):
            problems.append(f"第 {number} 行太长了，栏目不超过 100 字，标题不超过 500 字。")
        else:
            lines.append(Line(section, title, int(page) if page else None, document_number))
    if len(lines) > MOST_ENTRIES:
        problems.append(f"目录超过 {MOST_ENTRIES} 行，请核对。")
    return lines, problems


def _fits(section: str, title: str, document_number: str) -> bool:
    return (
        len(section) <= _LONGEST["section"]
        and len(title) <= _LONGEST["title"]
        and len(document_number) <= _LONGEST["number"]
    )


async def published(venue_id: int) -> list[GazetteIssue]:
    """Return the issues that visitors of a zone read, the newest first."""
    keepers = (await venues.tree()).upwards(venue_id)
    shown = GazetteIssue.filter(Q(venue_id=None) | Q(venue_id__in=keepers), is_published=True)
    return await shown.order_by("-issued_on", "-year", "-number", "-id")


async def show(issue_id: int) -> Issue:
    """Return a published issue with its contents. Raises NotFound."""
    row = await GazetteIssue.get_or_none(id=issue_id, is_published=True)
    if row is None:
        raise NotFound("There is no such published issue.", sentence=_NO_ISSUE)
    return Issue(row, tuple(await _entries(row)))


async def kept_by(actor: Actor) -> list[GazetteIssue]:
    """Return what a member of staff sees of all issues, the newest first."""
    actor.require(Permission.LOOK)
    rows = await GazetteIssue.all().order_by("-issued_on", "-id").select_related("venue")
    return [row for row in rows if actor.sees(row.venue_id)]


async def find(actor: Actor, issue_id: int) -> Issue:
    """Return an issue, published or not. Raises NotFound where it is out of sight."""
    row = await GazetteIssue.get_or_none(id=issue_id)
    if row is None:
        raise NotFound("There is no such issue.", sentence=_NO_ISSUE)
    actor.require_sight(row.venue_id)
    return Issue(row, tuple(await _entries(row)))


async def create(actor: Actor, wanted: Wanted) -> GazetteIssue:
    """Keep a new issue, not published yet. Raises Conflict for one that is there already."""
    _require(actor, wanted.venue_id)
    entries = await _resolved(wanted.lines)
    try:
        async with in_transaction() as database:
            row = await GazetteIssue.create(using_db=database, **_columns(wanted))
            await _keep(row.id, entries, database)
            await _record(actor, row, database, "created")
    except IntegrityError:
        raise _twice(wanted) from None
    return row


async def save(actor: Actor, issue_id: int, wanted: Wanted, *, edits: int) -> None:
    """Change an issue and its contents.

    Raises EditedMeanwhile where it was changed since it was shown, Conflict for one that is there
    already.
    """
    found = await find(actor, issue_id)
    _require(actor, found.row.venue_id)
    _require(actor, wanted.venue_id)
    entries = await _resolved(wanted.lines)
    try:
        async with in_transaction() as database:
            await _turn(issue_id, edits, database, **_columns(wanted))
            await GazetteEntry.filter(issue_id=issue_id).using_db(database).delete()
            await _keep(issue_id, entries, database)
            await _record(actor, found.row, database, "saved")
    except IntegrityError:
        raise _twice(wanted) from None


async def publish(actor: Actor, issue_id: int, *, edits: int) -> None:
    """Show an issue to the public. Raises WrongState where it is shown already."""
    await _set_published(actor, issue_id, is_published=True, edits=edits)


async def withdraw(actor: Actor, issue_id: int, *, edits: int) -> None:
    """Take an issue away from the public. Raises WrongState where it is not shown."""
    await _set_published(actor, issue_id, is_published=False, edits=edits)


async def _set_published(actor: Actor, issue_id: int, *, is_published: bool, edits: int) -> None:
    found = await find(actor, issue_id)
    _require(actor, found.row.venue_id)
    if found.row.is_published is is_published:
        raise WrongState(f"Issue {issue_id} is so already.")
    async with in_transaction() as database:
        await _turn(issue_id, edits, database, is_published=is_published)
        deed = "published" if is_published else "withdrawn"
        await _record(actor, found.row, database, deed)


def _require(actor: Actor, venue_id: int | None) -> None:
    actor.require(Permission.WRITE_DOCUMENTS)
    actor.require_work(venue_id)


async def _turn(issue_id: int, edits: int, database: BaseDBAsyncClient, **columns: object) -> None:
    """Change the row that was shown with an edit count, and no other."""
    row = GazetteIssue.filter(id=issue_id, edits=edits).using_db(database)
    if not await row.update(edits=F("edits") + 1, **columns):
        raise EditedMeanwhile(f"Issue {issue_id} was changed since edit {edits}.")


def _columns(wanted: Wanted) -> dict[str, object]:
    return {
        "gazette": wanted.gazette,
        "year": wanted.year,
        "number": wanted.number,
        "issued_on": wanted.issued_on,
        "venue_id": wanted.venue_id,
    }


async def _resolved(lines: Sequence[Line]) -> list[GazetteEntry]:
    return [
        GazetteEntry(
            position=position,
            section=line.section,
            title=line.title,
            page=line.page,
            document_number=line.document_number,
            document_id=await _document_of(line),
        )
        for position, line in enumerate(lines)
    ]


async def _document_of(line: Line) -> int | None:
    """Return the document that a line is about, by its number, and without one by its title."""
    if line.document_number:
        try:
            return (await documents.published(line.document_number)).id
        except NotFound:
            return None
    titled = Document.filter(title=line.title, publication=Publication.PUBLISHED)
    found = await titled.order_by("-id").first()
    return found.id if found is not None else None


async def _keep(issue_id: int, entries: list[GazetteEntry], database: BaseDBAsyncClient) -> None:
    for entry in entries:
        entry.issue_id = issue_id
    await GazetteEntry.bulk_create(entries, using_db=database, batch_size=200)


async def _entries(row: GazetteIssue) -> list[Entry]:
    rows = (
        await GazetteEntry.filter(issue_id=row.id).order_by("position").select_related("document")
    )
    return [
        Entry(
            entry.section,
            entry.title,
            entry.page,
            entry.document_number,
            entry.document
            if entry.document and entry.document.publication is Publication.PUBLISHED
            else None,
        )
        for entry in rows
    ]


async def _record(actor: Actor, row: GazetteIssue, database: BaseDBAsyncClient, deed: str) -> None:
    await audit.record(
        actor,
        Action.GAZETTE_CHANGED,
        f"gazette_issue:{row.id}",
        venue_id=row.venue_id,
        using_db=database,
        deed=deed,
    )


def _twice(wanted: Wanted) -> Conflict:
    name = f"{wanted.gazette}{wanted.year}年第{wanted.number}期"
    return Conflict("The issue is there already.", sentence=f"{name}已经有了，请直接修改那一期。")
