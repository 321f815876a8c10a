"""The officer's list of applications, by what is due next (依申请公开办理列表)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tortoise.expressions import Q

from models.application import Application, ApplicationState
from models.official_letter import LetterState, OfficialLetter
from services import applicants
from services import application_access as access
from services.access import Actor
from services.applicants import MaskedPerson
from services.application_alerts import undecided_extensions
from services.application_messages import with_messages_waiting
from services.applications import request_in
from services.secret_key import SecretKeys

_S = ApplicationState
_CLOSED = [state for state in _S if not state.is_open]


class Pile(StrEnum):
    """Which part of the list."""

    OPEN = "open"
    MINE = "mine"
    OVERDUE = "overdue"
    UNASSIGNED = "unassigned"
    EXTENSIONS = "extensions"
    """Proposed extensions that wait for the head."""
    LOOK_AGAIN = "look_again"
    """Withheld, and to be looked at again (Article 18)."""
    FROM_PHONE = "from_phone"
    """Their applicant sent something from the phone that waits for staff."""
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "open": "在办",
            "mine": "我经办的",
            "overdue": "已超期",
            "unassigned": "没有分派的",
            "extensions": "延期待批",
            "look_again": "该复查的",
            "from_phone": "来件待处理",
            "closed": "已办结",
        }[self.value]


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed down to."""

    pile: Pile = Pile.OPEN
    state: ApplicationState | None = None
    agency_id: int | None = None
    number: str = ""
    """A part of the number under which it is registered."""


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    row: Application
    person: MaskedPerson
    summary: str
    """What is asked for, "" for whom it is none of their business."""
    is_overdue: bool
    is_today: bool


async def work_list(
    actor: Actor, narrowed: Filter, *, keys: SecretKeys, today: date, offset: int, limit: int
) -> tuple[list[Listed], int]:
    """Return one page of the list, and how many there are: what is due first comes first."""
    condition = access.sight(actor) & await _condition(actor, narrowed, today)
    total = await Application.filter(condition).count()
    if narrowed.pile is Pile.CLOSED:
        rows = await _rows(condition, ("-closed_on", "-id"), offset, limit)
    else:
        # What has no next day comes last. The databases do not agree where they put it, so that it
        # is asked for by itself.
        dated = condition & Q(next_due_on__isnull=False)
        number = await Application.filter(dated).count()
        rows = await _rows(dated, ("next_due_on", "id"), offset, limit)
        if len(rows) < limit:
            undated = condition & Q(next_due_on__isnull=True)
            rows += await _rows(undated, ("id",), max(0, offset - number), limit - len(rows))
    people = await applicants.masked_many(actor, rows, keys=keys)
    return [
        Listed(
            row,
            people[row.id],
            request_in(row, keys).summary() if access.may_see_words(actor, row) else "",
            is_overdue=row.next_due_on is not None and row.next_due_on < today,
            is_today=row.next_due_on == today,
        )
        for row in rows
    ], total


async def counts(actor: Actor, today: date) -> dict[Pile, int]:
    """Return how many there are of each part."""
    sight = access.sight(actor)
    return {
        pile: await Application.filter(sight & await _condition(actor, Filter(pile), today)).count()
        for pile in Pile
    }


async def reviews_waiting(actor: Actor) -> list[OfficialLetter]:
    """Return the letters that wait for somebody's secrecy check, their own drafts left out."""
    ids = [row.id for row in await Application.filter(access.sight(actor), state=_S.REVIEW)]
    letters = OfficialLetter.filter(state=LetterState.IN_REVIEW, application_id__in=ids)
    found = await letters.order_by("id").prefetch_related("application", "agency")
    return [one for one in found if one.drafted_by_id != actor.staff_id]


async def _rows(condition: Q, order: tuple[str, ...], offset: int, limit: int) -> list[Application]:
    found = Application.filter(condition).order_by(*order).offset(offset).limit(limit)
    return await found.prefetch_related("agency", "assigned_to")


async def _condition(actor: Actor, narrowed: Filter, today: date) -> Q:
    condition = await _of_pile(actor, narrowed.pile, today)
    if narrowed.state is not None:
        condition &= Q(state=narrowed.state)
    if narrowed.agency_id is not None:
        condition &= Q(agency_id=narrowed.agency_id)
    if narrowed.number:
        condition &= Q(number__icontains=narrowed.number)
    return condition


async def _of_pile(actor: Actor, pile: Pile, today: date) -> Q:
    is_open = ~Q(state__in=_CLOSED)
    match pile:
        case Pile.CLOSED:
            return Q(state__in=_CLOSED)
        case Pile.MINE:
            return is_open & Q(assigned_to_id=actor.staff_id)
        case Pile.OVERDUE:
            return is_open & Q(next_due_on__lt=today)
        case Pile.UNASSIGNED:
            return is_open & Q(assigned_to_id__isnull=True)
        case Pile.FROM_PHONE:
            return Q(id__in=await with_messages_waiting())
        case Pile.EXTENSIONS:
            return Q(id__in=await undecided_extensions(actor))
        case Pile.LOOK_AGAIN:
            return Q(review_on__lte=today)
        case Pile.OPEN:
            return is_open
