"""What staff do with questions that nobody could answer: read, answer, pass on, set aside, learn from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F, Q
from tortoise.functions import Coalesce
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.content_safety import ContentSafety
from models.left_question import LeftQuestion, QuestionOrigin, QuestionState
from models.version import Version
from services import audit, citizen_inquiries, publication
from services.access import Actor, Permission
from services.audit import Action
from services.content_safety import ContentWaits
from services.errors import EditedMeanwhile, Invalid, NotFound, WrongState
from services.question_content import QuestionContent
from services.secret_key import SecretKeys

LONGEST_ANSWER = 4_000


class Pile(StrEnum):
    """Which part of the work list is looked at."""

    OPEN = "open"
    REFUSED = "refused"
    DONE = "done"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"open": "待答复的留言", "refused": "没有答上来的问题", "done": "已处理"}[self.value]


@dataclass(frozen=True)
class Counts:
    """How much waits."""

    open: int
    overdue: int
    refused: int


@dataclass(frozen=True)
class Waiting:
    """One line of the work list."""

    row: LeftQuestion
    words: str
    """Of a refused question, whose numbers are masked; "" of what somebody left, until it is opened."""
    is_overdue: bool
    agency: str


@dataclass(frozen=True)
class Opened:
    """One question with its words."""

    row: LeftQuestion
    words: str
    answer: str
    is_overdue: bool
    agency: str


async def counts(actor: Actor, now: datetime) -> Counts:
    """Count what waits for somebody."""
    rows = _in_sight(actor).filter(state=QuestionState.OPEN)
    left = rows.filter(origin=QuestionOrigin.LEFT)
    return Counts(
        open=await left.count(),
        overdue=await left.filter(due_at__lt=now).count(),
        refused=await rows.filter(origin=QuestionOrigin.REFUSED).count(),
    )


async def work_list(
    actor: Actor, pile: Pile, *, keys: SecretKeys, now: datetime, offset: int = 0, limit: int = 50
) -> tuple[list[Waiting], int]:
    """Return a part of a pile and how much it holds: what is due first, what is asked most.

    That refused questions were seen is recorded.
    """
    actor.require(Permission.ANSWER)
    rows = _piled(_in_sight(actor), pile)
    total = await rows.count()
    # What has no due time is from before there was one, and waits longest of all.
    rows = rows.annotate(wanted_at=Coalesce("due_at", F("left_at")))
    order = {
        Pile.OPEN: ("wanted_at", "id"), Pile.REFUSED: ("-times", "-id"), Pile.DONE: ("-id",),
    }[pile]  # fmt: skip
    shown = await rows.order_by(*order).offset(offset).limit(limit).prefetch_related("agency")
    readable = [row.id for row in shown if row.origin is QuestionOrigin.REFUSED]
    if readable:
        await audit.record_alone(actor, Action.QUESTION_SEEN, "left_question", ids=readable)
    waiting = [
        Waiting(
            row,
            keys.decrypt(row.encrypted_text) if row.origin is QuestionOrigin.REFUSED else "",
            _is_overdue(row, now),
            row.agency.name if row.agency else "",
        )
        for row in shown
    ]
    return waiting, total


async def open_question(
    actor: Actor, question_id: int, *, keys: SecretKeys, now: datetime
) -> Opened:
    """Return a question with its words; that somebody saw them is recorded. Raises NotFound."""
    actor.require(Permission.ANSWER)
    row = await LeftQuestion.get_or_none(id=question_id).prefetch_related("agency")
    if row is None:
        raise NotFound(f"There is no left question {question_id}.")
    actor.require_work(row.venue_id, row.agency_id)
    await audit.record_alone(
        actor, Action.QUESTION_SEEN, f"left_question:{row.id}", venue_id=row.venue_id
    )
    return Opened(
        row,
        keys.decrypt(row.encrypted_text),
        keys.decrypt(row.encrypted_answer) if row.encrypted_answer is not None else "",
        _is_overdue(row, now),
        row.agency.name if row.agency else "",
    )


async def answer(
    actor: Actor, question_id: int, text: str, *, edits: int, keys: SecretKeys, now: datetime
) -> None:
    """Answer a question, or correct its answer; whoever has the number reads it from now on.

    Raises Invalid, EditedMeanwhile, WrongState, NotFound.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_ANSWER or "\0" in text:
        raise Invalid(
            "The answer is empty or too long.", sentence=f"请写上答复，最多 {LONGEST_ANSWER} 个字。"
        )
    async with _taken(actor, question_id, edits) as (database, row):
        _move(row, QuestionState.ANSWERED)
        row.encrypted_answer = keys.encrypt(text)
        row.answered_by_id, row.answered_at = actor.staff_id, now
        await citizen_inquiries.owe_answer(row, now=now, using_db=database)
        await _keep(actor, row, Action.QUESTION_ANSWERED, database)


async def pass_on(actor: Actor, question_id: int, agency_id: int | None, *, edits: int) -> None:
    """Give a question to an agency, whose officers then see it, or take it back to the zone.

    Raises EditedMeanwhile, WrongState for what is answered, NotFound, Invalid for no such agency.
    """
    async with _taken(actor, question_id, edits) as (database, row):
        if row.state is not QuestionState.OPEN:
            raise WrongState(f"Question {question_id} is {row.state}.")
        if agency_id is not None and not await Agency.exists(id=agency_id, is_active=True):
            raise Invalid(f"There is no agency {agency_id}.", sentence="请选择一个机关。")
        row.agency_id = agency_id
        await _keep(actor, row, Action.QUESTION_PASSED_ON, database, agency=agency_id)


async def close(actor: Actor, question_id: int, *, edits: int) -> None:
    """Set a question aside that is none, or that nobody here can answer."""
    async with _taken(actor, question_id, edits) as (database, row):
        _move(row, QuestionState.CLOSED)
        await _keep(actor, row, Action.QUESTION_CLOSED, database)


async def clear(actor: Actor, question_id: int, *, edits: int) -> None:
    """Note that somebody looked at words that nothing else had found harmless (人工核看).

    Raises WrongState where nothing waits for that, EditedMeanwhile, NotFound.
    """
    async with _taken(actor, question_id, edits) as (database, row):
        if row.safety is not ContentSafety.WAITING:
            raise WrongState(f"Question {question_id} is {row.safety}.")
        row.safety = ContentSafety.CLEARED
        await _keep(actor, row, Action.CONTENT_CLEARED, database)


async def make_entry(
    actor: Actor, question_id: int, content: QuestionContent, *, edits: int
) -> Version:
    """Begin a library entry with a draft in the words of staff; a second person lets it out.

    A refused question is done with that. The entry is kept by the zone that was asked. Raises as
    publication.create does, EditedMeanwhile, ContentWaits.
    """
    actor.require(Permission.WRITE_QUESTIONS)
    row = await LeftQuestion.get_or_none(id=question_id)
    if row is None:
        raise NotFound(f"There is no left question {question_id}.")
    actor.require_work(row.venue_id, row.agency_id)
    if row.edits != edits:
        raise EditedMeanwhile(f"Question {question_id} has {row.edits} edits, not {edits}.")
    if row.safety is ContentSafety.WAITING:
        raise ContentWaits(f"Question {question_id} waits to be looked at.")
    # Known by this id, it is made once however often somebody presses.
    version = await publication.create(
        actor, content, venue_id=row.venue_id, agency_id=row.agency_id,
        external_id=f"left-question-{row.id}",
    )  # fmt: skip
    async with _taken(actor, question_id, edits) as (database, row):
        row.entry_id = version.subject_id
        if row.origin is QuestionOrigin.REFUSED and row.state is QuestionState.OPEN:
            # Nobody waits for an answer: what is left to do is done on the entry.
            _move(row, QuestionState.CLOSED)
        await _keep(actor, row, Action.ENTRY_BEGUN, database, entry=version.subject_id)
    return version


def _in_sight(actor: Actor) -> QuerySet[LeftQuestion]:
    """Return what an actor works on, as Actor.works_on has it."""
    if actor.acts_for_agencies:
        return LeftQuestion.filter(agency_id__in=list(actor.agency_ids))
    if actor.venue_ids is None:
        return LeftQuestion.all()
    own = Q(venue_id__in=list(actor.venue_ids))
    return LeftQuestion.filter(own | Q(venue_id=None) if actor.keeps_shared else own)


def _piled(rows: QuerySet[LeftQuestion], pile: Pile) -> QuerySet[LeftQuestion]:
    if pile is Pile.DONE:
        return rows.exclude(state=QuestionState.OPEN)
    origin = QuestionOrigin.LEFT if pile is Pile.OPEN else QuestionOrigin.REFUSED
    return rows.filter(state=QuestionState.OPEN, origin=origin)


def _is_overdue(row: LeftQuestion, now: datetime) -> bool:
    return row.state is QuestionState.OPEN and row.due_at is not None and row.due_at < now


@asynccontextmanager
async def _taken(
    actor: Actor, question_id: int, edits: int
) -> AsyncIterator[tuple[BaseDBAsyncClient, LeftQuestion]]:
    """Lock a question that an actor works on and that nobody changed since it was shown."""
    actor.require(Permission.ANSWER)
    async with in_transaction() as database:
        rows = LeftQuestion.filter(id=question_id).using_db(database)
        # An update takes the lock on every database, even where it changes nothing.
        await rows.update(edits=F("edits"))
        row = await LeftQuestion.get_or_none(id=question_id, using_db=database)
        if row is None:
            raise NotFound(f"There is no left question {question_id}.")
        actor.require_work(row.venue_id, row.agency_id)
        if row.edits != edits:
            raise EditedMeanwhile(f"Question {question_id} has {row.edits} edits, not {edits}.")
        yield database, row


def _move(row: LeftQuestion, following: QuestionState) -> None:
    if not row.state.can_become(following):
        raise WrongState(f"Question {row.id} is {row.state}; it cannot become {following}.")
    row.state = following


async def _keep(
    actor: Actor,
    row: LeftQuestion,
    action: Action,
    database: BaseDBAsyncClient,
    **detail: int | str | None,
) -> None:
    row.edits += 1
    # How often a refused question was asked is counted by others meanwhile.
    await row.save(
        using_db=database,
        update_fields=[
            *("state", "agency_id", "encrypted_answer", "answered_by_id", "answered_at"),
            *("entry_id", "safety", "edits"),
        ],
    )
    await audit.record(
        actor, action, f"left_question:{row.id}", venue_id=row.venue_id, using_db=database,
        state=row.state.value, **detail,
    )  # fmt: skip
