"""What kiosks, phones and pages of a zone show of notices at a moment, and that kiosks showed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.category import Category
from models.notice import Audience, Notice, NoticeShowing, NoticeState
from services import venues
from services.errors import NotFound, Withdrawn

MOST_SHOWN = 50
"""On one kiosk or in one list: nobody reads further."""


def owner_of(notice_id: int) -> str:
    """Return on whose behalf a notice is spoken."""
    return f"notice:{notice_id}"


def shown_now(now: datetime) -> Q:
    """Return the condition on notices that are public at a moment."""
    return Q(state=NoticeState.PUBLISHED) & (Q(shown_until=None) | Q(shown_until__gt=now))


async def at_venue(venue_id: int) -> Q:
    """Return the condition on notices for a zone: its own, and those of zones above for their area.

    What is for whoever follows a subject stands in the zone that gives it, too.
    """
    above = (await venues.tree()).upwards(venue_id)[1:]
    own = Q(venue_id=venue_id)
    return own | Q(audience=Audience.AREA, venue_id__in=above) if above else own


async def on_kiosk(venue_id: int, now: datetime) -> list[Notice]:
    """Return what a kiosk of a zone shows: emergencies first, then the newest."""
    # One small query where nothing is shown at all: every kiosk asks every other second.
    shown = Notice.filter(shown_now(now), on_kiosks=True)
    if not await shown.exists():
        return []
    return await _listed(shown.filter(await at_venue(venue_id)))


async def on_phone(venue_id: int, now: datetime) -> list[Notice]:
    """Return what a phone at a zone shows."""
    return await _listed(Notice.filter(shown_now(now), await at_venue(venue_id), on_phones=True))


async def on_page(venue_id: int, now: datetime) -> list[Notice]:
    """Return what the public page of a zone shows."""
    return await _listed(Notice.filter(shown_now(now), await at_venue(venue_id)))


async def spoken_notices(now: datetime) -> list[Notice]:
    """Return what kiosks everywhere may be asked to read aloud at a moment."""
    return await _listed(Notice.filter(shown_now(now), on_kiosks=True))


def as_spoken(notice: Notice) -> str:
    """Return a notice as a kiosk says it."""
    before = "紧急通知。" if notice.is_emergency else ""
    return f"{before}{notice.title}。\n{notice.text}"


async def find(notice_id: int, now: datetime) -> Notice:
    """Return a notice that is public. Raises Withdrawn, and NotFound for what never was or is over."""
    notice = await Notice.get_or_none(id=notice_id).select_related("venue")
    if notice is not None and notice.published_at is not None:
        if notice.state is NoticeState.WITHDRAWN:
            raise Withdrawn("The notice was withdrawn.", sentence="这条通知已经撤回。")
        if notice.shown_until is None or notice.shown_until > now:
            return notice
    raise NotFound("There is no such notice.", sentence="没有找到这条通知，它可能已经过期。")


async def note_shown(
    notice_id: int, kiosk: str, *, device_id: int | None, is_spoken: bool, now: datetime
) -> None:
    """Note that a kiosk has shown a notice, and whether it has spoken it. Safe to repeat."""
    await find(notice_id, now)
    async with in_transaction() as database:
        await NoticeShowing.bulk_create(
            [NoticeShowing(notice_id=notice_id, device_id=device_id, kiosk=kiosk, shown_at=now)],
            ignore_conflicts=True,
            using_db=database,
        )
        if is_spoken:
            showing = NoticeShowing.filter(notice_id=notice_id, kiosk=kiosk, spoken_at=None)
            await showing.using_db(database).update(spoken_at=now)


async def not_noted(notice_ids: Iterable[int], kiosk: str) -> set[int]:
    """Return the notices that a kiosk has not yet said it has shown."""
    wanted = set(notice_ids)
    noted = await NoticeShowing.filter(notice_id__in=list(wanted), kiosk=kiosk).only("notice_id")
    return wanted - {row.notice_id for row in noted}


async def still_says(notice_id: int) -> bool:
    """Return whether a notice is public, so that its words may be spoken."""
    return await Notice.filter(id=notice_id, state=NoticeState.PUBLISHED).exists()


def subjects() -> list[Category]:
    """Return the subjects that somebody may follow."""
    return [category for category in Category if category is not Category.UNSORTED]


async def _listed(shown: QuerySet[Notice]) -> list[Notice]:
    # In the query, so that no number of newer notices pushes an emergency off the list.
    first = ("-is_emergency", "-published_at", "-id")
    return await shown.select_related("venue").order_by(*first).limit(MOST_SHOWN)
