"""The sending of cards (订阅消息)."""

from __future__ import annotations

import re

from devtools.wechat.accounts import Account, Subscription, Template, User
from devtools.wechat.answering import work
from devtools.wechat.apis import Answer, api
from devtools.wechat.call import Call
from devtools.wechat.card_fields import first_wrong_field, keys_of
from devtools.wechat.errcodes import Errcode
from devtools.wechat.message_state import LONG_TERM, Card
from devtools.wechat.push_messages import Event
from devtools.wechat.pushing import push
from devtools.wechat.world import World

STATES = ("developer", "trial", "formal")
LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
_LINE = re.compile(r"\s*(.*?)\s*[:：]\s*\{\{\s*(\w+)\.DATA\s*\}\}")


@api(
    "POST",
    "/cgi-bin/message/subscribe/send",
    per_day=10_000_000,
    per_day_with_payment=30_000_000,
    works_itself=True,
)
async def send_card(world: World, account: Account, call: Call) -> Answer:
    user, template, page = _addressed(account, call)
    values = _values(template, call)
    if any(word in value for word in account.messages.sensitive_words for value in values.values()):
        raise Errcode(45168)
    if user.openid in world.sending:
        raise Errcode(43108)
    world.sending.add(user.openid)
    try:
        await work(call)
        _spend(user, template)
        card = _deliver(world, account, user, template, values, page, call)
    finally:
        world.sending.discard(user.openid)
    return {"errcode": 0, "errmsg": "ok", "msgid": int(card.msgid)}


def _addressed(account: Account, call: Call) -> tuple[User, Template, str]:
    openid, template_id = call.fields.get("touser"), call.fields.get("template_id")
    user = account.users.get(openid) if isinstance(openid, str) else None
    if user is None:
        raise Errcode(40003)
    template = next((each for each in account.templates if each.id == template_id), None)
    if template is None:
        raise Errcode(40037)
    state = call.fields.get("miniprogram_state", "formal")
    if state not in STATES or call.fields.get("lang", "zh_CN") not in LANGUAGES:
        raise Errcode(40097)
    page = call.fields.get("page") or ""
    if not isinstance(page, str):
        raise Errcode(47001)
    if page and page.split("?")[0] not in account.pages:
        raise Errcode(41030)
    if account.messages.is_banned or template.is_banned:
        raise Errcode(43107)
    return user, template, page


def _values(template: Template, call: Call) -> dict[str, str]:
    data = call.fields.get("data")
    if not isinstance(data, dict):
        raise Errcode(47001)
    keys = keys_of(template.content)
    if wrong := first_wrong_field(keys, data, template.choices):
        raise Errcode(47003, key=wrong)
    return {key: data[key]["value"] for key in keys}


def _spend(user: User, template: Template) -> None:
    """Take one grant of a one-time template. Raises Errcode 43101 where nothing may be sent."""
    subscription = user.subscriptions.get(template.id, Subscription())
    if not user.main_switch or subscription.is_switched_off:
        raise Errcode(43101)
    if template.kind == LONG_TERM:
        if not subscription.is_long_term:
            raise Errcode(43101)
        return
    if subscription.grants <= 0:
        raise Errcode(43101)
    subscription.grants -= 1


def _deliver(
    world: World,
    account: Account,
    user: User,
    template: Template,
    values: dict[str, str],
    page: str,
    call: Call,
) -> Card:
    is_delivered = account.messages.undelivered_next <= 0
    if not is_delivered:
        account.messages.undelivered_next -= 1
    card = Card(
        # Above 2^53, where readers that take it for a fraction lose its last digits.
        msgid=str(world.dice.randrange(2**60, 2**62)),
        sent_at=world.clock.now(),
        openid=user.openid,
        template_id=template.id,
        title=template.title,
        lines=[(name, values[key]) for name, key in _LINE.findall(template.content)],
        values=values,
        page=page,
        state=str(call.fields.get("miniprogram_state", "formal")),
        language=str(call.fields.get("lang", "zh_CN")),
        is_delivered=is_delivered,
    )
    account.cards.append(card)
    after = account.messages.sent_event_after
    push(world, account, _sent_event(card, created=int(card.sent_at + after)), after=after)
    return card


def _sent_event(card: Card, *, created: int) -> Event:
    item = {
        "TemplateId": card.template_id,
        "MsgID": card.msgid,
        "ErrorCode": "0" if card.is_delivered else "-1",
        "ErrorStatus": "success" if card.is_delivered else "failed: system failed",
    }
    return Event(
        "subscribe_msg_sent_event",
        card.openid,
        created,
        items=[item],
        parent="SubscribeMsgSentEvent",
    )
