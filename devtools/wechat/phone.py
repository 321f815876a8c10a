"""What a person does on the phone: the mini-program's own functions, played through the control plane.

Everything takes `appid` (or nothing where there is one account) and `openid`.
"""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from devtools.wechat.accounts import Account, OnceCode, Subscription, Template, User
from devtools.wechat.code_pictures import read_opening
from devtools.wechat.control import Fields, Refused, control
from devtools.wechat.message_state import LONG_TERM
from devtools.wechat.push_messages import Event
from devtools.wechat.pushing import push
from devtools.wechat.setting_up import account_named, user_named
from devtools.wechat.world import HEX, World

LEFT_ALONE = "-_.!~*'()"
"""What encodeURIComponent does not change, beside letters and digits."""
ACCEPTED, REJECTED, BANNED, FILTERED = "accept", "reject", "ban", "filter"
QUESTION = "requestSubscribeMessage"
FAILURES = {
    10001: "TmplIds can't be empty",
    10004: "Invalid template id",
    20001: "No template data return, verify the template id exist",
    20002: "Templates type must be same",
    20003: "Templates count out of max bounds",
    20004: "The main switch is switched off",
    20005: "This mini program was banned from subscribing messages",
}


@control("POST", "phone/login")
async def login(world: World, fields: Fields) -> object:
    """wx.login: a code of five minutes, for once. The person is there now."""
    account, user = user_named(world, fields)
    user.last_active_at = world.clock.now()
    if account.changes_session_key_at_login:
        user.session_key = ""
    code = world.random_text(32)
    account.login_codes[code] = OnceCode(openid=user.openid, made_at=world.clock.now())
    return {"code": code, "errMsg": "login:ok"}


@control("POST", "phone/tap_phone")
async def tap_phone(world: World, fields: Fields) -> object:
    """The button for the phone number: a code of its own kind, charged for whether used or not."""
    account, user = user_named(world, fields)
    user.last_active_at = world.clock.now()
    code = world.random_text(64, HEX)
    account.phones_charged += 1
    account.phone_codes[code] = OnceCode(openid=user.openid, made_at=world.clock.now())
    return {"code": code, "errMsg": "getPhoneNumber:ok"}


@control("POST", "phone/visit")
async def visit(world: World, fields: Fields) -> object:
    """The person uses the mini-program."""
    _, user = user_named(world, fields)
    user.last_active_at = world.clock.now()
    return {}


@control("POST", "phone/scan")
async def scan(world: World, fields: Fields) -> object:
    """What a page gets from a code: what its picture says (`said`), or a `scene` and a `page`.

    The scene is encoded, as the real one is.
    """
    if (said := fields.get("said")) is not None:
        opened = read_opening(str(said))
        if opened.get("appid") not in world.accounts:
            raise Refused("The code is of a mini-program that nobody knows.", 404)
    else:
        pages = account_named(world, fields).pages
        home = pages[0] if pages else ""
        opened = {"scene": str(fields["scene"]), "page": str(fields.get("page") or home)}
    scene = quote(opened.get("scene", ""), safe=LEFT_ALONE)
    return {"path": opened["page"], "options": {"scene": scene} if scene else {}}


@control("POST", "phone/subscribe")
async def subscribe(world: World, fields: Fields) -> object:
    """wx.requestSubscribeMessage: `choices` is what the person answers, by template id.

    `keep` is "always keep this choice". The answer is what the page is told, failures too.
    """
    account, user = user_named(world, fields)
    choices = msgspec.convert(fields.get("choices"), dict[str, str])
    user.last_active_at = world.clock.now()
    templates = {template.id: template for template in account.templates}
    if failure := _failure(account, user, list(choices), templates):
        return {"errMsg": f"{QUESTION}:fail {FAILURES[failure]}", "errCode": failure}
    result: dict[str, str] = {}
    asked: dict[str, str] = {}
    titles: set[str] = set()
    for template_id, choice in choices.items():
        template = templates[template_id]
        subscription = user.subscriptions.setdefault(template_id, Subscription())
        if template.is_banned:
            result[template_id] = BANNED
        elif template.title in titles:
            result[template_id] = FILTERED
        elif kept := REJECTED if subscription.is_switched_off else subscription.kept_choice:
            result[template_id] = kept
        else:
            result[template_id] = asked[template_id] = choice
            subscription.kept_choice = choice if fields.get("keep") else None
        titles.add(template.title)
        if result[template_id] not in (REJECTED, BANNED, FILTERED):
            _allow(template, subscription)
    if asked:
        items = [
            {"TemplateId": each, "SubscribeStatusString": _told(choice), "PopupScene": "0"}
            for each, choice in asked.items()
        ]
        _tell(world, account, user, "subscribe_msg_popup_event", items, "SubscribeMsgPopupEvent")
    return {"errMsg": f"{QUESTION}:ok", **result}


@control("POST", "phone/change_setting")
async def change_setting(world: World, fields: Fields) -> object:
    """What the person changes outside: `template_id` to accept or reject, or the `main_switch`."""
    account, user = user_named(world, fields)
    if "main_switch" in fields:
        user.main_switch = bool(fields["main_switch"])
        return {}
    template_id = str(fields["template_id"])
    if template_id not in {template.id for template in account.templates}:
        raise Refused(f"There is no template {template_id}.", 404)
    subscription = user.subscriptions.setdefault(template_id, Subscription())
    choice = fields.get("choice", REJECTED)
    subscription.is_switched_off = choice == REJECTED
    subscription.kept_choice = None
    if choice == REJECTED:  # Only this is told to the developer.
        subscription.is_long_term = False
        items = [{"TemplateId": template_id, "SubscribeStatusString": REJECTED}]
        _tell(world, account, user, "subscribe_msg_change_event", items, "SubscribeMsgChangeEvent")
    return {}


@control("POST", "phone/settings")
async def settings(world: World, fields: Fields) -> object:
    """wx.getSetting with subscriptions: only kept choices are listed."""
    _, user = user_named(world, fields)
    listed = {
        template_id: REJECTED if subscription.is_switched_off else subscription.kept_choice
        for template_id, subscription in user.subscriptions.items()
        if subscription.is_switched_off or subscription.kept_choice
    }
    return {"subscriptionsSetting": {"mainSwitch": user.main_switch, "itemSettings": listed}}


@control("GET", "phone/cards")
async def cards(world: World, fields: Fields) -> object:
    """The cards that arrived, oldest first: of the account, or of one `openid`."""
    account = account_named(world, fields)
    openid = fields.get("openid")
    return [card for card in account.cards if card.is_delivered and openid in (None, card.openid)]


def _failure(
    account: Account, user: User, asked: list[str], templates: dict[str, Template]
) -> int | None:
    if not asked:
        return 10001
    if "" in asked:
        return 10004
    if len(asked) > account.messages.ids_at_most:
        return 20003
    if account.messages.is_banned:
        return 20005
    if not all(each in templates for each in asked):
        return 20001
    if len({templates[each].kind for each in asked}) > 1:
        return 20002
    return None if user.main_switch else 20004


def _allow(template: Template, subscription: Subscription) -> None:
    if template.kind == LONG_TERM:
        subscription.is_long_term = True
    else:
        subscription.grants += 1


def _told(choice: str) -> str:
    return REJECTED if choice == REJECTED else ACCEPTED


def _tell(
    world: World,
    account: Account,
    user: User,
    name: str,
    items: list[dict[str, str]],
    parent: str,
) -> None:
    event = Event(name, user.openid, int(world.clock.now()), items=items, parent=parent)
    push(world, account, event)
