"""What happens because its time has come: publication, and the first and the last day of validity.

Every process does this, and may do it at the same moment as another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models.document import Document, Validity
from models.index_change import Subject
from models.publishable import Publication
from models.question_entry import QuestionEntry
from services import index_changes
from services.public_copies import CAN_EXPIRE


async def begin_day(today: date) -> int:
    """Let entries begin and end, and documents expire, as of a day; return how many did.

    Safe to repeat: only what is not yet so is changed.
    """
    in_time = (Q(valid_from=None) | Q(valid_from__lte=today)) & (
        Q(valid_to=None) | Q(valid_to__gte=today)
    )
    shown = QuestionEntry.filter(publication=Publication.PUBLISHED)
    over = await shown.filter(
        Q(valid_from__gt=today) | Q(valid_to__lt=today), is_in_time=True
    ).only("id")
    begun = await shown.filter(in_time, is_in_time=False).only("id")
    expired = await Document.filter(
        publication=Publication.PUBLISHED, expires_on__lt=today, validity__in=list(CAN_EXPIRE)
    ).only("id")
    changed = await _set_in_time([row.id for row in over], False)
    changed += await _set_in_time([row.id for row in begun], True)
    return changed + await _expire([row.id for row in expired])


async def _set_in_time(ids: Sequence[int], is_in_time: bool) -> int:
    if not ids:
        return 0
    async with in_transaction() as database:
        changed = (
            await QuestionEntry.filter(id__in=ids, is_in_time=not is_in_time)
            .using_db(database)
            .update(is_in_time=is_in_time)
        )
        if changed:
            await index_changes.record(Subject.QUESTION, sorted(ids), using_db=database)
    return changed


async def _expire(ids: Sequence[int]) -> int:
    if not ids:
        return 0
    async with in_transaction() as database:
        changed = (
            await Document.filter(id__in=ids, validity__in=list(CAN_EXPIRE))
            .using_db(database)
            .update(validity=Validity.EXPIRED)
        )
        if changed:
            await index_changes.record(Subject.DOCUMENT, sorted(ids), using_db=database)
    return changed
