"""The catalogue: what is on display, the tree of categories, the search, the list."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from sanic import Blueprint, HTTPResponse, Request

from models.category import Category
from models.document import Validity
from models.ledger_count import Counted
from models.venue import Area
from server.context import context_of
from server.paging import PageOfList
from server.reading.pages import show
from server.visiting import venue_of
from services import catalogue, display_items, ledger, venues
from services.catalogue import Filters, Found
from services.clock import zone_day
from services.errors import Invalid

_PAGE_SIZE = 20
_LONGEST_SEARCH = 200

E = TypeVar("E", bound=Enum)


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(documents, "/documents", name="documents", strict_slashes=False)


async def documents(request: Request) -> HTTPResponse:
    """Show the catalogue, or what a search found in it."""
    context, venue = context_of(request), await venue_of(request)
    filters = _filters(request)
    text = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    problem = ""
    found: list[Found] = []
    if text:
        if request.args.get("page") is None:
            ledger.note(Counted.SEARCH, venue.id)
        try:
            found = await catalogue.sought(text, filters, venue.id, context.library)
        except Invalid as unusable:
            problem = unusable.sentence
        part = PageOfList.of(request, len(found), _PAGE_SIZE)
        found = found[part.offset : part.offset + part.size]
    else:
        wanted = PageOfList.of(request, 10**9, _PAGE_SIZE)
        rows, total = await catalogue.listed(
            filters, venue.id, offset=wanted.offset, limit=_PAGE_SIZE
        )
        part = PageOfList.of(request, total, _PAGE_SIZE)
        if part.number != wanted.number:
            rows, _ = await catalogue.listed(
                filters, venue.id, offset=part.offset, limit=_PAGE_SIZE
            )
        found = [Found(row, None) for row in rows]
    instead = ""
    if Area.APPLICATIONS not in venue.areas:
        there = await venues.instead_of(venue, Area.APPLICATIONS, now=datetime.now(UTC))
        instead = there.sentence(venue)
    is_whole = not text and filters == Filters()
    return await show(
        request,
        "reading/catalogue.html",
        facets=await context.facets.at(venue.id, context.library),
        filters=filters,
        text=text,
        problem=problem,
        found=found,
        part=part,
        is_whole=is_whole,
        on_display=await display_items.on_display(venue.id, zone_day(datetime.now(UTC)))
        if is_whole and part.number == 1
        else [],
        dated=catalogue.dated,
        instead=instead,
        categories=Category,
    )


def _filters(request: Request) -> Filters:
    year = request.args.get("year", "")
    is_year = year.isascii() and year.isdigit() and 1900 <= int(year[:5]) <= 2100
    return Filters(
        _chosen(Category, request.args.get("category", "")),
        request.args.get("agency", ""),
        _chosen(Validity, request.args.get("validity", "")),
        int(year) if is_year else None,
    )


def _chosen(choices: type[E], value: str) -> E | None:
    try:
        return choices(value)
    except ValueError:
        return None
