"""What somebody follows: zones, and subjects, whose notices they want on their phone."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.category import Category
from models.citizen import Citizen
from models.citizen_tie import Follow
from services import venues
from services.errors import Invalid
from services.notice_board import subjects


async def of(citizen: Citizen) -> list[Follow]:
    """Return what somebody follows, the zones with their rows."""
    return await Follow.filter(citizen_id=citizen.id).select_related("venue").order_by("id")


async def follow_venue(citizen: Citizen, code: str) -> None:
    """Follow a zone. Safe to repeat. Raises NotFound."""
    venue = await venues.by_code(code)
    await _add(citizen, venue_id=venue.id)


async def unfollow_venue(citizen: Citizen, code: str) -> None:
    """Follow a zone no longer. Raises NotFound for a code that no zone has."""
    venue = await venues.by_code(code)
    await Follow.filter(citizen_id=citizen.id, venue_id=venue.id).delete()


async def follow_subject(citizen: Citizen, subject: str) -> None:
    """Follow a subject. Safe to repeat. Raises Invalid."""
    await _add(citizen, category=_subject(subject))


async def unfollow_subject(citizen: Citizen, subject: str) -> None:
    """Follow a subject no longer. Raises Invalid for what is none."""
    await Follow.filter(citizen_id=citizen.id, category=_subject(subject)).delete()


def _subject(value: str) -> Category:
    for category in subjects():
        if category.value == value:
            return category
    raise Invalid("There is no such subject.", sentence="没有这个主题，请重新选择。")


async def _add(citizen: Citizen, **what: int | Category) -> None:
    if await Follow.filter(citizen_id=citizen.id, **what).exists():
        return
    try:
        async with in_transaction() as database:
            await Follow.create(citizen_id=citizen.id, using_db=database, **what)
    except IntegrityError:
        return  # The same touch, sent twice at once.
