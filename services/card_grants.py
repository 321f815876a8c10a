"""How many cards somebody still lets be sent. WeChat tells nobody, so every answer is counted here.

An answer to the question for permission is told twice: by the phone, and by WeChat as a pushed event
(subscribe_msg_popup_event). Either may be lost, late or first, and what a phone says may be invented.
Each telling is therefore paired with one of the other side about the same person and template,
within ten minutes; what is paired counts once. A phone that invents answers gains nothing: WeChat
refuses the card (43101) and the count goes to none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.card_template import CardGrant, CardTemplate, GrantReport
from models.citizen import Citizen

PAIRED_WITHIN = timedelta(minutes=10)
"""How far apart the two tellings of one answer may be."""
MOST_TEMPLATES = 5
"""How many templates one question may be about (wx.requestSubscribeMessage)."""
_ACCEPTS = {"accept", "acceptWithAudio", "acceptWithAlert", "acceptWithForcePush"}
_REFUSALS = {"reject"}
MAIN_SWITCH = "main_switch"
"""What a phone says in the place of a template: its user lets nothing be sent at all (20004)."""


async def report_from_phone(
    citizen: Citizen, answers: Mapping[str, str], key: str, now: datetime
) -> None:
    """Count what a phone says that its user answered, by template id: accept, reject, ban, filter.

    What is no template of the account, and any other word, is left out. A report counts once by
    its key. "main_switch": "off" closes everything.
    """
    named = hashlib.sha256(key.encode()).hexdigest()
    async with in_transaction() as database:
        await _lock(citizen, database)
        if (
            await GrantReport.filter(citizen_id=citizen.id, phone_key=named)
            .using_db(database)
            .exists()
        ):
            return
        if answers.get(MAIN_SWITCH) == "off":
            await _close_everything(citizen.id, now, database)
            return
        templates = await CardTemplate.filter(
            app_id=citizen.app_id, is_listed=True, template_id__in=list(answers)
        ).using_db(database)
        for template in sorted(templates, key=lambda one: one.id)[:MOST_TEMPLATES]:
            answer = answers[template.template_id]
            if answer not in _ACCEPTS | _REFUSALS:
                continue
            is_accept = answer in _ACCEPTS
            other = await _told_by_other(citizen, template, is_accept, now, database, by_phone=True)
            report = other or GrantReport(citizen=citizen, template=template, is_accept=is_accept)
            report.told_by_phone_at, report.phone_key = now, named
            await report.save(using_db=database)
            if other is None:
                await _count(citizen.id, template, is_accept, now, database)


async def report_from_wechat(
    citizen: Citizen, template_id: str, is_accept: bool, at: datetime, now: datetime
) -> None:
    """Count what WeChat says that somebody answered, or changed in the settings.

    `at`: when WeChat says that it happened. Duplicates are dropped by whoever takes events in.
    """
    async with in_transaction() as database:
        await _lock(citizen, database)
        template = await CardTemplate.get_or_none(
            app_id=citizen.app_id, template_id=template_id, using_db=database
        )
        if template is None:
            return
        other = await _told_by_other(citizen, template, is_accept, at, database, by_phone=False)
        report = other or GrantReport(citizen=citizen, template=template, is_accept=is_accept)
        report.told_by_wechat_at = at
        await report.save(using_db=database)
        if other is None:
            await _count(citizen.id, template, is_accept, now, database)


async def spend(citizen_id: int, template: CardTemplate, using_db: BaseDBAsyncClient) -> bool:
    """Take one card's permission, if there is any; of two at once only one gets the last.

    Permission for a long-term template is not used up.
    """
    held = CardGrant.filter(citizen_id=citizen_id, template_id=template.id).using_db(using_db)
    if template.is_long_term:
        return await held.filter(is_open=True).exists()
    return bool(await held.filter(remaining__gt=0).update(remaining=F("remaining") - 1))


async def give_back(citizen_id: int, template: CardTemplate, using_db: BaseDBAsyncClient) -> None:
    """Return a permission that was taken for a card which certainly was not sent."""
    if not template.is_long_term:
        held = CardGrant.filter(citizen_id=citizen_id, template_id=template.id).using_db(using_db)
        await held.update(remaining=F("remaining") + 1)


async def exhausted(
    citizen_id: int, template: CardTemplate, now: datetime, using_db: BaseDBAsyncClient
) -> None:
    """Note that WeChat says there is no permission left (43101), whatever was counted here."""
    held = CardGrant.filter(citizen_id=citizen_id, template_id=template.id).using_db(using_db)
    await held.update(remaining=0, is_open=False, refused_at=now, changed_at=now)


async def held_by(citizen_id: int) -> dict[int, CardGrant]:
    """Return what somebody lets be sent, by the template's row."""
    return {row.template_id: row for row in await CardGrant.filter(citizen_id=citizen_id)}


async def _told_by_other(
    citizen: Citizen,
    template: CardTemplate,
    is_accept: bool,
    at: datetime,
    database: BaseDBAsyncClient,
    *,
    by_phone: bool,
) -> GrantReport | None:
    """Return the nearest answer that only the other side has told so far, which this one repeats."""
    other, own = "told_by_wechat_at", "told_by_phone_at"
    if not by_phone:
        other, own = own, other
    between = {f"{other}__gte": at - PAIRED_WITHIN, f"{other}__lte": at + PAIRED_WITHIN}
    told = (
        await GrantReport.filter(
            citizen_id=citizen.id, template_id=template.id, is_accept=is_accept, **between
        )
        .filter(**{f"{own}__isnull": True})
        .order_by("id")
        .using_db(database)
        .first()
    )
    return told


async def _count(
    citizen_id: int,
    template: CardTemplate,
    is_accept: bool,
    now: datetime,
    database: BaseDBAsyncClient,
) -> None:
    held, _ = await CardGrant.get_or_create(
        {"changed_at": now}, citizen_id=citizen_id, template_id=template.id, using_db=database
    )
    changes: dict[str, object] = {"changed_at": now}
    if not is_accept:
        # A one-time refusal takes nothing back of what was allowed before.
        changes |= {"refused_at": now, "is_open": False}
    elif template.is_long_term:
        changes |= {"is_open": True}
    else:
        changes |= {"remaining": F("remaining") + 1}
    await CardGrant.filter(id=held.id).using_db(database).update(**changes)


async def _close_everything(citizen_id: int, now: datetime, database: BaseDBAsyncClient) -> None:
    """Count nothing any more: with the main switch off, WeChat sends nothing."""
    held = CardGrant.filter(citizen_id=citizen_id).using_db(database)
    await held.update(remaining=0, is_open=False, refused_at=now, changed_at=now)


async def _lock(citizen: Citizen, database: BaseDBAsyncClient) -> None:
    # Two tellings of one answer at the same moment: the second sees what the first has written.
    await Citizen.filter(id=citizen.id).using_db(database).update(app_id=F("app_id"))
