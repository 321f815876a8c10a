"""Library entries as staff look for them: by state and words, and those to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.publishable import Publication
from models.question_entry import QuestionEntry
from services.access import Actor, Permission
from services.staff_documents import Standing


@dataclass(frozen=True)
class WantedEntries:
    """What somebody looks for; what is empty does not matter."""

    words: str = ""
    standing: Standing | None = None
    is_review_due: bool = False
    """Whether only those count that are published and whose day of review has come."""


async def count(actor: Actor, wanted: WantedEntries, today: date) -> int:
    """Return how many entries there are that somebody looks for and may see."""
    return await _query(actor, wanted, today).count()


async def find(
    actor: Actor, wanted: WantedEntries, today: date, *, offset: int, most: int
) -> list[QuestionEntry]:
    """Return some of them: the longest overdue first where those are wanted, else the newest."""
    order = ("next_review_on", "id") if wanted.is_review_due else ("-id",)
    return await _query(actor, wanted, today).order_by(*order).offset(offset).limit(most)


def _query(actor: Actor, wanted: WantedEntries, today: date) -> QuerySet[QuestionEntry]:
    actor.require(Permission.LOOK)
    conditions = [actor.sight()]
    for word in wanted.words.split():
        conditions.append(
            Q(question__icontains=word) | Q(answer__icontains=word) | Q(agency__icontains=word)
        )
    if wanted.standing is not None:
        conditions.append(wanted.standing.condition())
    if wanted.is_review_due:
        conditions.append(Q(publication=Publication.PUBLISHED, next_review_on__lte=today))
    return QuestionEntry.filter(*conditions)
