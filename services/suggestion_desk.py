"""What staff do with suggestions: read them, answer them, set them aside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.content_safety import ContentSafety
from models.suggestion import Suggestion, SuggestionState
from services import audit, citizen_inquiries
from services.access import Actor, Permission
from services.audit import Action
from services.errors import EditedMeanwhile, Invalid, NotFound, WrongState
from services.secret_key import SecretKeys

LONGEST_ANSWER = 4_000


@dataclass(frozen=True)
class OpenedSuggestion:
    """One suggestion with its words."""

    row: Suggestion
    words: str
    answer: str
    is_overdue: bool


@dataclass(frozen=True)
class SuggestionCounts:
    """How many there are."""

    open: int
    overdue: int
    answered: int
    closed: int


async def counts(actor: Actor, now: datetime) -> SuggestionCounts:
    """Count the suggestions of somebody's zones."""
    rows = _in_sight(actor)
    waiting = rows.filter(state=SuggestionState.OPEN)
    return SuggestionCounts(
        open=await waiting.count(),
        overdue=await waiting.filter(due_at__lt=now).count(),
        answered=await rows.filter(state=SuggestionState.ANSWERED).count(),
        closed=await rows.filter(state=SuggestionState.CLOSED).count(),
    )


async def work_list(
    actor: Actor, *, is_open: bool, offset: int = 0, limit: int = 50
) -> tuple[list[Suggestion], int]:
    """Return some of what waits, due first, or of what is done, and how many there are."""
    actor.require(Permission.ANSWER_SUGGESTIONS)
    rows = _in_sight(actor)
    if is_open:
        rows = rows.filter(state=SuggestionState.OPEN).order_by("due_at", "id")
    else:
        rows = rows.exclude(state=SuggestionState.OPEN).order_by("-id")
    return await rows.offset(offset).limit(limit), await rows.count()


async def open_suggestion(
    actor: Actor, suggestion_id: int, *, keys: SecretKeys, now: datetime
) -> OpenedSuggestion:
    """Return a suggestion with its words; that somebody saw them is recorded. Raises NotFound."""
    actor.require(Permission.ANSWER_SUGGESTIONS)
    row = await Suggestion.get_or_none(id=suggestion_id)
    if row is None:
        raise NotFound(f"There is no suggestion {suggestion_id}.")
    actor.require_work(row.venue_id)
    await audit.record_alone(
        actor, Action.SUGGESTION_SEEN, f"suggestion:{row.id}", venue_id=row.venue_id
    )
    return OpenedSuggestion(
        row,
        keys.decrypt(row.encrypted_text),
        keys.decrypt(row.encrypted_answer) if row.encrypted_answer is not None else "",
        row.state is SuggestionState.OPEN and row.due_at < now,
    )


async def answer(
    actor: Actor, suggestion_id: int, text: str, *, edits: int, keys: SecretKeys, now: datetime
) -> None:
    """Answer a suggestion, or correct its answer. Raises Invalid, EditedMeanwhile, NotFound."""
    text = text.strip()
    if not text or len(text) > LONGEST_ANSWER or "\0" in text:
        raise Invalid(
            "The answer is empty or too long.", sentence=f"请写上答复，最多 {LONGEST_ANSWER} 个字。"
        )
    async with _taken(actor, suggestion_id, edits) as (database, row):
        _move(row, SuggestionState.ANSWERED)
        row.encrypted_answer = keys.encrypt(text)
        row.answered_by_id, row.answered_at = actor.staff_id, now
        await citizen_inquiries.owe_answer(row, now=now, using_db=database)
        await _keep(actor, row, Action.SUGGESTION_ANSWERED, database)


async def close(actor: Actor, suggestion_id: int, *, edits: int) -> None:
    """Set a suggestion aside that makes no sense or was made twice."""
    async with _taken(actor, suggestion_id, edits) as (database, row):
        _move(row, SuggestionState.CLOSED)
        await _keep(actor, row, Action.SUGGESTION_ANSWERED, database)


async def clear(actor: Actor, suggestion_id: int, *, edits: int) -> None:
    """Note that somebody looked at words that nothing else had found harmless (人工核看).

    Raises WrongState where nothing waits for that, EditedMeanwhile, NotFound.
    """
    async with _taken(actor, suggestion_id, edits) as (database, row):
        if row.safety is not ContentSafety.WAITING:
            raise WrongState(f"Suggestion {suggestion_id} is {row.safety}.")
        row.safety = ContentSafety.CLEARED
        await _keep(actor, row, Action.CONTENT_CLEARED, database)


def _in_sight(actor: Actor) -> QuerySet[Suggestion]:
    if actor.venue_ids is None:
        return Suggestion.all()
    return Suggestion.filter(venue_id__in=list(actor.venue_ids))


@asynccontextmanager
async def _taken(
    actor: Actor, suggestion_id: int, edits: int
) -> AsyncIterator[tuple[BaseDBAsyncClient, Suggestion]]:
    actor.require(Permission.ANSWER_SUGGESTIONS)
    async with in_transaction() as database:
        # An update takes the lock on every database, even where it changes nothing.
        await Suggestion.filter(id=suggestion_id).using_db(database).update(edits=F("edits"))
        row = await Suggestion.get_or_none(id=suggestion_id, using_db=database)
        if row is None:
            raise NotFound(f"There is no suggestion {suggestion_id}.")
        actor.require_work(row.venue_id)
        if row.edits != edits:
            raise EditedMeanwhile(f"Suggestion {suggestion_id} has {row.edits} edits, not {edits}.")
        yield database, row


def _move(row: Suggestion, following: SuggestionState) -> None:
    if not row.state.can_become(following):
        raise WrongState(f"Suggestion {row.id} is {row.state}; it cannot become {following}.")
    row.state = following


async def _keep(actor: Actor, row: Suggestion, action: Action, database: BaseDBAsyncClient) -> None:
    row.edits += 1
    await row.save(using_db=database)
    await audit.record(
        actor, action, f"suggestion:{row.id}", venue_id=row.venue_id,
        using_db=database, state=row.state.value,
    )  # fmt: skip
