"""What lies open in the reading area (资料阅览区), and whether it was replaced in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from models.display_item import DisplayItem, DisplayKind
from models.document import Document
from models.gazette_issue import GazetteIssue
from models.index_change import Subject
from models.publishable import Publication
from models.version import Version
from services import audit, venues
from services.access import Actor, Permission
from services.audit import Action
from services.clock import zone_day
from services.errors import EditedMeanwhile, Invalid, NotFound


@dataclass(frozen=True)
class OnDisplay:
    """One thing on display, as it stands today."""

    item: DisplayItem
    replaced_on: date
    """The day it was last replaced: by hand, or by a new version or issue that was published."""
    overdue_days: int
    """By how many days its replacement is late, 0 while it is not."""

    @property
    def is_overdue(self) -> bool:
        return self.overdue_days > 0


def overdue_days(replaced_on: date, every_days: int, today: date) -> int:
    """Return by how many days a replacement is late; 0 days between two is never.

    The day on which it becomes due is still in time.
    """
    if every_days == 0:
        return 0
    return max(0, (today - replaced_on - timedelta(days=every_days)).days)


async def on_display(venue_id: int, today: date) -> list[OnDisplay]:
    """Return what visitors of a zone find on display, in its order."""
    keepers = (await venues.tree()).upwards(venue_id)
    shown = DisplayItem.filter(Q(venue_id=None) | Q(venue_id__in=keepers))
    return await _as_they_stand(await shown.order_by("position", "id"), today)


async def kept_by(actor: Actor, today: date) -> list[OnDisplay]:
    """Return what a member of staff sees of what is on display anywhere."""
    actor.require(Permission.LOOK)
    rows = await DisplayItem.all().order_by("position", "id").select_related("venue")
    return await _as_they_stand([row for row in rows if actor.sees(row.venue_id)], today)


async def overdue(actor: Actor, today: date) -> list[OnDisplay]:
    """Return what should have been replaced by those who work on it."""
    return [
        one
        for one in await kept_by(actor, today)
        if one.is_overdue and actor.works_on(one.item.venue_id)
    ]


async def find(actor: Actor, item_id: int) -> DisplayItem:
    """Return one. Raises NotFound where it is out of sight."""
    item = await DisplayItem.get_or_none(id=item_id)
    if item is None:
        raise NotFound("There is no such display item.", sentence="没有找到这项陈列资料。")
    actor.require_sight(item.venue_id)
    return item


@dataclass(frozen=True)
class Wanted:
    """What staff say of something on display."""

    kind: DisplayKind
    title: str
    venue_id: int | None
    document_id: int | None
    replace_every_days: int
    position: int


async def put_up(actor: Actor, wanted: Wanted, *, today: date) -> DisplayItem:
    """Put something on display. Raises NotAllowed, and NotFound for a zone out of sight."""
    await _require(actor, wanted)
    async with in_transaction() as database:
        item = await DisplayItem.create(
            using_db=database, last_replaced_on=today, **_columns(wanted)
        )
        await _record(actor, item, database, "put_up")
    return item


async def change(actor: Actor, item_id: int, wanted: Wanted, *, edits: int) -> None:
    """Change what is said of it; when it was replaced stays.

    Raises EditedMeanwhile where it was changed since it was shown.
    """
    item = await _work_on(actor, item_id)
    await _require(actor, wanted)
    async with in_transaction() as database:
        shown = DisplayItem.filter(id=item_id, edits=edits).using_db(database)
        if not await shown.update(edits=F("edits") + 1, **_columns(wanted)):
            raise EditedMeanwhile(f"Display item {item_id} was changed since edit {edits}.")
        await _record(actor, item, database, "changed")


async def replaced(actor: Actor, item_id: int, *, on: date) -> None:
    """Note that what lies there was replaced by its newest today."""
    item = await _work_on(actor, item_id)
    async with in_transaction() as database:
        item.last_replaced_on = max(on, item.last_replaced_on)
        await item.save(using_db=database, update_fields=["last_replaced_on"])
        await _record(actor, item, database, "replaced")


async def take_down(actor: Actor, item_id: int) -> None:
    """Take something off display."""
    item = await _work_on(actor, item_id)
    async with in_transaction() as database:
        await item.delete(using_db=database)
        await _record(actor, item, database, "taken_down")


async def _work_on(actor: Actor, item_id: int) -> DisplayItem:
    actor.require(Permission.WRITE_DOCUMENTS)
    item = await find(actor, item_id)
    actor.require_work(item.venue_id)
    return item


async def _require(actor: Actor, wanted: Wanted) -> None:
    actor.require(Permission.WRITE_DOCUMENTS)
    actor.require_work(wanted.venue_id)
    if wanted.document_id is None:
        return
    document = await Document.get_or_none(id=wanted.document_id, publication=Publication.PUBLISHED)
    if document is None or not actor.sees(document.venue_id, document.responsible_agency_id):
        raise Invalid("No such document.", sentence="没有找到要陈列的文件，请核对编号或文号。")


def _columns(wanted: Wanted) -> dict[str, object]:
    return {
        "kind": wanted.kind,
        "title": wanted.title,
        "venue_id": wanted.venue_id,
        "document_id": wanted.document_id,
        "replace_every_days": wanted.replace_every_days,
        "position": wanted.position,
    }


async def _record(actor: Actor, item: DisplayItem, database: BaseDBAsyncClient, deed: str) -> None:
    await audit.record(
        actor,
        Action.DISPLAY_CHANGED,
        f"display_item:{item.id}",
        venue_id=item.venue_id,
        using_db=database,
        deed=deed,
    )


async def _as_they_stand(items: Sequence[DisplayItem], today: date) -> list[OnDisplay]:
    versions = await _published_on([i.document_id for i in items if i.document_id is not None])
    issue = await GazetteIssue.filter(is_published=True).order_by("-issued_on").first()
    stand = []
    for item in items:
        days = [item.last_replaced_on]
        if item.document_id in versions:
            days.append(versions[item.document_id])
        if item.kind is DisplayKind.GAZETTE and issue is not None:
            days.append(issue.issued_on)
        day = max(days)
        stand.append(OnDisplay(item, day, overdue_days(day, item.replace_every_days, today)))
    return stand


async def _published_on(document_ids: list[int]) -> dict[int, date]:
    """Return the day on which the newest version of each document was published."""
    published = Version.filter(subject=Subject.DOCUMENT, subject_id__in=document_ids)
    # Without the versions' texts, which may be long.
    moments = await published.exclude(published_at=None).values_list("subject_id", "published_at")
    newest: dict[int, date] = {}
    for document_id, moment in moments:
        day = zone_day(moment)
        newest[document_id] = max(day, newest.get(document_id, day))
    return newest
