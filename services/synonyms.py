"""Everyday words for official terms, as staff keep them. They count for everybody at once."""

from __future__ import annotations

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.index_change import Subject
from models.synonym import Synonym
from search.normalization import normalize
from services import audit, index_changes
from services.access import Actor, Permission
from services.audit import Action
from services.errors import Invalid, NotAllowed, NotFound
from services.wordings import Wordings

LONGEST_WORD = 60
LONGEST_NOTE = 200
_SHORTEST_WORD = 2
"""Characters: one alone stands in too many other words."""


def may_keep(actor: Actor) -> bool:
    """Return whether somebody may change what counts for every zone."""
    return actor.may(Permission.WRITE_QUESTIONS) and actor.works_on(None)


async def in_use() -> Wordings:
    """Return the synonyms that questions are put with."""
    rows = await Synonym.filter(is_active=True).order_by("id").values_list("everyday", "official")
    return Wordings((str(everyday), str(official)) for everyday, official in rows)


async def kept(actor: Actor) -> list[Synonym]:
    """Return every synonym, by its everyday word."""
    actor.require(Permission.WRITE_QUESTIONS)
    return await Synonym.all().order_by("everyday", "id")


async def add(actor: Actor, *, everyday: str, official: str, note: str = "") -> Synonym:
    """Let an everyday word be taken for an official term.

    Raises NotAllowed for whoever keeps no shared things, Invalid for words that are too short or
    too long, for an everyday word that is there already, and for what would make a chain or a loop.
    """
    _require_keeping(actor)
    everyday, official = everyday.strip(), official.strip()
    _check(everyday, official)
    try:
        async with in_transaction() as database:
            others = await Synonym.all().using_db(database).order_by("id")
            _check_beside(others, everyday, official)
            row = await Synonym.create(
                everyday=everyday, official=official, note=note.strip()[:LONGEST_NOTE],
                using_db=database,
            )  # fmt: skip
            await _note(actor, row, database)
    except IntegrityError:
        raise _already_there(everyday) from None
    return row


async def remove(actor: Actor, synonym_id: int) -> None:
    """Let an everyday word stand for nothing but itself again. Raises NotFound, NotAllowed."""
    _require_keeping(actor)
    async with in_transaction() as database:
        row = await Synonym.get_or_none(id=synonym_id, using_db=database)
        if row is None:
            raise NotFound(f"There is no synonym {synonym_id}.", sentence="这个说法已经删除了。")
        await Synonym.filter(id=synonym_id).using_db(database).delete()
        await _note(actor, row, database)


async def _note(actor: Actor, row: Synonym, database: BaseDBAsyncClient) -> None:
    await index_changes.record(Subject.SYNONYM, [row.id], using_db=database)
    await audit.record(actor, Action.SYNONYM_CHANGED, f"synonym:{row.id}", using_db=database)


def _require_keeping(actor: Actor) -> None:
    actor.require(Permission.WRITE_QUESTIONS)
    if not may_keep(actor):
        raise NotAllowed(
            "Synonyms are kept by the topmost zone.",
            sentence="同义词对各专区都有效，由最上级专区的工作人员维护。",
        )


def _check(everyday: str, official: str) -> None:
    for word in (everyday, official):
        if not _SHORTEST_WORD <= len(word) <= LONGEST_WORD or "\0" in word:
            raise Invalid(
                "A word is too short or too long.",
                sentence=f"两栏都要填，每个词 {_SHORTEST_WORD} 到 {LONGEST_WORD} 个字。",
            )
    if normalize(everyday) == normalize(official):
        raise Invalid("A word for itself.", sentence="两个词是一样的，不用登记。")


def _check_beside(others: list[Synonym], everyday: str, official: str) -> None:
    """Raise Invalid where a word would be replaced by one that is replaced itself."""
    word, term = normalize(everyday), normalize(official)
    for other in others:
        if normalize(other.everyday) == word:
            raise _already_there(everyday)
        if normalize(other.everyday) == term:
            raise Invalid(
                "A chain of synonyms.",
                sentence=f"“{official}”本身已登记为“{other.official}”的口语说法，请直接写“{other.official}”。",
            )
        if normalize(other.official) == word:
            raise Invalid(
                "A chain of synonyms.",
                sentence=f"“{everyday}”是“{other.everyday}”的规范名称，不能再作口语说法。",
            )


def _already_there(everyday: str) -> Invalid:
    return Invalid(
        "The everyday word is there already.",
        sentence=f"“{everyday}”已经登记过。要改的话，先删除再重新登记。",
    )
