"""What becomes of letters that nobody finished, once their case is over."""

from __future__ import annotations

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F

from models.official_letter import LetterKind, LetterState, OfficialLetter
from services.disclosure.events import (
    AnyEvent,
    Archived,
    CorrectionLapsed,
    FeeLapsed,
    Withdrawn,
)

_UNFINISHED = [LetterState.DRAFT, LetterState.IN_REVIEW, LetterState.CLEARED]


async def put_away(application_id: int, event: AnyEvent, *, using_db: BaseDBAsyncClient) -> None:
    """Void what was still being written or checked when an event ended the case.

    Otherwise it would wait for a check that is no longer of use. The letter that tells of a withdrawal
    may be written before the withdrawal is entered: that one stays.
    """
    if not isinstance(event, Withdrawn | CorrectionLapsed | FeeLapsed | Archived):
        return
    letters = OfficialLetter.filter(application_id=application_id, state__in=_UNFINISHED)
    if isinstance(event, Withdrawn):
        letters = letters.exclude(kind=LetterKind.N11_WITHDRAWN)
    await letters.using_db(using_db).update(state=LetterState.VOID, edits=F("edits") + 1)
