"""The government gazette in the console: its issues, the contents of each, and when it is shown."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.gazette_issue import GazetteIssue
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.scopes import SHARED, venue_value, zones_of
from server.console.staff_door import staff
from services import gazette_issues
from services.access import Actor, Permission
from services.clock import zone_day
from services.errors import Conflict, EditedMeanwhile
from services.gazette_issues import Issue, Line, Wanted

_LIST = "/console/gazette-issues"
_LONGEST_CONTENTS = 200_000


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/gazette-issues", name="gazette_issues")
    routes.add_route(new, "/gazette-issues/new", name="new_issue")
    routes.add_route(add, "/gazette-issues/new", name="add_issue", methods={"POST"})
    routes.add_route(one, "/gazette-issues/<issue_id:int>", name="issue")
    routes.add_route(
        change, "/gazette-issues/<issue_id:int>", name="change_issue", methods={"POST"}
    )
    routes.add_route(
        publish, "/gazette-issues/<issue_id:int>/publish", name="publish_issue", methods={"POST"}
    )
    routes.add_route(
        withdraw, "/gazette-issues/<issue_id:int>/withdraw", name="withdraw_issue", methods={"POST"}
    )


@staff(Permission.WRITE_DOCUMENTS)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show all issues."""
    issues = await gazette_issues.kept_by(actor)
    return show(
        request,
        actor,
        "console/gazette_issues.html",
        issues=issues,
        keeps=bool(await zones_of(actor)),
    )


@staff(Permission.WRITE_DOCUMENTS)
async def new(request: Request, actor: Actor) -> HTTPResponse:
    """Show the form for another issue."""
    today = zone_day(datetime.now(UTC))
    newest = next(iter(await gazette_issues.kept_by(actor)), None)
    values = {"issued_on": today.isoformat(), "year": str(today.year)}
    values["gazette"] = newest.gazette if newest else ""
    return await _form(request, actor, None, values, {}, edits=0)


@staff(Permission.WRITE_DOCUMENTS)
async def add(request: Request, actor: Actor) -> HTTPResponse:
    """Keep another issue, not shown yet."""
    form = Form(request)
    wanted = await _wanted(form, actor)
    if wanted is not None:
        try:
            row = await gazette_issues.create(actor, wanted)
        except Conflict as twice:
            form.errors["number"] = twice.sentence
        else:
            return go_on(request, f"{_LIST}/{row.id}", "已保存，还没有发布。")
    return await _form(request, actor, None, form.values, form.errors, edits=0)


@staff(Permission.WRITE_DOCUMENTS)
async def one(request: Request, actor: Actor, issue_id: int) -> HTTPResponse:
    """Show the form of an issue."""
    issue = await gazette_issues.find(actor, issue_id)
    return await _form(request, actor, issue, _values(issue), {}, edits=issue.row.edits)


@staff(Permission.WRITE_DOCUMENTS)
async def change(request: Request, actor: Actor, issue_id: int) -> HTTPResponse:
    """Change an issue. Who comes second sees what the first wrote beside their own."""
    form = Form(request)
    edits = form.edits()
    wanted = await _wanted(form, actor)
    theirs: dict[str, str] | None = None
    if wanted is not None:
        try:
            await gazette_issues.save(actor, issue_id, wanted, edits=edits)
        except EditedMeanwhile as meanwhile:
            form.errors["entries"] = meanwhile.sentence
            theirs = _values(await gazette_issues.find(actor, issue_id))
        except Conflict as twice:
            form.errors["number"] = twice.sentence
        else:
            return go_on(request, f"{_LIST}/{issue_id}", "已保存。")
    issue = await gazette_issues.find(actor, issue_id)
    return await _form(
        request, actor, issue, form.values, form.errors,
        edits=edits if theirs is None else issue.row.edits, theirs=theirs,
    )  # fmt: skip


@staff(Permission.WRITE_DOCUMENTS)
async def publish(request: Request, actor: Actor, issue_id: int) -> HTTPResponse:
    """Show an issue to the public."""
    await gazette_issues.publish(actor, issue_id, edits=Form(request).edits())
    return go_on(request, f"{_LIST}/{issue_id}", "已发布，群众可以看到了。")


@staff(Permission.WRITE_DOCUMENTS)
async def withdraw(request: Request, actor: Actor, issue_id: int) -> HTTPResponse:
    """Take an issue away from the public."""
    await gazette_issues.withdraw(actor, issue_id, edits=Form(request).edits())
    return go_on(request, f"{_LIST}/{issue_id}", "已撤下。")


async def _wanted(form: Form, actor: Actor) -> Wanted | None:
    """Return what a form says, None with errors in the form where it cannot be used."""
    gazette = form.text("gazette", "公报名称", longest=100, required=True)
    year = form.number("year", "年份", least=1949, most=2100)
    number = form.number("number", "期号", least=1, most=999)
    if not year or not number:
        form.errors.setdefault("number", "请填写年份和期号。")
    issued_on = form.day("issued_on", "出版日期", required=True)
    typed = form.text("entries", "目录", longest=_LONGEST_CONTENTS)
    lines, problems = gazette_issues.read_lines(typed)
    if problems:
        form.errors.setdefault("entries", "".join(problems[:5]))
    venue = form.raw("venue")
    if venue not in dict(await zones_of(actor)):
        form.errors["venue"] = "请选择由哪个专区管理。"
    if issued_on is None or form.errors:
        return None
    venue_id = None if venue == SHARED else int(venue)
    return Wanted(gazette, year, number, issued_on, venue_id, tuple(lines))


def _values(issue: Issue) -> dict[str, str]:
    row: GazetteIssue = issue.row
    lines = [Line(e.section, e.title, e.page, e.document_number) for e in issue.entries]
    return {
        "gazette": row.gazette,
        "year": str(row.year),
        "number": str(row.number),
        "issued_on": row.issued_on.isoformat(),
        "venue": venue_value(row.venue_id),
        "entries": "\n".join(line.written() for line in lines),
    }


async def _form(
    request: Request,
    actor: Actor,
    issue: Issue | None,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    edits: int,
    theirs: dict[str, str] | None = None,
) -> HTTPResponse:
    names = ("gazette", "year", "number", "issued_on", "venue", "entries")
    status = 409 if theirs else 422 if errors else 200
    return show(
        request, actor, "console/gazette_issue.html", status=status,
        issue=issue, values=dict.fromkeys(names, "") | values, errors=errors,
        edits_shown=edits, theirs=theirs, venues=await zones_of(actor),
        works=issue is None or actor.works_on(issue.row.venue_id),
    )  # fmt: skip
