"""The catalogue on a phone: what a search finds, what there is, what lies on display."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import TypeVar

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.paging import number_in
from miniprogram_api.mp.sessions import open_to_all
from miniprogram_api.mp.venues_scanned import venue_of
from models.category import Category
from models.display_item import DisplayKind
from models.document import Validity
from models.ledger_count import Counted
from services import catalogue, display_items, ledger
from services.catalogue import Filters, Found
from services.clock import zone_day
from services.errors import Invalid
from services.replies import Hit

_MOST_HITS = 100
_MOST_ON_A_PAGE = 50
_LAST_PAGE = 100_000

E = TypeVar("E", bound=Enum)


class PhoneHits(msgspec.Struct, frozen=True):
    """What was found, the likeliest first."""

    hits: list[Hit]


class Facet(msgspec.Struct, frozen=True):
    """Something to filter by, and how many documents it leaves."""

    value: str
    """To be sent as the filter."""
    label: str
    count: int


class CatalogueReply(msgspec.Struct, frozen=True):
    """What there is to filter by at a zone."""

    total: int
    categories: list[Facet]
    agencies: list[Facet]
    validities: list[Facet]
    years: list[Facet]


class DocumentInList(msgspec.Struct, frozen=True):
    """A document of a list."""

    id: int
    title: str
    document_number: str
    agency: str
    category: str
    dated: date | None
    validity: str
    snippet: str
    """Where a search found something, "" in a list that nothing was sought in."""
    article: str

    @classmethod
    def of(cls, found: Found) -> DocumentInList:
        """Return a document as lists show it."""
        row, hit = found.document, found.hit
        return cls(
            id=row.id,
            title=row.title,
            document_number=row.document_number,
            agency=row.agency,
            category=row.category.label,
            dated=catalogue.dated(row),
            validity=row.validity.label,
            snippet=hit.snippet if hit is not None else "",
            article=hit.article if hit is not None else "",
        )


class DocumentsReply(msgspec.Struct, frozen=True):
    """A page of the catalogue, the newest first, or of what a search found in it."""

    total: int
    page: int
    size: int
    documents: list[DocumentInList]


class ItemOnDisplay(msgspec.Struct, frozen=True):
    """Something that lies open in the reading area."""

    kind: DisplayKind
    label: str
    title: str
    document_id: int | None
    """The document to read, None where it is the gazette or lies there on paper alone."""


class DisplayReply(msgspec.Struct, frozen=True):
    """What lies open in a zone's reading area, in its order."""

    items: list[ItemOnDisplay]


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(search, "/search", name="search")
    routes.add_route(facets, "/catalogue", name="catalogue")
    routes.add_route(documents, "/documents", name="documents")
    routes.add_route(on_display, "/display", name="display")


@open_to_all
async def search(request: Request) -> HTTPResponse:
    """Find entries and passages, together."""
    venue = await venue_of(request)
    limit = number_in(request, "limit", 10, _MOST_HITS)
    hits = await request.app.ctx.library.search(request.args.get("q", ""), limit, venue.id)
    ledger.note(Counted.SEARCH, venue.id)
    return json(PhoneHits(hits))


@open_to_all
async def facets(request: Request) -> HTTPResponse:
    """Say what there is to filter by."""
    context, venue = request.app.ctx, await venue_of(request)
    there = await context.facets.at(venue.id, context.library)
    return json(
        CatalogueReply(
            total=there.total,
            categories=[Facet(c.value, c.label, n) for c, n in there.categories.items()],
            agencies=[Facet(name, name, n) for name, n in there.agencies.items()],
            validities=[Facet(v.value, v.label, n) for v, n in there.validities.items()],
            years=[Facet(str(year), f"{year}年", n) for year, n in there.years.items()],
        )
    )


@open_to_all
async def documents(request: Request) -> HTTPResponse:
    """Show a page of the catalogue, or of what a search (?q=) found in it."""
    context, venue = request.app.ctx, await venue_of(request)
    page = number_in(request, "page", 1, _LAST_PAGE)
    size = number_in(request, "size", 20, _MOST_ON_A_PAGE)
    offset, filters = (page - 1) * size, _filters(request)
    text = request.args.get("q", "").strip()
    if text:
        if page == 1:
            ledger.note(Counted.SEARCH, venue.id)
        everything = await catalogue.sought(text, filters, venue.id, context.library)
        found, total = everything[offset : offset + size], len(everything)
    else:
        rows, total = await catalogue.listed(filters, venue.id, offset=offset, limit=size)
        found = [Found(row, None) for row in rows]
    return json(DocumentsReply(total, page, size, [DocumentInList.of(one) for one in found]))


@open_to_all
async def on_display(request: Request) -> HTTPResponse:
    """Show what lies open in the reading area."""
    venue = await venue_of(request)
    there = await display_items.on_display(venue.id, zone_day(datetime.now(UTC)))
    items = [
        ItemOnDisplay(
            kind=one.item.kind,
            label=one.item.kind.label,
            title=one.item.title,
            document_id=one.item.document_id,
        )
        for one in there
    ]
    return json(DisplayReply(items))


def _filters(request: Request) -> Filters:
    year = request.args.get("year", "")
    is_year = len(year) == 4 and year.isascii() and year.isdigit()
    if year and not (is_year and 1900 <= int(year) <= 2100):
        raise Invalid("The year must be from 1900 to 2100.", sentence="年份应为四位数字。")
    return Filters(
        _chosen(Category, request.args.get("category", "")),
        request.args.get("agency", ""),
        _chosen(Validity, request.args.get("validity", "")),
        int(year) if year else None,
    )


def _chosen(choices: type[E], value: str) -> E | None:
    try:
        return choices(value) if value else None
    except ValueError:
        raise Invalid("There is no such filter.", sentence="没有这个分类，请重新选择。") from None
