"""Notices (通知): drafted, handed in, passed by a second person, published at their time, withdrawn.

The row of a notice is locked first by whatever changes it. What is published is never changed: it
is withdrawn, and another one written.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import DoesNotExist
from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.card_template import CardUse
from models.notice import Notice, NoticeState
from models.venue import Venue
from services import audit
from services.access import Actor, Permission
from services.audit import Action
from services.errors import EditedMeanwhile, Invalid, NotFound, SecondPersonNeeded, WrongState
from services.notice_content import (
    NoticeContent,
    NoticeDefective,
    faults_in,
    require_storable,
)

_LONGEST_NOTE = 500
_LONGEST_REASON = 200


def seen_by(actor: Actor) -> QuerySet[Notice]:
    """Return the notices that somebody sees, the newest first."""
    if actor.acts_for_agencies:
        return Notice.filter(agency_id__in=list(actor.agency_ids))
    if actor.venue_ids is None:
        return Notice.all()
    return Notice.filter(Q(venue_id__in=list(actor.venue_ids)))


async def find(actor: Actor, notice_id: int) -> Notice:
    """Return a notice with its zone and who wrote and passed it. Raises NotFound out of sight."""
    _require_any_part(actor)
    notice = await Notice.get_or_none(id=notice_id).select_related("venue", "author", "reviewer")
    if notice is None:
        raise NotFound("There is no such notice.", sentence="没有找到这条通知。")
    actor.require_sight(notice.venue_id, notice.agency_id)
    return notice


async def waiting_for_check(actor: Actor) -> tuple[int, int]:
    """Return how many notices wait for a check that somebody may make, and the urgent among them."""
    rows = await seen_by(actor).filter(state=NoticeState.IN_REVIEW)
    theirs = [row for row in rows if actor.staff_id not in row.writer_ids]
    return len(theirs), sum(row.is_emergency for row in theirs)


async def begin(actor: Actor, content: NoticeContent) -> Notice:
    """Begin a draft. Raises NoticeDefective, NotFound and NotAllowed for another's zone."""
    actor.require(Permission.WRITE_NOTICES)
    await _require_scope(actor, content)
    require_storable(content)
    if actor.staff_id is None:
        raise SecondPersonNeeded("A notice has an author.")
    async with in_transaction() as database:
        notice = await Notice.create(
            author_id=actor.staff_id,
            writer_ids=[actor.staff_id],
            using_db=database,
            **content.columns(),
        )
        await _record(actor, Action.NOTICE_SAVED, notice, database)
    return notice


async def save(actor: Actor, notice_id: int, content: NoticeContent, *, edits: int) -> None:
    """Keep what somebody wrote into a draft, unless another did so since they were shown it.

    Raises EditedMeanwhile, WrongState for what is no draft, NoticeDefective.
    """
    actor.require(Permission.WRITE_NOTICES)
    await _require_scope(actor, content)
    require_storable(content)
    async with _locked(actor, notice_id, edits) as (notice, database):
        if notice.state is not NoticeState.DRAFT:
            raise _wrong(notice)
        for name, value in content.columns().items():
            setattr(notice, name, value)
        await _keep(notice, NoticeState.DRAFT, database, wrote=actor.staff_id)
        await _record(actor, Action.NOTICE_SAVED, notice, database)


async def submit(
    actor: Actor, notice_id: int, *, edits: int, use: CardUse | None, now: datetime
) -> None:
    """Hand a draft in. Raises NoticeDefective with everything that keeps it from going out."""
    actor.require(Permission.WRITE_NOTICES)
    async with _locked(actor, notice_id, edits) as (notice, database):
        _require_move(notice, NoticeState.IN_REVIEW)
        _require_sound(notice, use, now)
        notice.review_note = ""
        await _keep(notice, NoticeState.IN_REVIEW, database, wrote=actor.staff_id)
        await _record(actor, Action.NOTICE_SUBMITTED, notice, database)


async def give_back(actor: Actor, notice_id: int, note: str, *, edits: int) -> None:
    """Make a notice a draft again: not passed, or called back by those who write it."""
    if not actor.may(Permission.WRITE_NOTICES):
        actor.require(Permission.REVIEW)
    async with _locked(actor, notice_id, edits) as (notice, database):
        _require_move(notice, NoticeState.DRAFT)
        notice.review_note = _checked(note, "意见", _LONGEST_NOTE)
        notice.reviewer_id = None
        await _keep(notice, NoticeState.DRAFT, database)
        await _record(actor, Action.NOTICE_RETURNED, notice, database)


async def approve(
    actor: Actor, notice_id: int, *, edits: int, use: CardUse | None, now: datetime
) -> Notice:
    """Pass a notice: it is published at once, or at its time.

    Raises SecondPersonNeeded for whoever wrote in it or handed it in, NoticeDefective for what has
    become wrong since it was handed in.
    """
    actor.require(Permission.REVIEW)
    async with _locked(actor, notice_id, edits) as (notice, database):
        if notice.state is not NoticeState.IN_REVIEW:
            raise _wrong(notice)
        if actor.staff_id is None or actor.staff_id in {*notice.writer_ids, notice.author_id}:
            raise SecondPersonNeeded(f"Notice {notice_id} was written by the same.")
        _require_sound(notice, use, now)
        notice.reviewer_id = actor.staff_id
        later = notice.publish_at is not None and notice.publish_at > now
        if not later:
            notice.published_at = now
        state = NoticeState.SCHEDULED if later else NoticeState.PUBLISHED
        await _keep(notice, state, database)
        await _record(actor, Action.NOTICE_PASSED, notice, database)
        if not later:
            await _record(actor, Action.NOTICE_PUBLISHED, notice, database)
    return notice


async def publish_due(now: datetime, actor: Actor) -> int:
    """Publish what was passed and whose time has come; return how many. Safe to do twice at once."""
    due = Notice.filter(state=NoticeState.SCHEDULED, publish_at__lte=now).order_by("publish_at")
    published = 0
    for known in await due.only("id"):
        async with in_transaction() as database:
            # Only one of several processes finds it still waiting.
            still = Notice.filter(
                id=known.id, state=NoticeState.SCHEDULED, publish_at__lte=now
            ).using_db(database)
            if not await still.update(
                state=NoticeState.PUBLISHED, published_at=now, edits=F("edits") + 1
            ):
                continue
            notice = await Notice.get(id=known.id, using_db=database)
            await _record(actor, Action.NOTICE_PUBLISHED, notice, database)
        published += 1
    return published


async def withdraw(
    actor: Actor, notice_id: int, reason: str, *, edits: int, now: datetime
) -> Notice:
    """Take a notice away: from kiosks, lists and messages at once. Raises WrongState."""
    actor.require(Permission.WRITE_NOTICES)
    async with _locked(actor, notice_id, edits) as (notice, database):
        _require_move(notice, NoticeState.WITHDRAWN)
        notice.withdrawal_reason = _checked(reason, "原因", _LONGEST_REASON)
        notice.withdrawn_at = now
        await _keep(notice, NoticeState.WITHDRAWN, database)
        await _record(actor, Action.NOTICE_WITHDRAWN, notice, database)
    return notice


@asynccontextmanager
async def _locked(
    actor: Actor, notice_id: int, edits: int
) -> AsyncIterator[tuple[Notice, BaseDBAsyncClient]]:
    """Lock a notice until the transaction ends, seen by an actor and as it was shown to them."""
    async with in_transaction() as database:
        # An update takes the lock on every database, even where it changes nothing.
        await Notice.filter(id=notice_id).using_db(database).update(edits=F("edits"))
        try:
            notice = await Notice.get(id=notice_id, using_db=database).select_related("venue")
        except DoesNotExist:
            raise NotFound("There is no such notice.", sentence="没有找到这条通知。") from None
        actor.require_work(notice.venue_id, notice.agency_id)
        if notice.edits != edits:
            raise EditedMeanwhile(f"Notice {notice_id} has {notice.edits} edits, not {edits}.")
        yield notice, database


async def _keep(
    notice: Notice, state: NoticeState, database: BaseDBAsyncClient, *, wrote: int | None = None
) -> None:
    if wrote is not None and wrote not in notice.writer_ids:
        notice.writer_ids = [*notice.writer_ids, wrote]
    notice.state = state
    notice.edits += 1
    await notice.save(using_db=database)


def _require_any_part(actor: Actor) -> None:
    if not actor.may(Permission.REVIEW):
        actor.require(Permission.WRITE_NOTICES)


async def _require_scope(actor: Actor, content: NoticeContent) -> None:
    """Raise Invalid for a zone or agency that is not there, NotAllowed for one that is not theirs."""
    if not await Venue.exists(id=content.venue_id):
        raise Invalid("There is no such venue.", sentence="请选择专区。")
    if content.agency_id is not None and not await Agency.exists(id=content.agency_id):
        raise Invalid("There is no such agency.", sentence="请选择机关。")
    actor.require_work(content.venue_id, content.agency_id)


def _require_sound(notice: Notice, use: CardUse | None, now: datetime) -> None:
    content = NoticeContent.of_row(notice)
    faults = faults_in(content, use, zone=notice.venue.title, now=now)
    if faults:
        raise NoticeDefective(faults)


def _require_move(notice: Notice, following: NoticeState) -> None:
    if not notice.state.can_become(following):
        raise _wrong(notice)


def _wrong(notice: Notice) -> WrongState:
    return WrongState(
        f"Notice {notice.id} is {notice.state}.",
        sentence=f"这条通知现在是“{notice.state.label}”，不能这样处理，请刷新后再看。",
    )


def _checked(text: str, label: str, longest: int) -> str:
    text = text.strip()
    if len(text) > longest or "\0" in text:
        raise Invalid("The text is too long.", sentence=f"{label}最多 {longest} 个字。")
    return text


async def _record(
    actor: Actor, action: Action, notice: Notice, database: BaseDBAsyncClient
) -> None:
    await audit.record(
        actor,
        action,
        f"notice:{notice.id}",
        venue_id=notice.venue_id,
        using_db=database,
        state=notice.state.value,
        is_emergency=notice.is_emergency,
    )
