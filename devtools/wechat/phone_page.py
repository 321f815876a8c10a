"""The page that stands in for a phone while the project is tried out, and its way to the backend."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode, urlsplit

from devtools.wechat.accounts import Account
from devtools.wechat.call import Call, Reply
from devtools.wechat.control import PREFIX, Fields, Refused, control
from devtools.wechat.push_post import NoAnswer, ask
from devtools.wechat.setting_up import account_named
from devtools.wechat.world import World

PAGE = Path(__file__).with_name("phone_page.html")
TO_BACKEND = f"{PREFIX}/backend"
ONLY = "/mp/v1/"
"""All of the backend that a phone talks to."""
PATIENCE = 60.0
"""Real seconds, as wx.request has them."""
MOST_BYTES = 20 * 1024 * 1024
HANDED_ON = ("authorization", "content-type", "idempotency-key", "range")


@control("GET", "phone")
async def page(_world: World, _fields: Fields) -> object:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "frame-ancestors 'none'",
    }
    return Reply(200, headers, PAGE.read_bytes())


@control("GET", "tryout")
async def tryout(world: World, fields: Fields) -> object:
    """Who uses the account, and its templates."""
    account = account_named(world, fields)
    return {
        "appid": account.appid,
        "people": [{"openid": user.openid, "name": user.name} for user in account.users.values()],
        "templates": [
            {"id": template.id, "title": template.title, "kind": template.kind}
            for template in account.templates
        ],
    }


async def hand_on(world: World, call: Call) -> Reply:
    """Hand a call of the page on to the server that pushes go to, which is the backend."""
    path = call.path.removeprefix(TO_BACKEND)
    if not path.startswith(ONLY) or ".." in path:
        return _refusal(404, "Only the mini-program's API is reached from here.")
    # The page is of this address: another site's has no business with the backend.
    if call.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return _refusal(403, "Another site asks.")
    try:
        backend = _backend(account_named(world, {}))
        answered = await ask(
            call.method,
            backend + path + ("?" + urlencode(call.query) if call.query else ""),
            {},
            call.body,
            headers={name: call.headers[name] for name in HANDED_ON if name in call.headers},
            patience=PATIENCE,
            most=MOST_BYTES,
        )
    except (NoAnswer, Refused):
        return _refusal(502, "服务没有应答，可能还在启动。")
    headers = {"Content-Type": answered.content_type} if answered.content_type else {}
    return Reply(answered.status, headers, answered.body)


def _backend(account: Account) -> str:
    where = urlsplit(account.push.url)
    if not where.netloc:
        raise Refused("The account pushes nowhere.")
    return f"{where.scheme}://{where.netloc}"


def _refusal(status: int, sentence: str) -> Reply:
    reply = Reply.of({"sentence": sentence}, "application/json")
    reply.status = status
    return reply
