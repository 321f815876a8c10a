"""Whose applications somebody sees in the register and in the annual report."""

from __future__ import annotations

from models.agency import Agency
from services.access import Actor, Permission
from services.errors import NotFound


async def agencies(actor: Actor) -> list[Agency]:
    """Return the agencies whose register somebody may read. Raises NotAllowed.

    Officers see those of their agencies, supervisors those that their zones accept applications for.
    """
    actor.require(Permission.SEE_REGISTER)
    every = await Agency.all().order_by("id")
    if actor.acts_for_agencies:
        return [agency for agency in every if agency.id in actor.agency_ids]
    if actor.venue_ids is None:
        return every
    venues = list(actor.venue_ids)
    seen = {agency.id for agency in await Agency.filter(accepted_at__id__in=venues).order_by("id")}
    return [agency for agency in every if agency.id in seen]


async def agency(actor: Actor, agency_id: int) -> Agency:
    """Return one of them. Raises NotAllowed, and NotFound for one that is not theirs."""
    for one in await agencies(actor):
        if one.id == agency_id:
            return one
    raise NotFound(f"There is no agency {agency_id} for {actor.staff_id}.")
