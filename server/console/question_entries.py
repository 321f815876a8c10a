"""Library entries for staff: the list with its filters, one entry with its versions, what changed."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.question_entry import QuestionEntry
from models.staff import Staff
from models.venue import Venue
from models.version import Version
from server.console.documents import people_of
from server.console.pages import PageOfList, show
from server.console.question_forms import compared_entries, facts_of
from server.console.staff_door import staff
from services import publication, staff_questions
from services.access import Actor, Permission
from services.clock import zone_day
from services.errors import NotFound
from services.question_content import QuestionContent
from services.staff_documents import Standing
from services.staff_questions import WantedEntries

_LONGEST_WORDS = 200
_STANDINGS = [("", "全部"), *((one.value, one.label) for one in Standing)]


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(entries, "/questions", name="questions")
    routes.add_route(entry, "/questions/<entry_id:int>", name="question")
    routes.add_route(compare, "/questions/<entry_id:int>/differences", name="question_differences")


@staff(Permission.LOOK)
async def entries(request: Request, actor: Actor) -> HTTPResponse:
    """Show a page of the entries that the address asks for, and how many are to be reviewed."""
    given = request.args.get("state", "")
    wanted = WantedEntries(
        words=request.args.get("words", "").strip()[:_LONGEST_WORDS],
        standing=next((one for one in Standing if one.value == given), None),
        is_review_due=request.args.get("review") == "due",
    )
    today = zone_day(datetime.now(UTC))
    part = PageOfList.of(request, await staff_questions.count(actor, wanted, today))
    return show(
        request,
        actor,
        "console/question_entries.html",
        wanted=wanted,
        standings=_STANDINGS,
        part=part,
        rows=await staff_questions.find(actor, wanted, today, offset=part.offset, most=part.size),
        due=await staff_questions.count(actor, WantedEntries(is_review_due=True), today),
        today=today,
    )


@staff(Permission.LOOK)
async def entry(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Show one entry with all its versions."""
    row = await entry_row(actor, entry_id)
    versions = await publication.versions_of(actor, Subject.QUESTION, entry_id)
    content = QuestionContent.of_row(row)
    if row.publication is Publication.UNPUBLISHED and versions:
        content = entry_content_of(versions[0])
    works = actor.works_on(row.venue_id, row.responsible_agency_id)
    reviewer = await Staff.get_or_none(id=row.reviewer_id or 0)
    venue = await Venue.get_or_none(id=row.venue_id or 0)
    return show(
        request, actor, "console/question_entry.html",
        entry=row, content=content, facts=facts_of(content), versions=versions,
        opened=next((version for version in versions if version.state.is_open), None),
        people=await people_of(versions),
        reviewer=reviewer.display_name if reviewer else "",
        place=venue.place if venue else "所有专区",
        may_write=actor.may(Permission.WRITE_QUESTIONS) and works,
        may_review=actor.may(Permission.REVIEW) and works,
        is_published=row.publication is Publication.PUBLISHED,
        today=zone_day(datetime.now(UTC)),
    )  # fmt: skip


@staff(Permission.LOOK)
async def compare(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Show what changed between two versions, ?from=1&to=2."""
    row = await entry_row(actor, entry_id)
    versions = await publication.versions_of(actor, Subject.QUESTION, entry_id)
    numbered = {str(version.number): version for version in versions}
    before = numbered.get(request.args.get("from", ""))
    after = numbered.get(request.args.get("to", ""))
    if before is None or after is None:
        raise NotFound("There are no such versions.", sentence="没有找到要对照的两稿。")
    return show(
        request, actor, "console/question_differences.html",
        entry=row, before=before, after=after,
        changes=await compared_entries(entry_content_of(before), entry_content_of(after)),
    )  # fmt: skip


async def entry_row(actor: Actor, entry_id: int) -> QuestionEntry:
    """Return an entry as staff see it. Raises NotFound."""
    row = await publication.subject_row(actor, Subject.QUESTION, entry_id)
    assert isinstance(row, QuestionEntry), "The subject is an entry"
    return row


def entry_content_of(version: Version) -> QuestionContent:
    """Return what a version of an entry says."""
    content = publication.content_of(version)
    assert isinstance(content, QuestionContent), "The version is an entry's"
    return content


async def entry_version(entry_id: int, *states: VersionState) -> Version:
    """Return the version of an entry that is in one of some states. Raises NotFound."""
    found = await Version.get_or_none(
        subject=Subject.QUESTION, subject_id=entry_id, state__in=list(states)
    )
    if found is None:
        raise NotFound("No version is in that state.", sentence="这一稿已经处理过了，请刷新再看。")
    return found
