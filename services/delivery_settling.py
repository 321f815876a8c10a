"""What became of a card is written down, with all that follows of it, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.card_template import CardTemplate
from models.citizen import Citizen
from models.delivery import Delivery, DeliveryState
from services import card_grants
from services.deliveries import Reason, settle_sent
from services.delivery_outcomes import Outcome

_S = DeliveryState

log = structlog.get_logger(__name__)


async def settle(row: Delivery, outcome: Outcome, now: datetime) -> bool:
    """Write down what became of a card that this process claimed; return whether it was.

    It is not where the claim was given up meanwhile and the card would be queued again: an unknown
    fate stays one. WeChat's own word on the card may have come before: see _told_before.
    """
    states = [_S.SENDING] if outcome.state is _S.QUEUED else [_S.SENDING, _S.UNKNOWN]
    claimed = Delivery.filter(id=row.id, claimed_by=row.claimed_by, state__in=states)
    if outcome.state in {_S.SENT, _S.UNKNOWN}:
        # Nothing else follows: one statement.
        is_written = bool(await claimed.update(**_columns(outcome, now)))
    else:
        async with in_transaction() as database:
            is_written = bool(await claimed.using_db(database).update(**_columns(outcome, now)))
            if is_written:
                await _follow(row, outcome, database, now)
    if not is_written and outcome.state is not _S.UNKNOWN:
        return await _told_before(row, outcome, now)
    return is_written


def _columns(outcome: Outcome, now: datetime) -> dict[str, object]:
    columns: dict[str, object] = {
        "state": outcome.state,
        "reason": outcome.reason or "",
        "errcode": outcome.errcode,
        "field_name": outcome.field_name,
    }
    if outcome.msgid:
        columns["msgid"] = outcome.msgid
    if outcome.counts:
        columns["attempts"] = F("attempts") + 1
    if outcome.state is _S.QUEUED:
        columns["not_before"] = now + timedelta(seconds=outcome.again_in_s)
        columns |= {"claimed_by": "", "claimed_at": None}
    else:
        columns["settled_at"] = now
    return columns


async def _follow(
    row: Delivery, outcome: Outcome, database: BaseDBAsyncClient, now: datetime
) -> None:
    assert row.template is not None, "a card has a template"
    if outcome.gives_back:
        await card_grants.give_back(row.citizen_id, row.template, database)
    if outcome.reason is Reason.DECLINED:
        await card_grants.exhausted(row.citizen_id, row.template, now, database)
    if outcome.reason is Reason.UNREACHABLE:
        await Citizen.filter(id=row.citizen_id).using_db(database).update(is_unreachable=True)
    if outcome.halts_template:
        working = CardTemplate.filter(id=row.template.id, halted_at=None).using_db(database)
        if await working.update(halted_at=now, halted_errcode=outcome.errcode):
            log.error("template halted", template_id=row.template.id, errcode=outcome.errcode)
    if outcome.is_of_notice and row.notice_id is not None:
        # The same words to everybody else would be refused as well: they are not even asked.
        same = Delivery.filter(
            notice_id=row.notice_id, template_id=row.template.id, state=_S.QUEUED
        ).using_db(database)
        await same.update(
            state=outcome.state, reason=outcome.reason, errcode=outcome.errcode,
            field_name=outcome.field_name, settled_at=now,
        )  # fmt: skip


async def _told_before(row: Delivery, outcome: Outcome, now: datetime) -> bool:
    """Put right what WeChat told of a card before our own call ended.

    What it told was taken for this card, which had no msgid yet. Where our call says otherwise it
    was about an earlier one of the same person, whose fate was unknown.
    """
    there = await Delivery.get_or_none(id=row.id)
    if there is None or there.claimed_by != row.claimed_by or there.state is not _S.SENT:
        return False
    if outcome.state is _S.SENT and (not outcome.msgid or there.msgid == outcome.msgid):
        return True
    assert row.template is not None, "a card has a template"
    async with in_transaction() as database:
        mistaken = Delivery.filter(id=row.id, state=_S.SENT, msgid=there.msgid).using_db(database)
        if not await mistaken.update(**{"msgid": ""} | _columns(outcome, now)):
            return False
        if outcome.state is not _S.SENT:
            await _follow(row, outcome, database, now)
    await settle_sent(
        citizen_id=row.citizen_id, template_id=row.template.template_id, msgid=there.msgid,
        is_ok=True, at=there.settled_at or now,
    )  # fmt: skip
    return True
