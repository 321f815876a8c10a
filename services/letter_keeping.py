"""What every deed on a letter does: find it, move it from a state, put it on record."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from models.application import Application
from models.official_letter import LetterState, OfficialLetter
from services import application_access, audit
from services.access import Actor, Permission
from services.applications import Taken, taken
from services.audit import Action
from services.disclosure.findings import Finding
from services.disclosure.letter_check import LetterDefective
from services.errors import EditedMeanwhile, NotFound, WrongState
from services.secret_key import SecretKeys


def refuse(findings: tuple[Finding, ...]) -> None:
    """Raise LetterDefective where something is wrong."""
    if findings:
        raise LetterDefective(findings)


def with_writer(writers: list[int], actor: Actor) -> list[int]:
    """Return who wrote in a letter, with somebody more."""
    if actor.staff_id is None:
        return list(writers)
    return sorted({*writers, actor.staff_id})


def case_of_letter(
    actor: Actor, application: Application, case_edits: int, keys: SecretKeys, now: datetime
) -> AbstractAsyncContextManager[Taken]:
    """Lock the case of a letter."""
    return taken(actor, application.id, edits=case_edits, keys=keys, now=now)


async def seen(actor: Actor, letter_id: int) -> tuple[OfficialLetter, Application]:
    """Return a letter that somebody reads, with its case. Raises NotFound, NotAllowed."""
    letter = await OfficialLetter.get_or_none(id=letter_id)
    if letter is None:
        raise NotFound(f"There is no letter {letter_id}.")
    application = await application_access.seen(actor, letter.application_id)
    application_access.require_seeing_work(actor, application)
    return letter, application


async def theirs(actor: Actor, letter_id: int) -> tuple[OfficialLetter, Application]:
    """Return a letter that somebody works on. Raises NotFound, NotAllowed."""
    letter, application = await seen(actor, letter_id)
    await application_access.require_work(actor, application.id)
    actor.require(Permission.WORK_ON_APPLICATIONS)
    return letter, application


async def move(
    letter: OfficialLetter, was: LetterState, database: BaseDBAsyncClient, *, edits: int,
    **columns: object,
) -> None:  # fmt: skip
    """Change a letter that is in a state and that nobody changed since it was shown."""
    if letter.state is not was:
        raise WrongState(f"Letter {letter.id} is {letter.state}, not {was}.")
    rows = OfficialLetter.filter(id=letter.id, state=was, edits=edits).using_db(database)
    if not await rows.update(**columns, edits=edits + 1):
        raise EditedMeanwhile(f"Letter {letter.id} was changed.")


async def record_letter(
    actor: Actor, application: Application, letter: OfficialLetter, done: str,
    database: BaseDBAsyncClient,
) -> None:  # fmt: skip
    """Seal what was done with a letter, as the last step of the transaction."""
    await audit.record(
        actor, Action.APPLICATION_CHANGED, f"application:{application.id}",
        venue_id=application.venue_id, using_db=database, letter=letter.id, done=done,
    )  # fmt: skip
