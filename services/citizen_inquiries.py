"""Questions and suggestions that somebody left from their phone, who alone finds them again.

Staff see what was left and never by whom: the tie is read for the one who left it, and to tell them
of the answer.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models.card_template import CardPurpose
from models.citizen import Citizen
from models.citizen_tie import CitizenInquiry
from models.left_question import LeftQuestion
from models.suggestion import Suggestion
from models.venue import Area, Venue
from services import citizens, content_safety, deliveries, inquiries, left_questions, suggestions
from services.cards.sources import of_inquiry
from services.clock import zone_day
from services.errors import NotFound
from services.inquiries import Inquiry, Kind
from services.left_questions import Receipt
from services.query_numbers import read_number
from services.secret_key import SecretKeys
from services.venues import require_area
from services.visitors_words import require_words
from services.wechat import WeChat

_AREAS = {Kind.QUESTION: Area.ADVICE, Kind.SUGGESTION: Area.APPLICATIONS}
_EMPTY = {
    Kind.QUESTION: "还没有写下问题，请先说或写下您的问题。",
    Kind.SUGGESTION: "还没有写下意见，请先写下您的意见或建议。",
}
PAGE = "pages/question/question"
"""The page of the mini-program that shows one of them."""


class OwnInquiry(msgspec.Struct, frozen=True):
    """What somebody left, with their own words, as they alone see it."""

    inquiry: Inquiry
    words: str


class _SentBefore(Exception):
    """The same was sent before; the receipt is that of then."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("sent before")
        self.receipt = receipt


async def leave(
    citizen: Citizen,
    kind: Kind,
    text: str,
    *,
    venue: Venue,
    key: str,
    wechat: WeChat | None,
    keys: SecretKeys,
    now: datetime,
) -> tuple[Receipt, bool]:
    """Keep what somebody leaves for the staff of a zone; return the receipt, and whether it is new.

    Under the same key it is kept once. Raises Invalid, QuestionTooLong, AreaMissing, ContentRefused.
    """
    await require_area(venue, _AREAS[kind], now=now)
    text = require_words(text, _EMPTY[kind])
    named = f"inquiry {citizen.id} {kind} {key}"
    earlier = await _receipt_under(named, keys)
    if earlier is not None:
        return earlier, False
    safety = await content_safety.checked(text, citizens.openid_of(citizen, keys), wechat)

    async def tie(database: BaseDBAsyncClient, row: LeftQuestion | Suggestion) -> None:
        # An update takes the lock on every database, so that of two the second waits.
        mine = Citizen.filter(id=citizen.id).using_db(database)
        if not await mine.update(app_id=F("app_id")):
            raise NotFound("The citizen was forgotten meanwhile.")
        before = await _receipt_under(named, keys, database)
        if before is not None:
            raise _SentBefore(before)
        is_question = isinstance(row, LeftQuestion)
        await CitizenInquiry.create(
            citizen_id=citizen.id,
            question_id=row.id if is_question else None,
            suggestion_id=None if is_question else row.id,
            idempotency_hash=keys.keyed_hash(named),
            using_db=database,
        )

    try:
        if kind is Kind.QUESTION:
            receipt = await left_questions.leave(
                text, venue=venue, keys=keys, now=now, safety=safety, tie=tie
            )
        else:
            receipt = await suggestions.leave(
                text, venue=venue, keys=keys, now=now, safety=safety, tie=tie
            )
    except _SentBefore as before:
        return before.receipt, False
    return receipt, True


async def own(
    citizen: Citizen, kind: Kind, *, keys: SecretKeys, offset: int = 0, limit: int = 20
) -> tuple[list[OwnInquiry], int]:
    """Return some of what somebody left, the newest first, and how much they left."""
    rows = _of(citizen, kind)
    shown = await rows.order_by("-id").offset(offset).limit(limit)
    return [_own(_left(row), keys) for row in shown], await rows.count()


async def own_one(
    citizen: Citizen, kind: Kind, number: str, *, keys: SecretKeys
) -> OwnInquiry | None:
    """Return what somebody left themselves under a number, None for anything else.

    Raises WrongNumber for what is no number.
    """
    kept = read_number(number)
    by_number = {f"{kind.value}__number": kept}
    row = await _of(citizen, kind).filter(**by_number).first()
    return _own(_left(row), keys) if row is not None else None


async def owe_answer(
    row: LeftQuestion | Suggestion, *, now: datetime, using_db: BaseDBAsyncClient
) -> None:
    """Owe a message to whoever left this from their phone, in the transaction of its answer.

    Each answer is told of once, a corrected one too.
    """
    is_question = isinstance(row, LeftQuestion)
    mine = {"question_id": row.id} if is_question else {"suggestion_id": row.id}
    tie = await CitizenInquiry.get_or_none(**mine, using_db=using_db)
    if tie is None:
        return
    kind = Kind.QUESTION if is_question else Kind.SUGGESTION
    venue = await Venue.get_or_none(id=row.venue_id or 0, using_db=using_db)
    await deliveries.owe(
        f"inquiry:{tie.id}:{row.edits}",
        tie.citizen_id,
        CardPurpose.QUESTION_ANSWERED,
        title=f"您留下的{kind.label}已经答复",
        text=f"编号{row.number}，请打开查看答复。",
        page=f"{PAGE}?kind={kind.value}&number={row.number}",
        sources=of_inquiry(zone=venue.title if venue is not None else "政务公开专区", at=now),
        inquiry_id=tie.id,
        using_db=using_db,
        now=now,
    )


async def _receipt_under(
    named: str, keys: SecretKeys, database: BaseDBAsyncClient | None = None
) -> Receipt | None:
    kept = CitizenInquiry.filter(idempotency_hash__in=keys.keyed_hashes(named))
    if database is not None:
        kept = kept.using_db(database)
    row = await kept.prefetch_related("question", "suggestion").first()
    if row is None:
        return None
    left = _left(row)
    return Receipt(left.number, zone_day(left.due_at or row.tied_at))


def _of(citizen: Citizen, kind: Kind) -> QuerySet[CitizenInquiry]:
    there = {f"{kind.value}_id__isnull": False}
    return CitizenInquiry.filter(citizen_id=citizen.id, **there).prefetch_related(kind.value)


def _left(row: CitizenInquiry) -> LeftQuestion | Suggestion:
    left = row.question if row.question_id is not None else row.suggestion
    assert left is not None, "a tie is to one of the two"
    return left


def _own(left: LeftQuestion | Suggestion, keys: SecretKeys) -> OwnInquiry:
    return OwnInquiry(inquiries.of_row(left, keys), keys.decrypt(left.encrypted_text))
