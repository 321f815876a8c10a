"""Reading the audit record: what a supervisor or administrator looks for in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tortoise.queryset import QuerySet

from models.audit_record import AuditRecord
from models.staff import Staff
from models.venue import Venue
from services.access import Actor, Permission
from services.audit import Action
from services.clock import ZONE


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None and "" leave a part open."""

    staff_id: int | None = None
    action: Action | None = None
    subject: str = ""
    """"document:12", or "document" for all of them."""
    first_day: date | None = None
    last_day: date | None = None
    venue_id: int | None = None


async def count(actor: Actor, wanted: Wanted) -> int:
    """Return how many records fit. Raises NotAllowed."""
    return await _fitting(actor, wanted).count()


async def find(actor: Actor, wanted: Wanted, *, offset: int, limit: int) -> list[AuditRecord]:
    """Return the records that fit, the newest first. Raises NotAllowed."""
    return await _fitting(actor, wanted).order_by("-number").offset(offset).limit(limit)


async def people(actor: Actor) -> list[Staff]:
    """Return whose deeds somebody may ask for. Raises NotAllowed."""
    actor.require(Permission.SEE_AUDIT)
    everybody = Staff.all()
    if actor.venue_ids is not None:
        everybody = everybody.filter(venues__id__in=sorted(actor.venue_ids)).distinct()
    return await everybody.order_by("id")


async def places(actor: Actor) -> list[Venue]:
    """Return the zones whose records somebody may ask for. Raises NotAllowed."""
    actor.require(Permission.SEE_AUDIT)
    return [venue for venue in await Venue.all().order_by("id") if actor.works_on(venue.id)]


def _fitting(actor: Actor, wanted: Wanted) -> QuerySet[AuditRecord]:
    actor.require(Permission.SEE_AUDIT)
    rows = AuditRecord.all()
    if actor.venue_ids is not None:
        rows = rows.filter(venue_id__in=sorted(actor.venue_ids))
    if wanted.venue_id is not None:
        rows = rows.filter(venue_id=wanted.venue_id)
    if wanted.staff_id is not None:
        rows = rows.filter(staff_id=wanted.staff_id)
    if wanted.action is not None:
        rows = rows.filter(action=wanted.action.value)
    if wanted.subject:
        exact = ":" in wanted.subject
        rows = (
            rows.filter(subject=wanted.subject)
            if exact
            else rows.filter(subject__startswith=f"{wanted.subject}:")
        )
    if wanted.first_day is not None:
        rows = rows.filter(at__gte=_written(wanted.first_day))
    if wanted.last_day is not None:
        rows = rows.filter(at__lt=_written(wanted.last_day + timedelta(days=1)))
    return rows


def _written(day: date) -> str:
    """Return the first moment of a day in China as records have it. Their text sorts like time."""
    begins = datetime.combine(day, time(), ZONE).astimezone(UTC)
    return begins.isoformat(timespec="milliseconds")
