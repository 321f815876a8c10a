"""The government gazette (政府公报): its issues, and what is in each."""

from __future__ import annotations

from itertools import groupby

from sanic import Blueprint, HTTPResponse, Request

from server.reading.pages import show
from server.visiting import venue_of
from services import gazette_issues


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(issues, "/gazettes", name="gazettes", strict_slashes=False)
    routes.add_route(issue, "/gazettes/<issue_id:int>", name="gazette")


async def issues(request: Request) -> HTTPResponse:
    """Show the issues, the newest first."""
    rows = await gazette_issues.published((await venue_of(request)).id)
    return await show(request, "reading/gazettes.html", issues=rows)


async def issue(request: Request, issue_id: int) -> HTTPResponse:
    """Show the contents of an issue; each entry leads to its document where the library has it."""
    shown = await gazette_issues.show(issue_id)
    sections = groupby(shown.entries, key=lambda entry: entry.section)
    return await show(
        request,
        "reading/gazette.html",
        issue=shown.row,
        sections=[(name, list(entries)) for name, entries in sections],
    )
