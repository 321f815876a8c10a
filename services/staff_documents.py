"""Documents as staff look for them: published or not, in their zones, by category and state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models.category import Category
from models.document import Document, Validity
from models.publishable import Publication, VersionState
from search.document_number import find_numbers
from services.access import Actor, Permission
from services.errors import NotFound

_COLUMNS = (
    "id", "title", "agency", "document_number", "signed_on", "published_on", "validity", "category",
    "publication", "open_state", "venue_id", "responsible_agency_id", "is_searchable", "file_id",
)  # fmt: skip


class Standing(StrEnum):
    """How far a document has come, as staff ask for it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"

    @property
    def label(self) -> str:
        """What pages call it."""
        return VersionState(self.value).label

    def condition(self) -> Q:
        """Return what the row of a document or of a library entry says then."""
        match self:
            case Standing.PUBLISHED:
                return Q(publication=Publication.PUBLISHED)
            case Standing.WITHDRAWN:
                return Q(publication=Publication.WITHDRAWN)
            case Standing.ABANDONED:
                return Q(publication=Publication.UNPUBLISHED, open_state=None)
            case _:
                return Q(open_state=VersionState(self.value))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; what is empty does not matter."""

    words: str = ""
    """Of the title, or a document number however it is written."""
    standing: Standing | None = None
    category: Category | None = None
    agency: str = ""
    validity: Validity | None = None
    venue_id: int | None = None


async def find(actor: Actor, wanted: Wanted, *, offset: int, most: int) -> list[Document]:
    """Return some of what somebody looks for and may see, the newest first, without the texts."""
    query = _query(actor, wanted).order_by("-id").offset(offset).limit(most)
    return await query.only(*_COLUMNS)


async def by_category(actor: Actor, wanted: Wanted) -> dict[Category, int]:
    """Count what somebody looks for in each category, whichever category they chose."""
    everywhere = Wanted(
        wanted.words, wanted.standing, None, wanted.agency, wanted.validity, wanted.venue_id
    )
    rows = (
        await _query(actor, everywhere)
        .annotate(documents=Count("id"))
        .group_by("category")
        .order_by("category")
        .values_list("category", "documents")
    )
    counted = {Category(category): int(number) for category, number in rows}
    return {category: counted.get(category, 0) for category in Category}


async def published_as(actor: Actor, named: str) -> int:
    """Return the published document that somebody names by its number or its exact title.

    Raises NotFound where there is none that they see, and where there are several.
    """
    number = next(iter(find_numbers(named)), None)
    called = Q(title=named.strip())
    condition = called | Q(number_key=number.key) if number is not None else called
    shown = Q(publication=Publication.PUBLISHED)
    found = await Document.filter(actor.sight(), shown, condition).only("id").limit(2)
    if len(found) != 1:
        raise NotFound(
            f"{len(found)} documents are called so.",
            sentence="没有找到替代它的文件，请照原样填写文号或标题，它必须已经发布。",
        )
    return int(found[0].id)


def _query(actor: Actor, wanted: Wanted) -> QuerySet[Document]:
    actor.require(Permission.LOOK)
    conditions = [actor.sight()]
    if wanted.words:
        conditions.append(_named(wanted.words))
    if wanted.standing is not None:
        conditions.append(wanted.standing.condition())
    if wanted.category is not None:
        conditions.append(Q(category=wanted.category))
    if wanted.agency:
        conditions.append(Q(agency__icontains=wanted.agency))
    if wanted.validity is not None:
        conditions.append(Q(validity=wanted.validity))
    if wanted.venue_id is not None:
        conditions.append(Q(venue_id=wanted.venue_id))
    return Document.filter(*conditions)


def _named(words: str) -> Q:
    number = next(iter(find_numbers(words)), None)
    if number is not None:
        return Q(number_key=number.key) | Q(number_key__endswith=number.short_key)
    condition = Q()
    for word in words.split():
        condition &= Q(title__icontains=word) | Q(document_number__icontains=word)
    return condition
