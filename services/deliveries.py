"""What is owed to people's phones: written down in the transaction that owes it, once.

The row in the mini-program's list of messages is there at once, the card is sent later by a process
of its own (services/delivery_work.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models.card_template import CardGrant, CardPurpose, CardTemplate
from models.citizen import Citizen
from models.delivery import Delivery, DeliveryState, DeliveryWay
from services.card_templates import lines_of, use_of

_EARLIER = timedelta(seconds=90)
"""How much earlier than our own clock WeChat's may be."""
_LATER = timedelta(hours=24)
"""How long after it was sent WeChat may still tell what became of a card."""

_S = DeliveryState


class Reason(StrEnum):
    """Why something was not sent, or is not yet. Values are stable, pages show the label."""

    NO_GRANT = "no_grant"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    TEMPLATE_HALTED = "template_halted"
    QUOTA = "quota"
    BUSY = "busy"
    OUT_OF_REACH = "out_of_reach"
    ACCOUNT = "account"
    SENSITIVE_WORDS = "sensitive_words"
    ARGS_INVALID = "args_invalid"
    NOT_TAKEN = "not_taken"
    FAILED_LATER = "failed_later"
    ANSWER_LOST = "answer_lost"
    INTERRUPTED = "interrupted"
    WITHDRAWN = "withdrawn"
    TOO_LATE = "too_late"
    STOPPED = "stopped"
    SAID_SENT = "said_sent"
    SAID_NOT_SENT = "said_not_sent"

    @property
    def label(self) -> str:
        """What pages call it."""
        return _LABELS[self]


_LABELS = {
    Reason.NO_GRANT: "没有订阅授权",
    Reason.DECLINED: "对方已拒收或授权已用完",
    Reason.UNREACHABLE: "对方已不在本小程序",
    Reason.TEMPLATE_HALTED: "消息模板停用，等待处理",
    Reason.QUOTA: "当前额度用完，到时自动续发",
    Reason.BUSY: "微信繁忙，多次重试未成功",
    Reason.OUT_OF_REACH: "微信暂时连不上，自动重试",
    Reason.ACCOUNT: "小程序账号设置有问题，等待处理",
    Reason.SENSITIVE_WORDS: "内容含微信不允许的词语",
    Reason.ARGS_INVALID: "卡片内容不合模板要求",
    Reason.NOT_TAKEN: "微信不接受这次发送",
    Reason.FAILED_LATER: "微信受理后发送失败",
    Reason.ANSWER_LOST: "已交给微信，结果没有返回",
    Reason.INTERRUPTED: "发送途中服务中断",
    Reason.WITHDRAWN: "通知已撤回",
    Reason.TOO_LATE: "通知已过期",
    Reason.STOPPED: "工作人员停止发送",
    Reason.SAID_SENT: "人工认定已收到",
    Reason.SAID_NOT_SENT: "人工认定未收到",
}


@dataclass(frozen=True)
class Owed:
    """One message, the same for everybody to whom it is owed."""

    purpose: CardPurpose
    page: str
    title: str = ""
    text: str = ""
    """Constant words and days."""
    notice_id: int | None = None
    application_id: int | None = None
    inquiry_id: int | None = None


@dataclass(frozen=True)
class CardPlan:
    """By which template something is told, and what stands in its fields."""

    template: CardTemplate
    values: dict[str, str]
    faulty_field: str
    """The field that WeChat would refuse, "" for none."""


async def owe(
    key: str,
    citizen_id: int,
    purpose: CardPurpose,
    *,
    title: str,
    text: str,
    page: str,
    sources: dict[str, str],
    notice_id: int | None = None,
    application_id: int | None = None,
    inquiry_id: int | None = None,
    using_db: BaseDBAsyncClient,
    now: datetime,
) -> None:
    """Owe somebody a message, in the transaction around it; the same key owes nothing more.

    `sources`: what can fill the fields of a card, by the names of services.cards.sources. Without a
    template for the purpose there is only the row in the list of messages.
    """
    citizen = await Citizen.get_or_none(id=citizen_id, using_db=using_db)
    if citizen is None:
        return  # Forgotten meanwhile.
    owed = Owed(purpose, page, title, text, notice_id, application_id, inquiry_id)
    plan = await card_plan(citizen.app_id, purpose, sources)
    await write_down({key: citizen}, owed, plan, using_db=using_db, now=now)


async def card_plan(
    app_id: str,
    purpose: CardPurpose,
    sources: dict[str, str],
    *,
    written: dict[str, str] | None = None,
) -> CardPlan | None:
    """Return how a purpose is told by card, None where the account has no template for it.

    `written`: what staff wrote in place of what fills a field, by key.
    """
    use = await use_of(app_id, purpose)
    if use is None:
        return None
    lines = lines_of(use, sources, written)
    faulty = next((line.field.key for line in lines if line.fault), "")
    # Of a text that is none of WeChat's nothing can be filled in.
    faulty = faulty or ("" if lines else "content")
    return CardPlan(use.template, {line.field.key: line.value for line in lines}, faulty)


async def write_down(
    citizens: dict[str, Citizen],
    owed: Owed,
    plan: CardPlan | None,
    *,
    using_db: BaseDBAsyncClient,
    now: datetime,
) -> None:
    """Write deliveries to many people, by the key of each. Whatever is there already stays."""
    granted = await _granted(plan, citizens.values(), using_db)
    rows: list[Delivery] = []
    for key, citizen in citizens.items():
        shown = _row(f"{key}:app", citizen.id, DeliveryWay.APP, owed, now)
        shown.state, shown.settled_at = _S.SENT, now
        rows.append(shown)
        if plan is None:
            continue
        card = _row(f"{key}:card", citizen.id, DeliveryWay.CARD, owed, now)
        card.template_id, card.values = plan.template.id, plan.values
        if citizen.is_unreachable:
            _end(card, _S.FAILED, Reason.UNREACHABLE, now)
        elif citizen.id not in granted:
            _end(card, _S.REFUSED, Reason.NO_GRANT, now)
        elif plan.faulty_field:
            card.field_name = plan.faulty_field
            _end(card, _S.FAILED, Reason.ARGS_INVALID, now)
        rows.append(card)
    await Delivery.bulk_create(rows, ignore_conflicts=True, using_db=using_db)


async def settle_sent(
    *, citizen_id: int, template_id: str, msgid: str, is_ok: bool, at: datetime
) -> bool:
    """Take in what WeChat tells of a card afterwards (subscribe_msg_sent_event).

    `template_id` is WeChat's. Returns whether it was one of ours. Where the answer to our call was
    lost, or has not been written down yet, there is no msgid to know the card by: it is the one that
    this person was sent last by this template before that moment.
    """
    msgid = msgid[:30]
    async with in_transaction() as database:
        row = await _told_of(citizen_id, template_id, msgid, at, database)
        if row is None:
            return False
        state = _S.SENT if is_ok else _S.FAILED
        reason = "" if is_ok else Reason.FAILED_LATER
        if not row.state.can_become(state):
            return True
        await (
            Delivery.filter(id=row.id, state=row.state)
            .using_db(database)
            .update(state=state, reason=reason, msgid=msgid or row.msgid, settled_at=at)
        )
    return True


async def _told_of(
    citizen_id: int, template_id: str, msgid: str, at: datetime, database: BaseDBAsyncClient
) -> Delivery | None:
    of_person = Delivery.filter(
        citizen_id=citizen_id, way=DeliveryWay.CARD, template__template_id=template_id
    ).using_db(database)
    if msgid and (known := await of_person.filter(msgid=msgid).first()) is not None:
        return known
    return await (
        of_person.filter(
            Q(state__in=[_S.SENDING, _S.UNKNOWN]) | Q(state=_S.SENT, msgid=""),
            claimed_at__gte=at - _LATER,
            claimed_at__lte=at + _EARLIER,
        )
        .order_by("-claimed_at")
        .first()
    )


async def _granted(
    plan: CardPlan | None, citizens: Iterable[Citizen], database: BaseDBAsyncClient
) -> set[int]:
    """Return who lets a card of the plan's template be sent."""
    if plan is None:
        return set()
    grants = CardGrant.filter(
        template_id=plan.template.id, citizen_id__in=[citizen.id for citizen in citizens]
    ).using_db(database)
    grants = (
        grants.filter(is_open=True)
        if plan.template.is_long_term
        else grants.filter(remaining__gt=0)
    )
    return {grant.citizen_id for grant in await grants}


def _row(key: str, citizen_id: int, way: DeliveryWay, owed: Owed, now: datetime) -> Delivery:
    return Delivery(
        key=key,
        citizen_id=citizen_id,
        way=way,
        purpose=owed.purpose,
        notice_id=owed.notice_id,
        application_id=owed.application_id,
        inquiry_id=owed.inquiry_id,
        title=owed.title if way is DeliveryWay.APP else "",
        text=owed.text if way is DeliveryWay.APP else "",
        page=owed.page,
        not_before=now,
    )


def _end(row: Delivery, state: DeliveryState, reason: Reason, now: datetime) -> None:
    row.state, row.reason, row.settled_at = state, reason.value, now
