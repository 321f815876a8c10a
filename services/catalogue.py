"""The catalogue of what is published: filtered, counted, listed a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import F, Q
from tortoise.functions import Coalesce, Count
from tortoise.queryset import QuerySet

from models.category import Category
from models.document import Document, Validity
from models.publishable import Publication
from search.entry import Revision
from services import venues
from services.library import Library
from services.replies import Hit

_MOST_HITS = 100
_MOST_AGENCIES = 200


@dataclass(frozen=True)
class Filters:
    """What is wanted of the catalogue; None and "" want everything."""

    category: Category | None = None
    agency: str = ""
    validity: Validity | None = None
    year: int | None = None

    def let_in(self, document: Document) -> bool:
        """Return whether a document is wanted."""
        return (
            self.category in (None, document.category)
            and self.agency in ("", document.agency)
            and self.validity in (None, document.validity)
            and self.year in (None, year_of(document))
        )


@dataclass(frozen=True)
class Facets:
    """What there is to filter by at a zone, with how many documents."""

    total: int
    categories: dict[Category, int]
    agencies: dict[str, int]
    validities: dict[Validity, int]
    years: dict[int, int]


@dataclass(frozen=True)
class Found:
    """A document of a list."""

    document: Document
    hit: Hit | None
    """Where in it a search found something, None in a list that nothing was sought in."""


def dated(document: Document) -> date | None:
    """Return the day that a document is listed under."""
    return document.published_on or document.signed_on or document.effective_on


def year_of(document: Document) -> int | None:
    """Return the year that a document is listed under."""
    day = dated(document)
    return day.year if day else None


async def listed(
    filters: Filters, venue_id: int, *, offset: int, limit: int
) -> tuple[list[Document], int]:
    """Return a page of the documents found at a zone, the newest first, and how many there are."""
    wanted = _wanted(filters, await _keepers(venue_id))
    # What carries no date at all comes last, on every database.
    rows = (
        wanted.annotate(
            dated=Coalesce("published_on", F("signed_on"), F("effective_on"), _LONG_AGO)
        )
        .order_by("-dated", "-id")
        .offset(offset)
        .limit(limit)
    )
    return await rows, await wanted.count()


async def facets(venue_id: int) -> Facets:
    """Return what there is to filter by at a zone."""
    everything = _wanted(Filters(), await _keepers(venue_id))
    categories = await _counted(everything, "category")
    agencies = await _counted(everything, "agency")
    validities = await _counted(everything, "validity")
    years: Counter[int] = Counter()
    days = everything.annotate(times=Count("id")).group_by(*_DATES)
    for published, signed, effective, times in await days.values_list(*_DATES, "times"):
        day = published or signed or effective
        if day is not None:
            years[day.year] += times
    most = sorted(agencies.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_AGENCIES]
    return Facets(
        sum(categories.values()),
        {category: categories.get(category, 0) for category in Category},
        {agency: times for agency, times in most if agency},
        {validity: validities[validity] for validity in Validity if validity in validities},
        dict(sorted(years.items(), reverse=True)),
    )


class FacetsKept:
    """Facets, counted anew only when the library has changed. One to a process."""

    def __init__(self) -> None:
        self._known: dict[int, Facets] = {}
        self._revision: Revision | None = None

    async def at(self, venue_id: int, library: Library) -> Facets:
        """Return what there is to filter by at a zone."""
        revision = library.revision
        if revision != self._revision:
            self._known, self._revision = {}, revision
        known = self._known.get(venue_id)
        if known is None:
            known = await facets(venue_id)
            if revision == self._revision:
                self._known[venue_id] = known
        return known


async def sought(
    text: str, filters: Filters, venue_id: int | None, library: Library
) -> list[Found]:
    """Return the documents that a search finds at a zone, the nearest first, each once.

    None searches everything that is published.

    Raises as services.library.Library.search does.
    """
    hits: dict[int, Hit] = {}
    for hit in await library.search(text, _MOST_HITS, venue_id):
        if hit.kind == "document":
            hits.setdefault(hit.id, hit)
    rows = await _published(hits)
    return [
        Found(rows[document_id], hit)
        for document_id, hit in hits.items()
        if document_id in rows and filters.let_in(rows[document_id])
    ]


async def _published(ids: Iterable[int]) -> dict[int, Document]:
    rows = await Document.filter(id__in=list(ids), publication=Publication.PUBLISHED)
    return {row.id: row for row in rows}


async def _keepers(venue_id: int) -> list[int]:
    return (await venues.tree()).upwards(venue_id)


def _wanted(filters: Filters, keepers: list[int]) -> QuerySet[Document]:
    wanted = Document.filter(
        Q(venue_id=None) | Q(venue_id__in=keepers), publication=Publication.PUBLISHED
    )
    if filters.category is not None:
        wanted = wanted.filter(category=filters.category)
    if filters.agency:
        wanted = wanted.filter(agency=filters.agency)
    if filters.validity is not None:
        wanted = wanted.filter(validity=filters.validity)
    if filters.year is not None:
        wanted = wanted.filter(_in_year(filters.year))
    return wanted


def _in_year(year: int) -> Q:
    """Return what the first date that a document has must be for a year."""
    days = (date(year, 1, 1), date(year, 12, 31))
    wanted = Q(published_on__range=days)
    wanted |= Q(published_on=None, signed_on__range=days)
    return wanted | Q(published_on=None, signed_on=None, effective_on__range=days)


async def _counted(rows: QuerySet[Document], column: str) -> dict[str, int]:
    counted = rows.annotate(times=Count("id")).group_by(column).values_list(column, "times")
    return {value: times for value, times in await counted}


_DATES = ("published_on", "signed_on", "effective_on")
_LONG_AGO = date(1900, 1, 1)
